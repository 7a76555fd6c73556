// WriteHint: keeps small messages of a server's stream together in one packet.
#ifndef GSH_SRC_RPC_WRITE_HINT_H_
#define GSH_SRC_RPC_WRITE_HINT_H_

#include <grpcpp/grpcpp.h>

#include <utility>

namespace gsh::rpc {

// One for each stream.
class WriteHint {
 public:
  // The options of the stream's next write; `more`: others wait behind it. Never a hint for the
  // first: gRPC 1.51 would hold back the initial metadata, whose completion the write waits for,
  // for ever.
  grpc::WriteOptions Next(bool more) {
    grpc::WriteOptions options;
    if (std::exchange(wrote_, true) && more) options.set_buffer_hint();
    return options;
  }

 private:
  bool wrote_ = false;  // the first message is on its way
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_WRITE_HINT_H_
