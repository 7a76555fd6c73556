// What all calls of one client share.
#ifndef GSH_SRC_RPC_CLIENT_CORE_H_
#define GSH_SRC_RPC_CLIENT_CORE_H_

#include <memory>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/call_registry.h"
#include "src/rpc/channel_source.h"
#include "src/rpc/client.h"
#include "src/rpc/method.h"
#include "src/rpc/retry.h"
#include "src/rpc/tls_diagnosis.h"

namespace gsh::rpc {

struct ClientCore {
  ClientCore(ClientOptions given, ClientTraits client_traits, std::unique_ptr<ChannelSource> source)
      : options(std::move(given)),
        traits(std::move(client_traits)),
        channels(std::move(source)),
        budget(options.retry) {}

  // Code for code, or as the traits say.
  Status MapStatus(const grpc::Status& status) const;
  bool IsTransient(const Status& status, bool pushed_back) const;
  bool DidNotHappen(const Status& status) const;
  // What to do after `status`; fills in whether it is transient.
  RetryDecision Decide(const Status& status, FailedAttempt failed);

  const ClientOptions options;
  const ClientTraits traits;
  const std::unique_ptr<ChannelSource> channels;
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
};

// Gives the error its ErrorInfo, and for a failed connection what is likely wrong with it.
Status Describe(ClientCore& core, const Status& status, const CallReport& report);
// gsh_rpc_calls_total, gsh_rpc_seconds, and a warning for a failure (a line for debugging if it is
// one that services give in the course of their work, such as NotFound).
void ReportCall(const ClientCore& core, const Status& status, const CallReport& report);
// gsh_rpc_retries_total, and a line for debugging.
void ReportRetry(const ClientCore& core, const Status& status, const CallReport& report,
                 Duration delay);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CLIENT_CORE_H_
