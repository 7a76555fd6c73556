// ChannelSource: the channel that a client's calls go through, made anew when certificates change.
#ifndef GSH_SRC_RPC_CHANNEL_SOURCE_H_
#define GSH_SRC_RPC_CHANNEL_SOURCE_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <mutex>
#include <string>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/tls_material.h"

namespace gsh::rpc {

class ChannelSource {
 public:
  // Reads the files; does not connect. `options` has a clock; `extra` goes over our own arguments.
  static StatusOr<std::unique_ptr<ChannelSource>> Make(const ClientOptions& options,
                                                       const grpc::ChannelArguments& extra);

  // Looks at the files at most once a second. Bad new ones keep the old channel and are logged.
  std::shared_ptr<grpc::Channel> Get();
  const std::string& target() const { return target_; }

 private:
  ChannelSource(const ClientOptions& options, const grpc::ChannelArguments& arguments,
                std::unique_ptr<TlsSource> tls);

  const bool insecure_;
  const std::string target_;
  const grpc::ChannelArguments arguments_;
  const std::unique_ptr<TlsSource> tls_;

  std::mutex mutex_;
  std::shared_ptr<const TlsMaterial> material_;  // of channel_
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CHANNEL_SOURCE_H_
