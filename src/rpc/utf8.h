// Is a text UTF-8? Protobuf's strings must be, and peers refuse the whole message if one is not.
#ifndef GSH_SRC_RPC_UTF8_H_
#define GSH_SRC_RPC_UTF8_H_

#include <string_view>

namespace gsh::rpc {

// As RFC 3629, section 4 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_UTF8_H_
