#include "src/core/sleep_then.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace gsh::internal {
namespace {

class Sleep : public std::enable_shared_from_this<Sleep> {
 public:
  Sleep(Clock& clock, std::function<void()> fn) : clock_(clock), fn_(std::move(fn)) {}

  void Begin(Duration delay, std::stop_token stop) {
    const Clock::TimerId timer =
        clock_.RunAfter(delay, [self = shared_from_this()] { self->Fire(); });
    // The callback holds this object, and this object the callback, until Fire() lets go of it.
    auto on_stop = std::make_unique<OnStop>(std::move(stop), [self = shared_from_this(), timer] {
      if (self->clock_.Cancel(timer)) self->Fire();
    });
    std::lock_guard lock(mutex_);
    if (!fired_) on_stop_ = std::move(on_stop);
  }

 private:
  using OnStop = std::stop_callback<std::function<void()>>;

  void Fire() {
    std::unique_ptr<OnStop> on_stop;
    std::function<void()> fn;
    {
      std::lock_guard lock(mutex_);
      fired_ = true;
      fn = std::move(fn_);
      on_stop = std::move(on_stop_);
    }
    fn();
  }

  Clock& clock_;
  std::mutex mutex_;
  bool fired_ = false;
  std::function<void()> fn_;
  std::unique_ptr<OnStop> on_stop_;
};

}  // namespace

void SleepThen(Clock& clock, Duration delay, std::stop_token stop, std::function<void()> fn) {
  std::make_shared<Sleep>(clock, std::move(fn))->Begin(delay, std::move(stop));
}

}  // namespace gsh::internal
