#include "src/agones/failover/call_progress.h"

#include <algorithm>

#include "gsh/agones/allocation_identity.h"

namespace gsh::agones {
namespace {

constexpr NextStep GiveUp(RetryStop why) { return {.kind = NextStep::Kind::kGiveUp, .stop = why}; }

}  // namespace

Outcome OutcomeOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::kResourceExhausted:
      return Outcome::kNoServer;
    case StatusCode::kAborted:
      return Outcome::kContention;
    case StatusCode::kUnavailable:
      return SurelyNothingTaken(status) ? Outcome::kNotSent : Outcome::kUnclear;
    case StatusCode::kCancelled:  // by the server's side: the caller's wish is looked at before
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kInternal:
      return Outcome::kUnclear;
    default:
      return Outcome::kSettled;
  }
}

NextStep CallProgress::After(Outcome outcome, std::size_t endpoint) {
  switch (outcome) {
    case Outcome::kSettled:
      break;
    case Outcome::kNoServer:
      return AfterNoServer(endpoint);
    case Outcome::kContention:
      return NewRound(NextStep::Kind::kTryAfterBackoff);
    case Outcome::kNotSent:
      return Elsewhere(endpoint);
    case Outcome::kUnclear:
      return AfterUnclear(endpoint);
  }
  return GiveUp(RetryStop::kPermanent);
}

NextStep CallProgress::AfterNoServer(std::size_t endpoint) {
  heard_of_no_server_ = true;
  exhausted_[endpoint] = true;
  // No server there carries the identity.
  if (!traits_.separate_clusters || pinned_ == endpoint) {
    maybe_taken_ = false;
    pinned_.reset();
    excluded_ = exhausted_;
  }
  if (!traits_.separate_clusters) return GiveUp(RetryStop::kPermanent);
  return Elsewhere(endpoint);
}

NextStep CallProgress::AfterUnclear(std::size_t endpoint) {
  maybe_taken_ = true;
  if (!traits_.repeatable) return GiveUp(RetryStop::kNotIdempotent);
  if (traits_.separate_clusters) pinned_ = endpoint;
  const NextStep step = NewRound(NextStep::Kind::kTryAfterUnclearPause);
  // Rather elsewhere, if there is such a place.
  if (!pinned_ && excluded_.size() > 1) Exclude(endpoint);
  return step;
}

NextStep CallProgress::Elsewhere(std::size_t endpoint) {
  Exclude(endpoint);
  if (!AllExcluded()) return {.kind = NextStep::Kind::kTryNow};
  // Every cluster within reach has answered that it has none.
  if (heard_of_no_server_ && !pinned_) return GiveUp(RetryStop::kPermanent);
  return NewRound(NextStep::Kind::kTryAfterBackoff);
}

NextStep CallProgress::NewRound(NextStep::Kind kind) {
  if (round_ >= traits_.max_rounds) return GiveUp(RetryStop::kExhausted);
  ++round_;
  excluded_ = exhausted_;
  if (pinned_) {
    std::fill(excluded_.begin(), excluded_.end(), true);
    excluded_[*pinned_] = false;
  }
  return {.kind = kind};
}

bool CallProgress::AllExcluded() const {
  return std::all_of(excluded_.begin(), excluded_.end(), [](bool excluded) { return excluded; });
}

}  // namespace gsh::agones
