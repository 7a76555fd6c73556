#include "gsh/kubernetes/leader_election.h"

#include <array>
#include <mutex>
#include <optional>
#include <utility>

#include "src/core/await.h"
#include "src/kubernetes/election.h"
#include "src/kubernetes/turns.h"
#include "src/rpc/common/call_registry.h"

namespace gsh::kubernetes {
namespace {

using rpc::CallRegistry;

// How long the last act, giving the lease back, may take.
constexpr std::chrono::seconds kReleaseTimeout{5};

// A try is under way, or the timer for the next one runs.
class Candidate : public std::enable_shared_from_this<Candidate> {
 public:
  Candidate(Leases& leases, LeaderElectionOptions options)
      : leases_(leases),
        options_(std::move(options)),
        election_(options_),
        turns_(std::make_shared<Turns>(options_.executor)) {}

  void Try();
  void Stop();
  bool IsLeader() const {
    std::lock_guard lock(mutex_);
    return election_.Leads(options_.clock->SteadyNow());
  }

 private:
  using Frame = CallRegistry::Frame;

  // A leader whose request hangs has time for another one.
  CallOptions Options() const {
    return {.timeout = options_.renew_deadline / 2,
            .stop = stop_.get_token(),
            .executor = InlineExecutor()};
  }
  void OnRead(StatusOr<Lease> lease);
  enum class Step { kCreate, kUpdate, kRenew };
  void Write(Lease lease, Step step);
  void OnWritten(const StatusOr<Lease>& lease, Step step, SteadyTime began);
  void TryAgain(const Status& status);
  void RunAt(SteadyTime when, std::optional<Clock::TimerId>& timer, void (Candidate::*fn)());
  void OnDeadline();
  void Report();  // with mutex_ held: says what has changed
  void Cancel(std::optional<Clock::TimerId>& timer);
  void Say(LogLevel level, std::string_view message, const std::string& detail) const;

  Leases& leases_;
  const LeaderElectionOptions options_;
  std::stop_source stop_;
  CallRegistry registry_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Election election_;
  bool leading_ = false;  // as on_started and on_stopped were told
  std::string holder_;    // as on_new_leader was told
  std::optional<Clock::TimerId> next_try_;
  std::optional<Clock::TimerId> deadline_;

