#include "src/aws/credentials/cached_provider.h"

#include <array>
#include <utility>

#include "src/aws/credentials/credentials_call.h"
#include "src/core/mistakes.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

class CachedProvider final : public CredentialsProvider {
 public:
  explicit CachedProvider(std::shared_ptr<CredentialsCore> core) : core_(std::move(core)) {}
  ~CachedProvider() override { core_->Close(); }

  void GetAsync(CallOptions options, Callback done) override {
    if (const auto ready = core_->Ask(nullptr)) return done(*ready);
    std::make_shared<CredentialsCall>(core_, std::move(options), std::move(done))->Start();
  }
  void Reject(const Credentials& credentials) override { core_->Reject(credentials); }

 private:
  const std::shared_ptr<CredentialsCore> core_;
};

Status SlowSource() { return UnavailableError("the source of credentials does not answer"); }

Status CheckOptions(const CredentialCacheOptions& options) {
  constexpr Duration kNone{0};
  const RetryOptions& backoff = options.backoff;
  internal::Mistakes mistakes("credentials");
  mistakes.Check(options.refresh_before >= kNone, "refresh_before is negative");
  mistakes.Check(options.wait_before >= kNone, "wait_before is negative");
  mistakes.Check(options.fetch_timeout > kNone, "fetch_timeout is not positive");
  mistakes.Check(options.timeout >= kNone, "timeout is negative");
  mistakes.Check(backoff.initial_backoff > kNone, "backoff.initial_backoff is not positive");
  mistakes.Check(backoff.max_backoff >= backoff.initial_backoff,
                 "backoff.max_backoff is less than backoff.initial_backoff");
  return mistakes.ToStatus();
}

}  // namespace

CredentialsCore::CredentialsCore(std::unique_ptr<CredentialSource> source, ClientOptions client,
                                 CredentialCacheOptions cache)
    : ClientBase(std::move(client), {}), cache_(std::move(cache)), source_(std::move(source)) {}

std::optional<CredentialsCore::Result> CredentialsCore::Ask(
    const std::shared_ptr<CredentialsCall>& call) {
  std::optional<Result> result;
  {
    std::lock_guard lock(mutex_);
    const Age age = kept_ ? kept_->AgeNow(*options.clock) : Age::kExpired;
    const bool good = kept_ && age != Age::kExpired;
    const bool due = age != Age::kFresh || rejected_;
    const bool begin = due && MayFetch() && !fetching_;
    if (good && (!due || (age == Age::kRefresh && !rejected_))) {
      result = kept_->get();
    } else if (!begin && (!fetching_ || overdue_fetch_)) {
      result = Fallback(failure_);  // the source is left alone, or slow
    } else if (call == nullptr) {
      return std::nullopt;  // a call that can wait begins the fetch
    } else {
      waiting_.push_back(call);
    }
    if (!begin) return result;
    fetching_ = true;
    ++fetches_;
    overdue_fetch_ = false;
    fetch_stop_ = std::stop_source();
  }
  BeginFetch();
  return result;
}

bool CredentialsCore::MayFetch() const { return options.clock->SteadyNow() >= quiet_until_; }

// No lock is held: the source may answer at once.
void CredentialsCore::BeginFetch() {
  const rpc::CallRegistry::Frame frame(registry);
  if (!frame) return;
  std::uint64_t fetch = 0;
  std::stop_token stop;
  {
    std::lock_guard lock(mutex_);
    fetch = fetches_;
    stop = fetch_stop_.get_token();
  }
  const auto overdue = [weak = weak_from_this(), fetch] {
    if (const auto self = weak.lock()) self->OnOverdue(fetch);
  };
  const Clock::TimerId id = options.clock->RunAfter(cache_.fetch_timeout, overdue);
  {
    std::lock_guard lock(mutex_);
    overdue_ = id;
  }
  source_->FetchAsync(std::move(stop), [self = shared_from_this()](StatusOr<Fetched> fetched) {
    self->OnFetched(std::move(fetched));
  });
}

// Who waits is told; what the source gives later is taken all the same. A timer may run although it
// was cancelled: `fetch` says whose it is.
void CredentialsCore::OnOverdue(std::uint64_t fetch) {
  const rpc::CallRegistry::Frame frame(registry);
  if (!frame) return;
  Waiting waiting;
  std::optional<Result> result;
  std::stop_source stop;
  {
    std::lock_guard lock(mutex_);
    if (!fetching_ || fetch != fetches_) return;
    overdue_fetch_ = true;
    stop = fetch_stop_;
    failure_ = SlowSource();
    result = Fallback(failure_);
    waiting.swap(waiting_);
  }
  Report(SlowSource());
  for (const auto& call : waiting) call->Finish(*result);
  stop.request_stop();
}

