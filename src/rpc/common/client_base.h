// What all calls of one client share, whatever carries them.
#ifndef GSH_SRC_RPC_COMMON_CLIENT_BASE_H_
#define GSH_SRC_RPC_COMMON_CLIENT_BASE_H_

#include <functional>
#include <string>
#include <utility>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/call_registry.h"
#include "src/rpc/common/method.h"
#include "src/rpc/common/retry.h"
#include "src/rpc/common/tls_diagnosis.h"

namespace gsh::rpc {

// Every check that all clients' options have in common, each mistake named.
Status CheckClientOptions(const ClientOptions& options);
// Puts the defaults in the place of null members.
void FillDefaults(ClientOptions& options);

// What a service's errors mean for the retry loop.
struct RetryRules {
  // Null: Unavailable, ResourceExhausted with server push-back, Aborted and Internal "RST_STREAM"
  // are transient.
  std::function<bool(const Status&)> is_transient = {};
  // Failures after which the server has surely done nothing: transient ones among them are repeated
  // even if the method is not idempotent. Null: none.
  std::function<bool(const Status&)> did_not_happen = {};
  // How many tokens of the budget a retry after such a failure takes; a success gives back what its
  // call's last retry took. Null: 1, and options.retry.budget_refill.
  std::function<double(const Status&)> cost = {};
  // By how much the pauses after such a failure are longer. Null: 1.
  std::function<int(const Status&)> backoff_factor = {};
};

struct ClientBase {
  ClientBase(ClientOptions given, RetryRules retry_rules)
      : options(std::move(given)), rules(std::move(retry_rules)), budget(options.retry) {}

  bool IsTransient(const Status& status, bool pushed_back) const;
  bool DidNotHappen(const Status& status) const;
  // What to do after `status`; fills in what the rules say of it, but what is transient already
  // stays so.
  RetryDecision Decide(const Status& status, FailedAttempt failed);
  // A call succeeded; `taken` by its last retry.
  void Refund(double taken) { rules.cost ? budget.Refund(taken) : budget.Refund(); }

  const ClientOptions options;  // null members are replaced by the defaults
  const RetryRules rules;
  RetryBudget budget;
  CallRegistry registry;
  TlsDiagnosis tls_diagnosis;
};

// How a call went, for its error, the metrics and the log.
struct CallReport {
  const Method& method;
  int attempts = 0;
  Duration elapsed{0};
  RetryStop stop = RetryStop::kNone;
  std::string peer = {};  // empty: the client's endpoint
};

// Gives the error its ErrorInfo, and for a failed connection what is likely wrong with it.
Status Describe(ClientBase& core, const Status& status, const CallReport& report);
// gsh_rpc_calls_total, gsh_rpc_seconds, and a warning for a failure (a line for debugging if it is
// one that services give in the course of their work, such as NotFound).
void ReportCall(const ClientBase& core, const Status& status, const CallReport& report);
// gsh_rpc_retries_total, and a line for debugging.
void ReportRetry(const ClientBase& core, const Status& status, const CallReport& report,
                 Duration delay);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_CLIENT_BASE_H_
