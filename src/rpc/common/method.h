// What the retry loop must know of each RPC.
#ifndef GSH_SRC_RPC_COMMON_METHOD_H_
#define GSH_SRC_RPC_COMMON_METHOD_H_

#include <string>

namespace gsh::rpc {

enum class Idempotency {
  kIdempotent,  // may be repeated after any transient failure
  kOnce,        // repeated only when the failed call surely never reached the server's handler
};

// One row of a service's table.
struct Method {
  const char* service = "";    // "openmatch.FrontendService"
  const char* operation = "";  // "CreateTicket"
  Idempotency idempotency = Idempotency::kIdempotent;

  std::string Path() const { return std::string("/") + service + "/" + operation; }
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_METHOD_H_
