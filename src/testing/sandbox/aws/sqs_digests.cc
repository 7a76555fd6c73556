#include "src/testing/sandbox/aws/sqs_digests.h"

#include <openssl/evp.h>

#include <cstdint>

#include "src/rpc/common/base64.h"

namespace gsh::testing::aws {
namespace {

std::string HexDigest(const EVP_MD* kind, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, kind, nullptr);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  return hex;
}

void AddWithLength(std::string& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xff);
  out += text;
}

}  // namespace

std::string Md5Hex(std::string_view text) { return HexDigest(EVP_md5(), text); }
std::string Sha256Hex(std::string_view text) { return HexDigest(EVP_sha256(), text); }

std::optional<std::string> AttributesMd5(const nlohmann::json& attributes) {
  std::string bytes;
  for (const auto& [name, attribute] : attributes.items()) {  // sorted by name
    if (!attribute.is_object()) return std::nullopt;
    const auto data_type = attribute.find("DataType");
    if (data_type == attribute.end() || !data_type->is_string()) return std::nullopt;
    const auto& type = data_type->get_ref<const std::string&>();
    const std::string kind = type.substr(0, type.find('.'));  // before the label
    const bool binary = kind == "Binary";
    if (!binary && kind != "String" && kind != "Number") return std::nullopt;
    const char* const member = binary ? "BinaryValue" : "StringValue";
    if (!attribute.contains(member) || !attribute[member].is_string()) return std::nullopt;
    std::optional<std::string> value = attribute[member].get<std::string>();
    if (binary) value = rpc::Base64Decode(*value);
    if (!value || value->empty()) return std::nullopt;
    AddWithLength(bytes, name);
    AddWithLength(bytes, type);
    bytes += binary ? '\2' : '\1';
    AddWithLength(bytes, *value);
  }
  return Md5Hex(bytes);
}

}  // namespace gsh::testing::aws
