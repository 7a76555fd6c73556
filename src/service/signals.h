// SIGTERM and SIGINT as a stop request.
#ifndef GSH_SRC_SERVICE_SIGNALS_H_
#define GSH_SRC_SERVICE_SIGNALS_H_

#include <array>
#include <csignal>
#include <stop_token>
#include <thread>

namespace gsh::service {

// While it lives, the first SIGTERM or SIGINT asks `stop` to stop, on a thread of its own; the
// second ends the process at once with exit code 1. SIGPIPE is ignored. The destructor puts the
// former handlers back. One at a time.
//
// A handler and a pipe rather than blocked signals and signalfd: handlers are reset by exec, a
// blocked mask would be passed on to every child process. (An ignored SIGPIPE is passed on: who
// starts children resets it.)
class SignalStop {
 public:
  explicit SignalStop(std::stop_source stop);
  ~SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;

 private:
  static constexpr std::array<int, 3> kSignals = {SIGTERM, SIGINT, SIGPIPE};

  std::array<int, 2> pipe_ = {-1, -1};
  std::array<struct sigaction, kSignals.size()> former_ = {};
  std::thread thread_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_SIGNALS_H_
