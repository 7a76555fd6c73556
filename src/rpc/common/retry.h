// The decisions of the retry loop, without the loop: when, how long to wait, and why not.
#ifndef GSH_SRC_RPC_COMMON_RETRY_H_
#define GSH_SRC_RPC_COMMON_RETRY_H_

#include <mutex>
#include <optional>
#include <string_view>

#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::rpc {

// Token bucket that all calls to one endpoint share, so that a dead endpoint is not flooded with
// retries.
class RetryBudget {
 public:
  explicit RetryBudget(const RetryOptions& options);

  bool Take(double tokens = 1);  // for a retry; false: too few are left
  void Refund();                 // a call succeeded
  // A call succeeded whose last retry took `taken`, which is given back; 0: as Refund().
  void Refund(double taken);

 private:
  const double capacity_;  // 0: no bound
  const double refill_;
  std::mutex mutex_;
  double tokens_;
};

// The pause before the retry that follows the `attempts`-th attempt (1 for the first): uniform in
// [0, min(max_backoff, initial_backoff * 2^(attempts-1))].
Duration BackoffDelay(const RetryOptions& options, int attempts, Rng& rng);

// The server's wish, from trailing metadata (gRPC proposal A6: grpc-retry-pushback-ms).
struct PushBack {
  bool forbids = false;  // negative, or not a number: do not retry
  Duration delay{0};
};
std::optional<PushBack> ParsePushBack(std::optional<std::string_view> value);

// What is known of a failed attempt.
struct FailedAttempt {
  bool transient = false;
  bool may_repeat = false;  // idempotent, or surely did not happen
  int attempts = 1;
  double cost = 1;         // of a retry, in tokens of the budget
  int backoff_factor = 1;  // of the pauses, their bound aside
  std::optional<PushBack> push_back = {};
  std::optional<Duration> remaining = {};  // of the whole call's time; empty: no limit
};

struct RetryDecision {
  std::optional<Duration> delay = {};  // empty: give up
  RetryStop stop = RetryStop::kNone;   // why, if so
  double taken = 0;                    // from the budget
};

RetryDecision DecideRetry(const FailedAttempt& attempt, const RetryOptions& options,
                          RetryBudget& budget, Rng& rng);

// Unavailable, Aborted, Internal of a broken stream, and what the server pushes back.
bool IsTransientByDefault(const Status& status, bool pushed_back);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_RETRY_H_