  const std::shared_ptr<Turns> turns_;
};

void Candidate::Try() {
  std::optional<Lease> renewal;
  {
    std::lock_guard lock(mutex_);
    renewal = election_.Renewal(options_.clock->Now());
  }
  if (renewal) return Write(*std::move(renewal), Step::kRenew);
  leases_.GetAsync(options_.ns, options_.name, Options(),
                   [self = shared_from_this()](StatusOr<Lease> lease) {
                     if (const Frame frame(self->registry_); frame) self->OnRead(std::move(lease));
                   });
}

void Candidate::OnRead(StatusOr<Lease> lease) {
  const bool missing = lease.status().code() == StatusCode::kNotFound;
  if (!lease.ok() && !missing) return TryAgain(lease.status());
  std::optional<Lease> next;
  {
    std::lock_guard lock(mutex_);
    next = election_.OnRead(missing ? std::nullopt : std::optional(*std::move(lease)),
                            options_.clock->SteadyNow(), options_.clock->Now());
    Report();
  }
  turns_->Start();
  if (!next) return TryAgain(OkStatus());
  Write(*std::move(next), missing ? Step::kCreate : Step::kUpdate);
}

void Candidate::Write(Lease lease, Step step) {
  const auto done = [self = shared_from_this(), step,
                     began = options_.clock->SteadyNow()](StatusOr<Lease> written) {
    if (const Frame frame(self->registry_); frame) self->OnWritten(written, step, began);
  };
  if (step == Step::kCreate) return leases_.CreateAsync(std::move(lease), Options(), done);
  leases_.UpdateAsync(std::move(lease), Options(), done);
}

void Candidate::OnWritten(const StatusOr<Lease>& lease, Step step, SteadyTime began) {
  bool began_to_lead = false;
  {
    std::lock_guard lock(mutex_);
    const bool led = leading_;
    if (lease.ok()) {
      election_.OnWritten(*lease, began, options_.clock->SteadyNow());
    } else {
      election_.OnConflict();  // it may have been written all the same
    }
    Report();
    began_to_lead = leading_ && !led;
  }
  turns_->Start();
  if (began_to_lead) {
    Cancel(deadline_);
    OnDeadline();
  }
  // Somebody else has written: a leader must know at once who leads.
  if (step == Step::kRenew && lease.status().code() == StatusCode::kAborted) return Try();
  TryAgain(lease.status());
}

void Candidate::TryAgain(const Status& status) {
  const bool raced =
      status.code() == StatusCode::kAborted || status.code() == StatusCode::kAlreadyExists;
  if (!status.ok() && !raced && !stop_.stop_requested()) {
    Say(LogLevel::kWarning, "leader election: no answer on the lease", status.ToString());
  }
  // Candidates spread their tries, a leader renews in time.
  const double spread = IsLeader() ? 0 : options_.rng->NextDouble() * 1.2;
  const auto period = static_cast<double>(options_.retry_period.count());
  RunAt(options_.clock->SteadyNow() + Duration(static_cast<Duration::rep>(period * (1 + spread))),
        next_try_, &Candidate::Try);
}

void Candidate::RunAt(SteadyTime when, std::optional<Clock::TimerId>& timer,
                      void (Candidate::*fn)()) {
  const Clock::TimerId id = options_.clock->RunAt(when, [self = shared_from_this(), fn] {
    if (const Frame frame(self->registry_); frame) ((*self).*fn)();
  });
  std::lock_guard lock(mutex_);
  timer = id;
}

void Candidate::OnDeadline() {
  std::optional<SteadyTime> next;
  {
    std::lock_guard lock(mutex_);
    Report();
    if (leading_) next = election_.deadline();
  }
  turns_->Start();
  if (next) RunAt(*next, deadline_, &Candidate::OnDeadline);
}

void Candidate::Report() {
  const bool leads = election_.Leads(options_.clock->SteadyNow());
  if (election_.holder() != holder_) {
    holder_ = election_.holder();
    if (options_.on_new_leader && !holder_.empty()) {
      turns_->Add(
          [self = shared_from_this(), holder = holder_] { self->options_.on_new_leader(holder); });
    }
  }
  if (leads == leading_) return;
  leading_ = leads;
  Say(LogLevel::kInfo, leads ? "leader election: leading" : "leader election: no longer leading",
      options_.identity);
  if (options_.metrics != nullptr) {
    const std::string lease = options_.ns + "/" + options_.name;
    const MetricLabel label{"lease", lease};
    options_.metrics->Set("gsh_leader", leads ? 1 : 0, {&label, 1});
  }
  turns_->Add([self = shared_from_this(), leads] {
    const auto& fn = leads ? self->options_.on_started : self->options_.on_stopped;
    if (fn) fn();
  });
}

void Candidate::Cancel(std::optional<Clock::TimerId>& timer) {
  std::optional<Clock::TimerId> taken;
  {
    std::lock_guard lock(mutex_);
    taken = std::exchange(timer, std::nullopt);
  }
  if (taken) options_.clock->Cancel(*taken);
}

void Candidate::Say(LogLevel level, std::string_view message, const std::string& detail) const {
  Log(options_.log, level, message,
      {{"lease", options_.ns + "/" + options_.name}, {"detail", detail}});
}

void Candidate::Stop() {
  stop_.request_stop();
  registry_.Close();
  Cancel(next_try_);
  Cancel(deadline_);
  std::optional<Lease> release;
  {
    std::lock_guard lock(mutex_);
    release = election_.Release(options_.clock->Now());
    Report();
  }
  turns_->Finish();
  if (!release || !options_.release_on_stop) return;
  const auto released = internal::Await<StatusOr<Lease>>(
      {.timeout = kReleaseTimeout}, [&](CallOptions options, auto done) {
        leases_.UpdateAsync(*std::move(release), std::move(options), std::move(done));
      });
  if (!released.ok()) {
    Say(LogLevel::kWarning, "leader election: the lease was not released",
        released.status().ToString());
  }
}

class LeaderElectorImpl final : public LeaderElector {
 public:
  explicit LeaderElectorImpl(std::shared_ptr<Candidate> candidate)
      : candidate_(std::move(candidate)) {}
  ~LeaderElectorImpl() override { candidate_->Stop(); }
  bool IsLeader() const override { return candidate_->IsLeader(); }

 private:
  const std::shared_ptr<Candidate> candidate_;
};

}  // namespace

StatusOr<std::unique_ptr<LeaderElector>> LeaderElector::Start(Leases& leases,
                                                              LeaderElectionOptions options) {
  if (Status status = CheckElectionOptions(options); !status.ok()) return status;
  if (options.executor == nullptr) options.executor = DefaultExecutor();
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  auto candidate = std::make_shared<Candidate>(leases, std::move(options));
  candidate->Try();
  return std::unique_ptr<LeaderElector>(std::make_unique<LeaderElectorImpl>(std::move(candidate)));
}

}  // namespace gsh::kubernetes
