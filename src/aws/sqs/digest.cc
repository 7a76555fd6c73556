#include "src/aws/sqs/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

namespace gsh::aws::sqs {
namespace {

void AppendSized(std::string_view text, std::string& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 255);
  out += text;
}

}  // namespace

std::string Md5(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    return {};
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i)
    text += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  return text;
}

bool IsBinary(const MessageAttribute& attribute) {
  return attribute.data_type == "Binary" || attribute.data_type.starts_with("Binary.");
}

std::string Md5OfAttributes(const MessageAttributes& attributes) {
  std::string bytes;
  for (const auto& [name, attribute] : attributes) {
    AppendSized(name, bytes);
    AppendSized(attribute.data_type, bytes);
    bytes += IsBinary(attribute) ? '\2' : '\1';
    AppendSized(attribute.value, bytes);
  }
  return Md5(bytes);
}

}  // namespace gsh::aws::sqs
