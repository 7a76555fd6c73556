// One Evaluator/Evaluate call: takes in the proposals, runs the function, streams what it accepts.
#ifndef GSH_SRC_OPENMATCH_EVALUATOR_RUN_H_
#define GSH_SRC_OPENMATCH_EVALUATOR_RUN_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gsh/openmatch/evaluator.h"
#include "src/openmatch/default_evaluation.h"
#include "src/openmatch/run_registry.h"
#include "src/rpc/write_hint.h"

namespace gsh::openmatch {

// Lives until both gRPC and its own thread are done with it.
class EvaluatorRun final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public std::enable_shared_from_this<EvaluatorRun> {
 public:
  // Begins a call; the reactor is for gRPC.
  static EvaluatorRun* Start(const EvaluatorServerOptions& options,
                             std::shared_ptr<RunRegistry> registry,
                             grpc::CallbackServerContext* context);

  EvaluatorRun(const EvaluatorServerOptions& options, std::shared_ptr<RunRegistry> registry,
               grpc::CallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // The proposal that was read; an error ends the call.
  Status Take();
  void StartThread();
  void Work();
  bool Accept(std::string_view match_id);
  bool Choose(std::string_view match_id);  // false: it may not be accepted
  bool Emit(const std::string& match_id);
  void End(const Status& status);
  void Measure(const Status& status) const;

  const EvaluatorServerOptions& options_;  // the server's, which outlives every run
  const std::shared_ptr<RunRegistry> registry_;
  grpc::CallbackServerContext* const context_;
  const SteadyTime started_;
  std::stop_source stop_;
  std::shared_ptr<EvaluatorRun> self_;  // gRPC's share, given up in OnDone

  // Of gRPC's reads, then of the function's thread alone.
  grpc::ByteBuffer read_;
  std::size_t bytes_ = 0;
  EvaluationRequest request_;
  std::unordered_map<std::string_view, std::size_t> by_id_;  // those that may be accepted
  UsedTickets used_;
  std::size_t accepted_ = 0;
  std::size_t refused_ = 0;

  std::mutex mutex_;
  std::deque<grpc::ByteBuffer> queue_;  // the front one is being written
  rpc::WriteHint write_hint_;
  bool gone_ = false;  // nobody reads any more
  bool ended_ = false;
  grpc::Status result_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_EVALUATOR_RUN_H_
