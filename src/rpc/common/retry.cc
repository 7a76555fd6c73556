#include "src/rpc/common/retry.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>

namespace gsh::rpc {
namespace {

// Bounds what a server can make us wait; the call's own deadline is usually shorter.
constexpr std::int64_t kLongestPushBackMs = std::int64_t{24} * 3600 * 1000;

RetryDecision GiveUp(RetryStop why) { return {.delay = {}, .stop = why}; }

}  // namespace

RetryBudget::RetryBudget(const RetryOptions& options)
    : capacity_(options.budget), refill_(options.budget_refill), tokens_(options.budget) {}

bool RetryBudget::Take(double tokens) {
  if (capacity_ <= 0) return true;
  std::lock_guard lock(mutex_);
  if (tokens_ < tokens) return false;
  tokens_ -= tokens;
  return true;
}

void RetryBudget::Refund() { Refund(0); }

void RetryBudget::Refund(double taken) {
  if (capacity_ <= 0) return;
  std::lock_guard lock(mutex_);
  tokens_ = std::min(capacity_, tokens_ + (taken > 0 ? taken : refill_));
}

Duration BackoffDelay(const RetryOptions& options, int attempts, Rng& rng) {
  Duration cap = options.initial_backoff;
  for (int i = 1; i < attempts && cap < options.max_backoff; ++i) cap *= 2;
  cap = std::min(cap, options.max_backoff);
  return Duration(static_cast<Duration::rep>(rng.NextDouble() * static_cast<double>(cap.count())));
}

std::optional<PushBack> ParsePushBack(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  std::int64_t ms = 0;
  const char* const begin = value->data();
  const char* const end = begin + value->size();
  const auto [rest, error] = std::from_chars(begin, end, ms);
  if (error != std::errc() || rest != end || ms < 0) return PushBack{.forbids = true};
  return PushBack{.delay = std::chrono::milliseconds(std::min(ms, kLongestPushBackMs))};
}

RetryDecision DecideRetry(const FailedAttempt& attempt, const RetryOptions& options,
                          RetryBudget& budget, Rng& rng) {
  if (attempt.remaining && *attempt.remaining <= Duration(0)) return GiveUp(RetryStop::kDeadline);
  if (!attempt.transient) return GiveUp(RetryStop::kPermanent);
  if (attempt.push_back && attempt.push_back->forbids) return GiveUp(RetryStop::kPermanent);
  if (!attempt.may_repeat) return GiveUp(RetryStop::kNotIdempotent);
  if (options.max_attempts <= 1) return GiveUp(RetryStop::kNone);
  if (attempt.attempts >= options.max_attempts) return GiveUp(RetryStop::kExhausted);
  RetryOptions pauses = options;
  pauses.initial_backoff *= attempt.backoff_factor;
  const Duration delay =
      attempt.push_back ? attempt.push_back->delay : BackoffDelay(pauses, attempt.attempts, rng);
  if (attempt.remaining && delay >= *attempt.remaining) return GiveUp(RetryStop::kDeadline);
  if (!budget.Take(attempt.cost)) return GiveUp(RetryStop::kBudget);
  return {.delay = delay, .taken = attempt.cost};
}

bool IsTransientByDefault(const Status& status, bool pushed_back) {
  switch (status.code()) {
    case StatusCode::kUnavailable:
    case StatusCode::kAborted:
      return true;
    case StatusCode::kResourceExhausted:
      return pushed_back;
    case StatusCode::kInternal:
      return status.message().find("RST_STREAM") != std::string::npos;
    default:
      return false;
  }
}

}  // namespace gsh::rpc
