// EvaluatorClient: asks an evaluator on the network (open-match v1.8:
// internal/app/synchronizer/evaluator_client.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_CLIENT_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/proto/serialised.h"

namespace gsh::sandbox {

class EvaluatorClient {
 public:
  // `address`: "host:port"; connects when it is first asked.
  EvaluatorClient(const std::string& address,
                  const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                  grpc::ChannelArguments arguments);

  // Indices of the accepted proposals, in the evaluator's order. Blocks until it has ended, without
  // limit, as the real one, or `stop` (Cancelled). Unknown: the call failed, or it accepted an id
  // that no proposal has, or one twice.
  StatusOr<std::vector<std::size_t>> Evaluate(std::span<const serialised::Match* const> proposals,
                                              std::stop_token stop);

 private:
  const std::string address_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_CLIENT_H_
