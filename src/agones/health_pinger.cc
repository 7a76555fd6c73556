#include "src/agones/health_pinger.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

#include "src/rpc/common/reconnect.h"

namespace gsh::agones {
namespace {

constexpr Duration kShortestInterval = std::chrono::milliseconds(10);

}  // namespace

// Owned by the pinger and by what is under way: timers and lines hold it weakly. Neither the clock
// nor a line is called with the lock held, for both may call back at once, on this thread.
class HealthPinger::State : public std::enable_shared_from_this<State> {
 public:
  State(OpenLine open, ClientOptions options)
      : open_(std::move(open)), options_(std::move(options)), reconnect_(options_) {}

  void Start(Duration interval);
  void Stop();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void Tick(Lock& lock);
  void Ping(Lock& lock);
  void Open(Lock& lock);
  void OnPinged(std::uint64_t line);
  void OnClosed(std::uint64_t line, const Status& status);
  void Schedule(Duration delay, Lock& lock);
  void OnTimer(std::uint64_t round);
  // Runs `fn` without the lock; Stop waits for it.
  template <typename Fn>
  auto Unlocked(Lock& lock, Fn&& fn);

  const OpenLine open_;
  const ClientOptions options_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int busy_ = 0;  // threads in Unlocked
  Duration interval_{0};
  bool running_ = false;
  bool broken_ = false;  // and said so: no ping has gone out since
  rpc::Reconnect reconnect_;
  Clock::TimerId timer_ = 0;
  std::uint64_t timer_round_ = 0;  // which timer is the valid one
  std::shared_ptr<HealthLine> line_;
  std::uint64_t line_number_ = 0;  // of line_, or of the one that is being opened
};

template <typename Fn>
auto HealthPinger::State::Unlocked(Lock& lock, Fn&& fn) {
  struct Again {
    State& state;
    Lock& lock;
    ~Again() {
      lock.lock();
      if (--state.busy_ == 0) state.idle_.notify_all();
    }
  };
  ++busy_;
  lock.unlock();
  const Again again{*this, lock};
  return fn();
}

void HealthPinger::State::Start(Duration interval) {
  Lock lock(mutex_);
  interval_ = std::max(interval, kShortestInterval);
  if (std::exchange(running_, true)) return;
  broken_ = false;
  Tick(lock);
}

void HealthPinger::State::Stop() {
  Lock lock(mutex_);
  if (std::exchange(running_, false)) {
    ++timer_round_;
    ++line_number_;
    Unlocked(lock, [this, timer = timer_, line = std::exchange(line_, nullptr)] {
      options_.clock->Cancel(timer);
      if (line != nullptr) line->Close();
    });
  }
  idle_.wait(lock, [this] { return busy_ == 0; });
}

void HealthPinger::State::Schedule(Duration delay, Lock& lock) {
  const std::uint64_t round = ++timer_round_;
  const Clock::TimerId timer = Unlocked(lock, [&, previous = timer_] {
    options_.clock->Cancel(previous);
    return options_.clock->RunAfter(delay, [weak = weak_from_this(), round] {
      if (const auto self = weak.lock()) self->OnTimer(round);
    });
  });
  if (round == timer_round_) {
    timer_ = timer;
  } else {
    Unlocked(lock, [&] { options_.clock->Cancel(timer); });  // stopped, or scheduled anew
  }
}

void HealthPinger::State::OnTimer(std::uint64_t round) {
  Lock lock(mutex_);
  if (running_ && round == timer_round_) Tick(lock);
}

// The timer first: a line that breaks at once sets a nearer one.
void HealthPinger::State::Tick(Lock& lock) {
  Schedule(interval_, lock);
  if (running_ && line_ != nullptr) Ping(lock);
  if (running_ && line_ == nullptr) Open(lock);
}

void HealthPinger::State::Ping(Lock& lock) {
  const std::shared_ptr<HealthLine> line = line_;
  if (Unlocked(lock, [&] { return line->Ping(); }) || line != line_) return;
  Log(options_.log, LogLevel::kWarning, "no health ping went out for an interval, reopening");
  ++line_number_;
  line_ = nullptr;
  Unlocked(lock, [&] { line->Close(); });
}

void HealthPinger::State::Open(Lock& lock) {
  const std::uint64_t number = ++line_number_;
  reconnect_.Opened();
  const std::weak_ptr<State> weak = weak_from_this();
  const HealthEvents events = {.pinged =
                                   [weak, number] {
                                     if (const auto self = weak.lock()) self->OnPinged(number);
                                   },
                               .closed =
                                   [weak, number](const Status& status) {
                                     if (const auto self = weak.lock()) {
                                       self->OnClosed(number, status);
                                     }
                                   }};
  const auto line = Unlocked(lock, [&] { return open_(events); });
  const bool wanted = number == line_number_;  // not stopped, and not closed already
  if (wanted) line_ = line;
  Unlocked(lock, [&] { wanted ? static_cast<void>(line->Ping()) : line->Close(); });
}

void HealthPinger::State::OnPinged(std::uint64_t line) {
  Lock lock(mutex_);
  if (line != line_number_ || !std::exchange(broken_, false)) return;
  Log(options_.log, LogLevel::kInfo, "health pings reach the side-car again");
}

void HealthPinger::State::OnClosed(std::uint64_t line, const Status& status) {
  Lock lock(mutex_);
  if (!running_ || line != line_number_) return;
  ++line_number_;
  line_ = nullptr;
  if (!std::exchange(broken_, true)) {
    Log(options_.log, LogLevel::kWarning, "health pings broke off, trying again",
        {{"error", status.ok() ? "closed by the side-car" : status.message()}});
  }
  Schedule(std::min(interval_, reconnect_.NextPause()), lock);
}

HealthPinger::HealthPinger(OpenLine open, ClientOptions options)
    : state_(std::make_shared<State>(std::move(open), std::move(options))) {}

HealthPinger::~HealthPinger() { state_->Stop(); }

void HealthPinger::Start(Duration interval) { state_->Start(interval); }

void HealthPinger::Stop() { state_->Stop(); }

}  // namespace gsh::agones
