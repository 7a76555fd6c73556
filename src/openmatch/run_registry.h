// RunRegistry: the calls that a harness's server runs.
#ifndef GSH_SRC_OPENMATCH_RUN_REGISTRY_H_
#define GSH_SRC_OPENMATCH_RUN_REGISTRY_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>

#include "gsh/clock.h"

namespace gsh::openmatch {

// The calls that run, so that a server can refuse, count, stop and await them.
class RunRegistry {
 public:
  explicit RunRegistry(int limit) : limit_(limit) {}

  // kClosed: the server stops. kFull: `limit` calls run already.
  enum class Admission { kAdmitted, kFull, kClosed };
  Admission Enter(std::stop_source stop);
  void Leave(const std::stop_source& stop);

  void Close();  // admits nothing any more
  // Waits until no call runs; false after `timeout`.
  bool WaitUntilEmpty(Duration timeout);
  void WaitUntilEmpty();
  void StopAll();

 private:
  const int limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  std::deque<std::stop_source> running_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_RUN_REGISTRY_H_
