#include "src/service/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

namespace gsh::service {
namespace {

// What the handler may use: it can be told nothing else.
std::atomic<int> g_write_end = -1;
std::atomic<std::int64_t> g_first = 0;  // when the first one came, in nanoseconds; 0: none did
static_assert(std::atomic<int>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

constexpr char kSignal = 's';
constexpr char kQuit = 'q';

// timeout(1), among others, signals its child and then the child's whole group: that is one
// request, not two.
constexpr std::int64_t kSameRequest = 100'000'000;

std::int64_t MonotonicNanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);  // a handler may call it, unlike std::chrono by the letter
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

extern "C" void OnSignal(int) {
  const int saved_errno = errno;
  std::int64_t first = 0;
  const std::int64_t now = MonotonicNanoseconds();
  if (!g_first.compare_exchange_strong(first, now) && now - first > kSameRequest) _exit(1);
  [[maybe_unused]] const ssize_t written = write(g_write_end.load(), &kSignal, 1);
  errno = saved_errno;
}

// Until the destructor (or a broken pipe) says that it is over.
void WaitForSignal(int read_end, std::stop_source stop) {
  char byte = 0;
  for (;;) {
    const ssize_t count = read(read_end, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || byte == kQuit) return;
    stop.request_stop();
  }
}

}  // namespace

SignalStop::SignalStop(std::stop_source stop) {
  if (pipe2(pipe_.data(), O_CLOEXEC) != 0)
    return;  // no descriptors left: signals keep their defaults
  g_first = 0;
  g_write_end = pipe_[1];
  thread_ = std::thread(WaitForSignal, pipe_[0], std::move(stop));
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action = {};
    if (kSignals[i] == SIGPIPE) {
      action.sa_handler = SIG_IGN;
    } else {
      action.sa_handler = OnSignal;
    }
    action.sa_flags = SA_RESTART;
    sigaction(kSignals[i], &action, &former_[i]);
  }
}

SignalStop::~SignalStop() {
  if (!thread_.joinable()) return;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &former_[i], nullptr);
  }
  [[maybe_unused]] const ssize_t written = write(pipe_[1], &kQuit, 1);
  thread_.join();
  g_write_end = -1;
  close(pipe_[0]);
  close(pipe_[1]);
}

}  // namespace gsh::service
