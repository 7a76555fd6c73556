#include "src/agones/health_pinger.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "src/proto/agones.h"
#include "src/rpc/reconnect.h"

namespace gsh::agones {
namespace {

constexpr Duration kShortestInterval = std::chrono::milliseconds(10);

}  // namespace

// Owned by the pinger and by what is under way: timers hold it weakly, streams until they are done.
class HealthPinger::State : public std::enable_shared_from_this<State> {
 public:
  State(std::function<std::shared_ptr<grpc::Channel>()> channel, ClientOptions options)
      : channel_(std::move(channel)), options_(std::move(options)), reconnect_(options_) {}

  void Start(Duration interval);
  void Stop();

 private:
  class Stream;

  void Tick(std::unique_lock<std::mutex>& lock);
  void OnPinged(const Stream* stream);
  void OnClosed(const Stream* stream, const grpc::Status& status);
  void Schedule(Duration delay, std::unique_lock<std::mutex>& lock);
  void OnTimer(std::uint64_t round);

  const std::function<std::shared_ptr<grpc::Channel>()> channel_;
  const ClientOptions options_;
  std::mutex mutex_;
  Duration interval_{0};
  bool running_ = false;
  rpc::Reconnect reconnect_;
  bool broken_ = false;  // and said so: no stream has taken a ping since
  Clock::TimerId timer_ = 0;
  std::uint64_t timer_round_ = 0;  // which timer is the valid one
  int scheduling_ = 0;             // threads that use the clock without the lock
  std::condition_variable idle_;
  std::shared_ptr<Stream> stream_;
};

// One Health call. Lives until gRPC is done with it; only Open, Ping and Cancel are called by
// State, with its mutex held, so that no operation starts after the hold is gone.
class HealthPinger::State::Stream final : public grpc::ClientWriteReactor<wire_sdk::Empty> {
 public:
  Stream(std::shared_ptr<State> state, const std::shared_ptr<grpc::Channel>& channel)
      : state_(std::move(state)), stub_(wire_sdk::SDK::NewStub(channel)) {}

  void Open(std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    stub_->async()->Health(&context_, &response_, this);
    AddHold();
    StartCall();
  }
  // False if the ping before has not gone out yet.
  bool Ping() {
    if (writing_) return false;
    writing_ = true;
    StartWrite(&ping_);
    return true;
  }
  void Cancel() {
    context_.TryCancel();
    Release();
  }
  // Lets gRPC finish the call.
  void Release() {
    if (std::exchange(held_, false)) RemoveHold();
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(state_->mutex_);
    writing_ = false;
    if (ok) {
      state_->OnPinged(this);
    } else {
      Release();
    }
  }
  // No headers: the call has failed, perhaps while no ping was under way.
  void OnReadInitialMetadataDone(bool ok) override {
    if (ok) return;
    std::lock_guard lock(state_->mutex_);
    Release();
  }
  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<Stream> self = std::move(self_);
    state_->OnClosed(this, status);
  }

 private:
  const std::shared_ptr<State> state_;
  const std::unique_ptr<wire_sdk::SDK::Stub> stub_;
  grpc::ClientContext context_;
  const wire_sdk::Empty ping_;
  wire_sdk::Empty response_;
  bool writing_ = false;
  bool held_ = true;
  std::shared_ptr<Stream> self_;
};

void HealthPinger::State::Start(Duration interval) {
  std::unique_lock lock(mutex_);
  interval_ = std::max(interval, kShortestInterval);
  if (std::exchange(running_, true)) return;
  broken_ = false;
  Tick(lock);
}

void HealthPinger::State::Stop() {
  std::unique_lock lock(mutex_);
  if (std::exchange(running_, false)) {
    ++timer_round_;
    options_.clock->Cancel(timer_);
    if (stream_ != nullptr) std::exchange(stream_, nullptr)->Cancel();
  }
  idle_.wait(lock, [this] { return scheduling_ == 0; });
}

// Lets the lock go meanwhile, for a clock may run a timer that is due at once on this thread.
void HealthPinger::State::Schedule(Duration delay, std::unique_lock<std::mutex>& lock) {
  const std::uint64_t round = ++timer_round_;
  const Clock::TimerId previous = timer_;
  ++scheduling_;
  lock.unlock();
  options_.clock->Cancel(previous);
  const Clock::TimerId timer = options_.clock->RunAfter(delay, [weak = weak_from_this(), round] {
    if (const auto self = weak.lock()) self->OnTimer(round);
  });
  lock.lock();
  if (round == timer_round_) timer_ = timer;
  if (--scheduling_ == 0) idle_.notify_all();
}

void HealthPinger::State::OnTimer(std::uint64_t round) {
  std::unique_lock lock(mutex_);
  if (running_ && round == timer_round_) Tick(lock);
}

void HealthPinger::State::Tick(std::unique_lock<std::mutex>& lock) {
  if (stream_ != nullptr && !stream_->Ping()) {
    Log(options_.log, LogLevel::kWarning, "health stream took no ping for an interval, reopening");
    std::exchange(stream_, nullptr)->Cancel();
  }
  if (stream_ == nullptr) {
    reconnect_.Opened();
    stream_ = std::make_shared<Stream>(shared_from_this(), channel_());
    stream_->Open(stream_);
    stream_->Ping();
  }
  Schedule(interval_, lock);
}

void HealthPinger::State::OnPinged(const Stream* stream) {
  if (stream != stream_.get() || !std::exchange(broken_, false)) return;
  Log(options_.log, LogLevel::kInfo, "health pings reach the side-car again");
}

void HealthPinger::State::OnClosed(const Stream* stream, const grpc::Status& status) {
  std::unique_lock lock(mutex_);
  if (!running_ || stream != stream_.get()) return;
  stream_ = nullptr;
  if (!std::exchange(broken_, true)) {
    Log(options_.log, LogLevel::kWarning, "health stream broke, reopening",
        {{"error", status.ok() ? "closed by the side-car" : status.error_message()}});
  }
  Schedule(std::min(interval_, reconnect_.NextPause()), lock);
}

HealthPinger::HealthPinger(std::function<std::shared_ptr<grpc::Channel>()> channel,
                           ClientOptions options)
    : state_(std::make_shared<State>(std::move(channel), std::move(options))) {}

HealthPinger::~HealthPinger() { state_->Stop(); }

void HealthPinger::Start(Duration interval) { state_->Start(interval); }

void HealthPinger::Stop() { state_->Stop(); }

}  // namespace gsh::agones
