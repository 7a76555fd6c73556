#include "src/director/session.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/director/event_log.h"

namespace gsh::director {
namespace {

constexpr std::size_t kGiveBacksInFlight = 64;  // they must not take the allocator from new matches
constexpr std::size_t kReleaseBatch = 250;      // matches whose tickets are released together

std::size_t Places(int count) { return static_cast<std::size_t>(std::max(1, count)); }

}  // namespace

Session::Session(const DirectorOptions& o)
    : options(o),
      clock(*o.clock),
      rng(*o.rng),
      allocations(Places(o.max_in_flight)),
      look_ups(Places(o.max_in_flight)),
      give_backs(kGiveBacksInFlight),
      assigner({.max_items = Places(o.assign_batch)}, clock,
               [this](std::vector<AssignItem> items, std::function<void()> done) {
                 SendAssignments(shared_from_this(), std::move(items), std::move(done));
               }),
      releaser({.max_items = kReleaseBatch}, clock,
               [this](std::vector<ReleaseItem> items, std::function<void()> done) {
                 SendReleases(shared_from_this(), std::move(items), std::move(done));
               }),
      house_(Places(o.max_in_flight)) {}

void Session::Drain() {
  draining_.store(true);
  const auto self = shared_from_this();
  const Duration whole = options.drain_timeout;
  const auto work_timer = clock.RunAfter(whole - whole / 3, [self] { self->work_.request_stop(); });
  const auto cleanup_timer = clock.RunAfter(whole, [self] { self->cleanup_.request_stop(); });
  {
    std::lock_guard lock(mutex_);
    drain_timers_ = {work_timer, cleanup_timer};
  }
  allocations.Close();
  Wake();
}

void Session::Emit(const Event& event) {
  LogEvent(options.log, event);
  CountEvent(options.metrics, event);
  if (options.on_event) options.on_event(event);
}

void Session::Observe(std::string_view histogram, Duration value) {
  if (options.metrics == nullptr) return;
  options.metrics->Observe(histogram, std::chrono::duration<double>(value).count(), {});
}

void Session::Gauge(std::string_view gauge, std::size_t value) {
  if (options.metrics != nullptr) options.metrics->Set(gauge, static_cast<double>(value), {});
}

CallOptions Session::WorkCall(Duration timeout) const {
  return {.timeout = timeout, .stop = work_.get_token(), .executor = InlineExecutor()};
}

CallOptions Session::CleanupCall(Duration timeout) const {
  return {.timeout = timeout, .stop = cleanup_.get_token(), .executor = InlineExecutor()};
}

void Session::RoundBegins() {
  std::lock_guard lock(mutex_);
  ++rounds_;
}

void Session::RoundEnds() {
  std::lock_guard lock(mutex_);
  --rounds_;
  changed_.notify_all();
}

void Session::WaitUntil(const std::function<bool()>& done) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, done);
}

void Session::Wake() {
  std::lock_guard lock(mutex_);
  changed_.notify_all();
}

// Not at each one: waking a thread costs more than the rest of a match's turn. One thread at a time
// takes from the line, so that no length is passed over.
void Session::LineMoved() {
  if (allocations.waiting() == house_) Wake();
}

void Session::WaitForRounds() {
  std::vector<Clock::TimerId> timers;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return rounds_ == 0; });
    timers.swap(drain_timers_);
  }
  for (const Clock::TimerId timer : timers) clock.Cancel(timer);
}

}  // namespace gsh::director
