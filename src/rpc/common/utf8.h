// UTF-8. Protobuf's strings must be, and peers refuse the whole message if one is not.
#ifndef GSH_SRC_RPC_COMMON_UTF8_H_
#define GSH_SRC_RPC_COMMON_UTF8_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace gsh::rpc {

// As RFC 3629, section 4 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

// Of UTF-8: every byte that does not continue a character begins one.
inline std::size_t CharactersIn(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_UTF8_H_
