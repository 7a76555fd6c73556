#include "src/rpc/common/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace gsh::rpc {
namespace {

// OpenSSL counts in int.
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

bool IsDigit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::string Base64Encode(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) return {};
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > kMaxBytes) return std::nullopt;
  if (text.empty()) return std::string();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // OpenSSL would take blanks around it and padding within.
  if (!std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), IsDigit)) {
    return std::nullopt;
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);  // which it counts as zero bytes
  // The last digit may have bits that no byte takes; they must be zero.
  const std::size_t rest = padding == 0 ? 0 : 3 - padding;
  if (Base64Encode(std::string_view(bytes).substr(bytes.size() - rest)) !=
      text.substr(text.size() - (padding == 0 ? 0 : 4))) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> Base64DecodeLines(std::string_view text) {
  std::string packed;
  packed.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
               [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return Base64Decode(packed);
}

}  // namespace gsh::rpc
