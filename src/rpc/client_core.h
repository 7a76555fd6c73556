// What all calls of one gRPC client share.
#ifndef GSH_SRC_RPC_CLIENT_CORE_H_
#define GSH_SRC_RPC_CLIENT_CORE_H_

#include <memory>
#include <utility>

#include "gsh/options.h"
#include "src/rpc/channel_source.h"
#include "src/rpc/client.h"
#include "src/rpc/common/client_base.h"
#include "src/rpc/status_conversion.h"

namespace gsh::rpc {

struct ClientCore : ClientBase {
  ClientCore(ClientOptions given, ClientTraits client_traits, std::unique_ptr<ChannelSource> source)
      : ClientBase(std::move(given), client_traits.retry_rules()),
        traits(std::move(client_traits)),
        channels(std::move(source)) {}

  // Code for code, or as the traits say.
  Status MapStatus(const grpc::Status& status) const {
    return traits.map_status ? traits.map_status(status) : FromGrpc(status);
  }

  const ClientTraits traits;
  const std::unique_ptr<ChannelSource> channels;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CLIENT_CORE_H_
