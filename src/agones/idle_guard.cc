#include "gsh/agones/idle_guard.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace gsh::agones {
namespace {

// Which allocation the server is in. Directors other than ours set no label, but Agones itself
// notes the time of each allocation.
std::string IdentityOf(const GameServer& game_server) {
  if (const auto label = game_server.labels.find(kAllocationLabel);
      label != game_server.labels.end()) {
    return label->second;
  }
  const auto time = game_server.annotations.find("agones.dev/last-allocated");
  return time == game_server.annotations.end() ? "" : time->second;
}

bool IsReleased(const GameServer& game_server) {
  const auto release = game_server.annotations.find(kReleaseAnnotation);
  return release != game_server.annotations.end() && release->second == "true";
}

std::string InWords(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

struct IdleGuard::Impl : std::enable_shared_from_this<Impl> {
  Impl(IdleGuardOptions guard_options, std::function<void(std::string)> end)
      : options(std::move(guard_options)), on_end(std::move(end)) {
    if (options.clock == nullptr) options.clock = &SystemClock();
    if (options.executor == nullptr) options.executor = DefaultExecutor();
  }

  void OnChange(const GameServer& game_server);
  // These say why it is to end, if it is; the caller calls End without the lock.
  std::optional<std::string> ChangeLocked(const GameServer& game_server, bool& new_allocation);
  std::optional<std::string> ReleasedLocked();
  std::optional<std::string> EndLocked(std::string reason);
  void StartTimer(std::uint64_t round);
  void StopTimerLocked();
  void OnTimer(std::uint64_t round);
  void End(std::optional<std::string> reason);
  void RunOnEnd(const std::string& reason);
  void Close();

  IdleGuardOptions options;
  const std::function<void(std::string)> on_end;

  std::mutex mutex;
  std::condition_variable idle;
  bool closed = false;
  std::thread::id ending;  // the thread that runs on_end
  int players = 0;
  bool allocated = false;
  bool released = false;
  bool ended = false;                          // on_end was called for this allocation
  std::string allocation;                      // its identity
  std::optional<std::string> released_before;  // the allocation that a left-over release is of
  Clock::TimerId timer = 0;
  std::uint64_t timer_round = 0;  // which timer is the valid one
  std::unique_ptr<Subscription> subscription;
};

void IdleGuard::Impl::OnChange(const GameServer& game_server) {
  std::unique_lock lock(mutex);
  if (closed) return;
  bool new_allocation = false;
  auto reason = ChangeLocked(game_server, new_allocation);
  const bool wait = new_allocation && !reason && players == 0;
  if (wait) StopTimerLocked();
  const std::uint64_t round = timer_round;
  lock.unlock();
  if (wait) StartTimer(round);
  End(std::move(reason));
}

std::optional<std::string> IdleGuard::Impl::ChangeLocked(const GameServer& game_server,
                                                         bool& new_allocation) {
  if (game_server.state != "Allocated") {
    allocated = false;
    StopTimerLocked();
    if (IsReleased(game_server)) released_before = IdentityOf(game_server);
    return std::nullopt;
  }
  std::string identity = IdentityOf(game_server);
  released = IsReleased(game_server) && identity != released_before;
  new_allocation = !allocated || identity != allocation;
  if (new_allocation) {
    allocated = true;
    ended = false;
    allocation = std::move(identity);
  }
  return ReleasedLocked();
}

std::optional<std::string> IdleGuard::Impl::ReleasedLocked() {
  if (!allocated || !released || players > 0) return std::nullopt;
  return EndLocked("the director released the server");
}

std::optional<std::string> IdleGuard::Impl::EndLocked(std::string reason) {
  if (std::exchange(ended, true)) return std::nullopt;
  StopTimerLocked();
  return reason;
}

// Without the lock, for a clock may run a timer that is due at once on this thread.
void IdleGuard::Impl::StartTimer(std::uint64_t round) {
  if (options.first_player_timeout <= Duration::zero()) return;
  const Clock::TimerId started =
      options.clock->RunAfter(options.first_player_timeout, [weak = weak_from_this(), round] {
        if (const auto self = weak.lock()) self->OnTimer(round);
      });
  std::lock_guard lock(mutex);
  if (round == timer_round) timer = started;
}

void IdleGuard::Impl::StopTimerLocked() {
  ++timer_round;
  options.clock->Cancel(timer);
}

void IdleGuard::Impl::OnTimer(std::uint64_t round) {
  std::unique_lock lock(mutex);
  if (closed || round != timer_round) return;
  auto reason = EndLocked("nobody joined within " + InWords(options.first_player_timeout) +
                          " of the allocation");
  lock.unlock();
  End(std::move(reason));
}

void IdleGuard::Impl::End(std::optional<std::string> reason) {
  if (!reason) return;
  options.executor->Post([weak = weak_from_this(), reason = *std::move(reason)] {
    if (const auto self = weak.lock()) self->RunOnEnd(reason);
  });
}

void IdleGuard::Impl::RunOnEnd(const std::string& reason) {
  {
    std::lock_guard lock(mutex);
    if (closed) return;
    ending = std::this_thread::get_id();
  }
  on_end(reason);
  std::lock_guard lock(mutex);
  ending = {};
  idle.notify_all();
}

void IdleGuard::Impl::Close() {
  std::unique_lock lock(mutex);
  closed = true;
  StopTimerLocked();
  const auto me = std::this_thread::get_id();
  idle.wait(lock, [&] { return ending == std::thread::id() || ending == me; });
}

IdleGuard::IdleGuard(GameServerSdk& sdk, IdleGuardOptions options,
                     std::function<void(std::string reason)> on_end)
    : impl_(std::make_shared<Impl>(std::move(options), std::move(on_end))) {
  impl_->subscription =
      sdk.WatchGameServer([weak = std::weak_ptr(impl_)](const GameServer& game_server) {
        if (const auto impl = weak.lock()) impl->OnChange(game_server);
      });
}

IdleGuard::~IdleGuard() {
  impl_->subscription.reset();
  impl_->Close();
}

void IdleGuard::PlayerJoined() {
  std::lock_guard lock(impl_->mutex);
  ++impl_->players;
  impl_->StopTimerLocked();
}

void IdleGuard::PlayerLeft() {
  const auto impl = impl_;  // on_end may destroy the guard
  std::unique_lock lock(impl->mutex);
  if (impl->players > 0) --impl->players;
  auto reason = impl->ReleasedLocked();
  lock.unlock();
  impl->End(std::move(reason));
}

}  // namespace gsh::agones
