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
#include "src/rpc/file_watch.h"

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
  ChannelSource(const ClientOptions& options, const grpc::ChannelArguments& arguments);
  Status Load();
  void Reload();

  const TlsOptions tls_;
  const std::string target_;
  const grpc::ChannelArguments arguments_;
  Clock* const clock_;
  LogSink* const log_;
  MetricsSink* const metrics_;

  std::mutex mutex_;
  FileWatch watch_;
  std::string digest_;
  std::string refused_;  // why the files were refused that are there now
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CHANNEL_SOURCE_H_
