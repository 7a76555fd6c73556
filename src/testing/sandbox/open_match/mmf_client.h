// MmfClient: calls match functions, over one kept channel for each address.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_MMF_CLIENT_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_MMF_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "src/proto/openmatch.h"
#include "src/proto/serialised.h"

namespace gsh::sandbox {

// The channels of the real backend and synchronizer: keepalive and load balancing.
grpc::ChannelArguments WithKeepalive(grpc::ChannelArguments arguments);

// A run that was started.
class MmfRun {
 public:
  virtual ~MmfRun() = default;
  virtual void Cancel() = 0;  // harmless when it has ended
};

class MmfClient {
 public:
  // `arguments` come on top of the real backend's keepalive and load balancing.
  MmfClient(std::shared_ptr<grpc::ChannelCredentials> credentials,
            grpc::ChannelArguments arguments);

  // Runs the match function at `host`:`port`. The callbacks run on gRPC's threads, one at a time,
  // `on_done` last and once; they may run before this returns.
  std::shared_ptr<MmfRun> Run(const wire_openmatch::FunctionConfig& config,
                              wire_openmatch::RunRequest request,
                              std::function<void(std::unique_ptr<serialised::Match>)> on_proposal,
                              std::function<void(const grpc::Status&)> on_done);

 private:
  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);

  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  grpc::ChannelArguments arguments_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_MMF_CLIENT_H_
