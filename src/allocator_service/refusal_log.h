// RefusalLog: says that clients were sent away, but not for each of them: whoever guesses passwords
// must not fill the log.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_REFUSAL_LOG_H_
#define GSH_SRC_ALLOCATOR_SERVICE_REFUSAL_LOG_H_

#include <cstdint>
#include <mutex>
#include <string>

#include "gsh/clock.h"
#include "gsh/log.h"

namespace gsh::allocator_service {

class RefusalLog {
 public:
  // One line in this time, with the number of those that went unsaid.
  static constexpr Duration kInterval = std::chrono::seconds(10);

  RefusalLog(LogSink* log, Clock& clock) : log_(log), clock_(clock) {}

  void Add(const std::string& client, const std::string& reason) {
    const SteadyTime now = clock_.SteadyNow();
    std::uint64_t unsaid = 0;
    {
      std::lock_guard lock(mutex_);
      if (said_ && now - last_ < kInterval) {
        ++unsaid_;
        return;
      }
      said_ = true;
      last_ = now;
      unsaid = std::exchange(unsaid_, 0);
    }
    Log(log_, LogLevel::kWarning, "client refused",
        {{"client", client}, {"reason", reason}, {"more_before", std::to_string(unsaid)}});
  }

 private:
  LogSink* const log_;
  Clock& clock_;
  std::mutex mutex_;
  bool said_ = false;
  SteadyTime last_{};
  std::uint64_t unsaid_ = 0;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_REFUSAL_LOG_H_
