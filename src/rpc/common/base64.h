// Base64 (RFC 4648, section 4).
#ifndef GSH_SRC_RPC_COMMON_BASE64_H_
#define GSH_SRC_RPC_COMMON_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace gsh::rpc {

std::string Base64Encode(std::string_view bytes);
// Exactly what Base64Encode writes, padding included; empty for anything else.
std::optional<std::string> Base64Decode(std::string_view text);
// The same with line breaks and blanks anywhere between, as files have it.
std::optional<std::string> Base64DecodeLines(std::string_view text);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_BASE64_H_
