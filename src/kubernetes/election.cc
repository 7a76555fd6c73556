#include "src/kubernetes/election.h"

#include <algorithm>
#include <utility>

#include "src/core/mistakes.h"

namespace gsh::kubernetes {

using std::chrono::ceil;
using std::chrono::seconds;

Election::Election(const LeaderElectionOptions& options)
    : ns_(options.ns),
      name_(options.name),
      identity_(options.identity),
      lease_duration_(options.lease_duration),
      renew_deadline_(options.renew_deadline) {}

void Election::Observe(const Lease& lease, SteadyTime now) {
  const bool same =
      observed_ && observed_->holder == lease.holder && observed_->duration == lease.duration &&
      observed_->acquire_time == lease.acquire_time && observed_->renew_time == lease.renew_time &&
      observed_->transitions == lease.transitions;
  if (!same) observed_at_ = now;
  observed_ = lease;
  holder_ = lease.holder;
}

std::optional<Lease> Election::OnRead(const std::optional<Lease>& lease, SteadyTime now,
                                      WallTime wall) {
  if (!lease) {
    observed_.reset();
    return Lease{.ns = ns_,
                 .name = name_,
                 .holder = identity_,
                 .duration = ceil<seconds>(lease_duration_),
                 .acquire_time = wall,
                 .renew_time = wall};
  }
  Observe(*lease, now);
  const bool ours = lease->holder == identity_;
  if (!ours) held_ = false;
  const Duration valid = std::max<Duration>(lease->duration, seconds(1));
  if (!ours && !lease->holder.empty() && now < observed_at_ + valid) return std::nullopt;
  Lease next = *lease;
  next.holder = identity_;
  next.duration = ceil<seconds>(lease_duration_);
  next.renew_time = wall;
  if (!ours) {
    next.acquire_time = wall;
    ++next.transitions;
  }
  return next;
}

std::optional<Lease> Election::Renewal(WallTime wall) const {
  if (!held_ || !observed_ || observed_->holder != identity_) return std::nullopt;
  Lease next = *observed_;
  next.renew_time = wall;
  return next;
}

void Election::OnWritten(const Lease& lease, SteadyTime began, SteadyTime now) {
  Observe(lease, now);
  held_ = lease.holder == identity_;
  if (held_) deadline_ = began + renew_deadline_;
}

std::optional<Lease> Election::Release(WallTime wall) {
  if (!held_ || !observed_ || observed_->holder != identity_) return std::nullopt;
  held_ = false;
  Lease next = *observed_;
  next.holder.clear();
  next.duration = seconds(1);
  next.renew_time = wall;
  next.acquire_time = wall;
  return next;
}

Status CheckElectionOptions(const LeaderElectionOptions& options) {
  internal::Mistakes mistakes("leader election");
  mistakes.Check(!options.ns.empty(), "ns is empty");
  mistakes.Check(!options.name.empty(), "name is empty");
  mistakes.Check(!options.identity.empty(), "identity is empty");
  mistakes.Check(options.retry_period > Duration(0), "retry_period is not positive");
  mistakes.Check(options.renew_deadline > options.retry_period * 6 / 5,
                 "renew_deadline is not more than 1.2 retry_period");
  mistakes.Check(options.lease_duration > options.renew_deadline,
                 "lease_duration is not more than renew_deadline");
  mistakes.Check(options.lease_duration == std::chrono::floor<seconds>(options.lease_duration) &&
                     options.lease_duration <= std::chrono::hours(24),
                 "lease_duration is not in whole seconds up to a day");
  return mistakes.ToStatus();
}

}  // namespace gsh::kubernetes
