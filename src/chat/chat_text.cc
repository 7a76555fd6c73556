#include "src/chat/chat_text.h"

namespace gsh::chat {
namespace {

void AppendOctal(unsigned char byte, std::string& out) {
  out += '\\';
  out += static_cast<char>('0' + (byte >> 6));
  out += static_cast<char>('0' + (byte >> 3 & 7));
  out += static_cast<char>('0' + (byte & 7));
}

}  // namespace

std::string UserName(int user) { return "<user" + std::to_string(user) + ">"; }

std::string JoinedText(int user, const std::string& address,
                       const std::map<int, std::string>& others) {
  std::string text = "<announce> " + address + " is connected as " + UserName(user) +
                     ".\n<announce> already connected: ";
  const char* separator = "";
  for (const auto& [other, other_address] : others) {
    text += separator + other_address + " as " + UserName(other);
    separator = ", ";
  }
  return text + (others.empty() ? "nobody.\n" : ".\n");
}

std::string LeftText(int user) { return "<announce> " + UserName(user) + " is disconnected.\n"; }

std::string LineText(int user, std::string_view line) {
  std::string text = UserName(user) + " ";
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool line_end = byte == '\r' && i + 1 == line.size();
    if ((byte >= ' ' && byte < 0x7f) || byte == '\t' || line_end) {
      text += line[i];
    } else {
      AppendOctal(byte, text);
    }
  }
  return text + '\n';
}

}  // namespace gsh::chat