void CredentialsCore::OnFetched(StatusOr<Fetched> fetched) {
  const rpc::CallRegistry::Frame frame(registry);
  if (!frame) return;
  Waiting waiting;
  std::optional<Result> result;
  std::optional<Clock::TimerId> overdue;
  std::optional<Result> given;
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    fetching_ = false;
    // By us, and reported then: what it says of it is no news.
    stopped = overdue_fetch_ && fetched.status().code() == StatusCode::kCancelled;
    if (stopped) fetched = SlowSource();
    overdue = std::exchange(overdue_, std::nullopt);
    given = Settle(std::move(fetched));
    result = given->ok() ? given : Fallback(given->status());
    waiting.swap(waiting_);
  }
  if (overdue) options.clock->Cancel(*overdue);
  if (!stopped) Report(*given);
  for (const auto& call : waiting) call->Finish(*result);
}

CredentialsCore::Result CredentialsCore::Settle(StatusOr<Fetched> fetched) {
  if (!fetched.ok()) {
    failure_ = fetched.status();
    BackOff();
    return failure_;
  }
  const auto expiration = fetched->credentials.expiration;
  const bool same = kept_ && kept_->SameAs(fetched->credentials);
  KeptCredentials kept(*std::move(fetched), cache_, *options.clock, *options.rng);
  if (kept.AgeNow(*options.clock) == Age::kExpired) {
    const std::string& source = kept.get()->source;
    failure_ = UnavailableError("credentials" + (source.empty() ? "" : " from " + source) +
                                " expired at " + internal::FormatUtcTime(*expiration) +
                                " when they came: is this machine's clock right?");
    BackOff();
    return failure_;
  }
  if (rejected_ && same) {  // asking again at once would give the same
    BackOff();
  } else {
    failures_ = 0;
    quiet_until_ = {};
  }
  rejected_ = false;
  failure_ = OkStatus();
  kept_ = std::move(kept);
  return kept_->get();
}

// Never less than half the pause: a full jitter may be no pause at all.
void CredentialsCore::BackOff() {
  ++failures_;
  RetryOptions half = cache_.backoff;
  half.initial_backoff /= 2;
  half.max_backoff /= 2;
  Duration least = half.initial_backoff;
  for (int i = 1; i < failures_ && least < half.max_backoff; ++i) least *= 2;
  quiet_until_ = options.clock->SteadyNow() + std::min(least, half.max_backoff) +
                 rpc::BackoffDelay(half, failures_, *options.rng);
}

// The last credentials while they are good, even if they were refused: there are no others.
std::optional<CredentialsCore::Result> CredentialsCore::Fallback(const Status& failure) const {
  if (kept_ && kept_->AgeNow(*options.clock) != Age::kExpired) return kept_->get();
  if (!failure.ok()) return failure;
  return Result(UnavailableError("the credentials have expired"));
}

void CredentialsCore::Forget(const CredentialsCall& call) {
  std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [&](const auto& waiting) { return waiting.get() == &call; });
}

void CredentialsCore::Reject(const Credentials& credentials) {
  std::lock_guard lock(mutex_);
  if (kept_ && kept_->SameAs(credentials)) rejected_ = true;
}

void CredentialsCore::Close() {
  registry.Close();  // first: a source that stops is no failure then
  std::stop_source stop;
  std::optional<Clock::TimerId> overdue;
  {
    std::lock_guard lock(mutex_);
    stop = fetch_stop_;
    overdue = std::exchange(overdue_, std::nullopt);
  }
  stop.request_stop();
  if (overdue) options.clock->Cancel(*overdue);
  source_ = nullptr;
  Waiting waiting;  // each holds this
  std::lock_guard lock(mutex_);
  waiting.swap(waiting_);
}

void CredentialsCore::Report(const Result& result) const {
  if (options.metrics != nullptr) {
    const std::array<MetricLabel, 1> labels{
        {{"code", StatusCodeName(result.ok() ? StatusCode::kOk : result.status().code())}}};
    options.metrics->Add("gsh_aws_credentials_refreshes_total", 1, labels);
    if (result.ok() && (*result)->expiration) {
      const Duration since_epoch = (*result)->expiration->time_since_epoch();
      options.metrics->Set("gsh_aws_credentials_expiry_seconds",
                           std::chrono::duration<double>(since_epoch).count(), {});
    }
  }
  if (!result.ok()) {
    Log(options.log, LogLevel::kWarning, "no new AWS credentials",
        {{"error", result.status().message()}});
    return;
  }
  const auto& expiration = (*result)->expiration;
  Log(options.log, LogLevel::kDebug, "new AWS credentials",
      {{"source", (*result)->source},
       {"expire", expiration ? internal::FormatUtcTime(*expiration) : "never"}});
}

StatusOr<std::shared_ptr<CredentialsProvider>> MakeCachedProvider(
    std::unique_ptr<CredentialSource> source, CredentialCacheOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  ClientOptions client{.timeout = options.timeout,
                       .executor = options.executor,
                       .clock = options.clock,
                       .rng = options.rng,
                       .log = options.log,
                       .metrics = options.metrics};
  rpc::FillDefaults(client);
  auto core =
      std::make_shared<CredentialsCore>(std::move(source), std::move(client), std::move(options));
  return std::shared_ptr<CredentialsProvider>(std::make_shared<CachedProvider>(std::move(core)));
}

}  // namespace gsh::aws
