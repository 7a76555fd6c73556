#include "src/rpc/common/client_base.h"

#include <array>
#include <string>
#include <utility>

namespace gsh::rpc {
namespace {

std::string LabelOf(const Status& status) {
  const ErrorInfo* info = status.info();
  const bool outside_enum = info != nullptr && !info->name.empty() &&
                            info->name.find_first_not_of("0123456789") == std::string::npos;
  return outside_enum ? info->name : std::string(StatusCodeName(status.code()));
}

// What services answer in the course of their work is no news: the caller has it.
LogLevel LevelOf(StatusCode code) {
  switch (code) {
    case StatusCode::kCancelled:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kResourceExhausted:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kOutOfRange:
      return LogLevel::kDebug;
    default:
      return LogLevel::kWarning;
  }
}

std::string Seconds(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count());
}

}  // namespace

bool ClientBase::IsTransient(const Status& status, bool pushed_back) const {
  if (rules.is_transient) return rules.is_transient(status);
  return IsTransientByDefault(status, pushed_back);
}

bool ClientBase::DidNotHappen(const Status& status) const {
  return rules.did_not_happen && rules.did_not_happen(status);
}

RetryDecision ClientBase::Decide(const Status& status, FailedAttempt failed) {
  if (!failed.transient) failed.transient = IsTransient(status, failed.push_back.has_value());
  if (rules.cost) failed.cost = rules.cost(status);
  if (rules.backoff_factor) failed.backoff_factor = rules.backoff_factor(status);
  RetryDecision decision = DecideRetry(failed, options.retry, budget, *options.rng);
  // gRPC may see the deadline a moment before our clock does.
  if (decision.stop == RetryStop::kPermanent && status.code() == StatusCode::kDeadlineExceeded) {
    decision.stop = RetryStop::kDeadline;
  }
  return decision;
}

Status Describe(ClientBase& core, const Status& status, const CallReport& report) {
  ErrorInfo info = status.info() != nullptr ? *status.info() : ErrorInfo{};
  info.service = report.method.service;
  info.operation = report.method.operation;
  info.peer = report.peer.empty() ? core.options.endpoint : report.peer;
  info.attempts = report.attempts;
  info.elapsed = report.elapsed;
  info.retry_stop = report.stop;
  std::string message = status.message();
  if (status.code() == StatusCode::kUnavailable) {
    const std::string cause = core.tls_diagnosis.Of(core.options, message);
    // Of a call that failed because another one did, that one has said so.
    const bool said = message.find(cause) != message.npos;
    if (!cause.empty() && !said) message += " (likely: " + cause + ")";
  }
  return Status(status.code(), std::move(message), std::move(info));
}

void ReportCall(const ClientBase& core, const Status& status, const CallReport& report) {
  if (MetricsSink* metrics = core.options.metrics; metrics != nullptr) {
    const std::string code = LabelOf(status);
    const std::array<MetricLabel, 3> labels{{{"service", report.method.service},
                                             {"operation", report.method.operation},
                                             {"code", code}}};
    metrics->Add("gsh_rpc_calls_total", 1, labels);
    metrics->Observe("gsh_rpc_seconds", std::chrono::duration<double>(report.elapsed).count(),
                     std::span(labels).first(2));
  }
  if (status.ok()) return;
  const LogLevel level = LevelOf(status.code());
  LogSink* log = core.options.log;
  if (log == nullptr || !log->Enabled(level)) return;
  Log(log, level, "call failed",
      {{"service", report.method.service},
       {"operation", report.method.operation},
       {"peer", report.peer.empty() ? core.options.endpoint : report.peer},
       {"code", LabelOf(status)},
       {"error", status.message()},
       {"attempts", std::to_string(report.attempts)},
       {"seconds", Seconds(report.elapsed)},
       {"retry_stop", std::string(RetryStopName(report.stop))}});
}

void ReportRetry(const ClientBase& core, const Status& status, const CallReport& report,
                 Duration delay) {
  if (MetricsSink* metrics = core.options.metrics; metrics != nullptr) {
    const std::array<MetricLabel, 2> labels{
        {{"service", report.method.service}, {"operation", report.method.operation}}};
    metrics->Add("gsh_rpc_retries_total", 1, labels);
  }
  LogSink* log = core.options.log;
  if (log == nullptr || !log->Enabled(LogLevel::kDebug)) return;
  Log(log, LogLevel::kDebug, "call is repeated",
      {{"service", report.method.service},
       {"operation", report.method.operation},
       {"peer", report.peer.empty() ? core.options.endpoint : report.peer},
       {"code", LabelOf(status)},
       {"error", status.message()},
       {"attempts", std::to_string(report.attempts)},
       {"delay_seconds", Seconds(delay)}});
}

}  // namespace gsh::rpc
