// FailoverCall: one allocation, over as many endpoints as it takes.
#ifndef GSH_SRC_AGONES_FAILOVER_FAILOVER_CALL_H_
#define GSH_SRC_AGONES_FAILOVER_FAILOVER_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "gsh/agones/allocator.h"
#include "src/agones/failover/call_progress.h"
#include "src/agones/failover/failover_core.h"
#include "src/rpc/common/call_base.h"

namespace gsh::agones {

class FailoverCall final : public rpc::CallBase {
 public:
  using Done = std::function<void(StatusOr<Allocation>)>;

  FailoverCall(std::shared_ptr<FailoverCore> core, AllocationRequest request, CallOptions options,
               Done done);

  void Start();
  void Abandon() override;

 private:
  using Pick = EndpointBoard::Pick;
  using Result = std::shared_ptr<std::optional<Allocation>>;

  FailoverCall(std::shared_ptr<FailoverCore> core, AllocationRequest request, CallOptions options,
               Done done, Result allocation);

  void OnStop() override;
  void OnExecutor() override;
  void TryNext();
  CallOptions AttemptOptions() const;
  void OnAnswer(const Pick& pick, StatusOr<Allocation> answer);
  void Continue(const Pick& pick, const Status& failure, Outcome outcome);
  void Wait(const NextStep& step, const Status& failure);
  void OnTimer();
  void FinishFailed(const Status& last, RetryStop stop);
  void Finish(Status result);

  FailoverCore& core_;  // base_, which keeps it
  const AllocationRequest request_;
  const bool repeatable_;
  const Result allocation_;  // the caller's callback gets it

  // Attempts follow one another, so that these need no lock.
  CallProgress progress_;
  int attempts_ = 0;
  std::optional<Status> unclear_;    // the failure after which a server may have been taken
  std::optional<Status> no_server_;  // the answer of a cluster that has none

  // Guarded by mutex_.
  std::stop_source attempt_;
  bool stopped_ = false;  // by the caller
  bool waiting_ = false;  // for the next attempt
  std::optional<Clock::TimerId> timer_;
  std::optional<Status> result_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_FAILOVER_CALL_H_
