// InFlight: many asynchronous calls, so many of them at a time.
#ifndef GSH_BENCHMARKS_IN_FLIGHT_H_
#define GSH_BENCHMARKS_IN_FLIGHT_H_

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

#include "gsh/status.h"

namespace gsh::benchmarks {

class InFlight {
 public:
  using Done = std::function<void(const Status&)>;
  // Begins the i-th call; `done` is to be called later than that returns.
  using Start = std::function<void(std::size_t i, Done done)>;

  // Makes calls 0..total-1, `width` at a time; returns when all have ended: OK, or the first error.
  static Status Run(std::size_t total, std::size_t width, Start start) {
    InFlight calls(total, std::move(start));
    for (std::size_t i = 0; i < std::min(width, total); ++i) calls.Next();
    std::unique_lock lock(calls.mutex_);
    calls.ended_.wait(lock, [&] { return calls.left_ == 0; });
    return calls.failure_;
  }

 private:
  InFlight(std::size_t total, Start start)
      : start_(std::move(start)), total_(total), left_(total) {}

  void Next() {
    std::size_t i = 0;
    {
      std::lock_guard lock(mutex_);
      if (next_ == total_) return;
      i = next_++;
    }
    start_(i, [this](const Status& status) {
      {
        std::lock_guard lock(mutex_);
        if (failure_.ok()) failure_ = status;
      }
      Next();
      std::lock_guard lock(mutex_);  // until here nobody has left Run
      if (--left_ == 0) ended_.notify_all();
    });
  }

  const Start start_;
  const std::size_t total_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t next_ = 0;
  std::size_t left_;
  Status failure_;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_IN_FLIGHT_H_
