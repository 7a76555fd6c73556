#include "src/allocator_service/authenticator.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace gsh::allocator_service {
namespace {

using Verdict = AuthResult::Verdict;

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted:
      return "accepted";
    case Verdict::kMissing:
      return "missing";
    case Verdict::kWrong:
      return "wrong";
    case Verdict::kTooManyFailures:
      return "too_many_failures";
    case Verdict::kBusy:
      break;
  }
  return "busy";
}

}  // namespace

Authenticator::Authenticator(std::unique_ptr<UserSource> users, AuthenticatorOptions options)
    : options_(options),
      clock_(options.clock == nullptr ? SystemClock() : *options.clock),
      source_(std::move(users)),
      users_(source_->Get()),
      cache_(options.cache_capacity),
      failures_({.burst = static_cast<double>(std::max(1, options.failures_per_minute)),
                 .per_second = std::max(1, options.failures_per_minute) / 60.0}),
      queue_(options.hash_places) {}

void Authenticator::Check(const std::string* authorization, const std::string& client, Done done) {
  std::optional<Credentials> credentials =
      authorization == nullptr ? std::nullopt : ParseBasicAuth(*authorization);
  if (!credentials) return Tell(done, {.verdict = Verdict::kMissing});
  const Digest digest = cache_.DigestOf(*credentials);

  std::unique_lock lock(mutex_);
  RefreshLocked();
  if (cache_.Contains(digest)) {
    lock.unlock();
    return Tell(done, {.verdict = Verdict::kAccepted, .user = credentials->name});
  }
  if (const auto found = waiting_.find(digest); found != waiting_.end()) {
    found->second.push_back({client, std::move(done)});
    return;
  }
  if (const SteadyTime now = clock_.SteadyNow(); !failures_.Take(client, now)) {
    const Duration pause = failures_.Pause(client, now);
    lock.unlock();
    return Tell(done, {.verdict = Verdict::kTooManyFailures, .pause = pause});
  }
  const bool queued = queue_.Push(
      [this, digest, client, shared = std::make_shared<const Credentials>(*std::move(credentials))](
          PasswordChecker& checker) { Hash(checker, *shared, digest, client); });
  if (queued) {
    waiting_[digest].push_back({client, std::move(done)});
    return;
  }
  failures_.Return(client, clock_.SteadyNow());
  lock.unlock();
  Tell(done, {.verdict = Verdict::kBusy, .pause = std::chrono::seconds(1)});
}

void Authenticator::RefreshLocked() {
  std::shared_ptr<const Users> now = source_->Get();
  if (now == users_) return;
  users_ = std::move(now);
  cache_.Clear();  // who was removed, or has a new password, is out at once
}

void Authenticator::Hash(PasswordChecker& checker, const Credentials& credentials,
                         const Digest& digest, const std::string& payer) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::shared_ptr<const Users> users = users_;
    lock.unlock();
    const Users::Lookup user = users->Find(credentials.name);
    const bool matches = checker.Matches(credentials.password, user.hash);
    lock.lock();
    if (users == users_) return Settle(credentials, digest, payer, matches && user.known, lock);
    // The users changed meanwhile: this verdict may be out of date.
  }
}

void Authenticator::Settle(const Credentials& credentials, const Digest& digest,
                           const std::string& payer, bool right,
                           std::unique_lock<std::mutex>& lock) {
  if (right) {
    cache_.Add(digest);
    failures_.Return(payer, clock_.SteadyNow());
  }
  const std::vector<Waiting> waiting = std::move(waiting_[digest]);
  waiting_.erase(digest);
  lock.unlock();
  for (const Waiting& one : waiting) {
    Tell(one.done, right ? AuthResult{.verdict = Verdict::kAccepted, .user = credentials.name}
                         : AuthResult{.verdict = Verdict::kWrong});
  }
}

void Authenticator::Count(Verdict verdict) {
  if (options_.metrics == nullptr) return;
  const MetricLabel labels[] = {{"verdict", NameOf(verdict)}};
  options_.metrics->Add("gsh_allocator_service_logins_total", 1, labels);
}

void Authenticator::Tell(const Done& done, AuthResult result) {
  Count(result.verdict);
  done(std::move(result));
}

}  // namespace gsh::allocator_service
