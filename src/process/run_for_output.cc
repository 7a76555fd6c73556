#include "src/process/run_for_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>

#include "src/process/process.h"

namespace gsh::process {
namespace {

constexpr std::size_t kMaxOutput = 1u << 20;
constexpr std::size_t kMaxError = 300;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void Reset(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// What a child writes into one of its descriptors. Wiped: it may be a secret.
class Output {
 public:
  Output() = default;
  ~Output() { explicit_bzero(text_.data(), text_.size()); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool Open() {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) return false;
    read_.Reset(fds[0]);
    write_.Reset(fds[1]);
    return fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0;
  }
  int child_end() const { return write_.get(); }
  int fd() const { return read_.get(); }
  void CloseChildEnd() { write_.Close(); }
  // What is there now; the end closes it.
  void Read() {
    std::array<char, 16384> chunk = {};
    ssize_t count = 0;
    while (read_.get() >= 0 && (count = read(read_.get(), chunk.data(), chunk.size())) > 0) {
      text_.append(chunk.data(), static_cast<std::size_t>(count));
      if (text_.size() > kMaxOutput) break;
    }
    if (count == 0) read_.Close();
    explicit_bzero(chunk.data(), chunk.size());
  }
  const std::string& text() const { return text_; }
  bool too_long() const { return text_.size() > kMaxOutput; }

 private:
  Descriptor read_;
  Descriptor write_;
  std::string text_;
};

std::string Excerpt(std::string text) {
  if (text.size() > kMaxError) text.resize(kMaxError);
  std::ranges::replace_if(text, [](char c) { return c >= 0 && c < ' '; }, ' ');
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

Status Failure(const RunOptions& run, const std::string& what, const std::string& error_text) {
  const std::string said = Excerpt(error_text);
  return UnknownError(run.what + " " + run.argv.front() + " " + what +
                      (said.empty() ? "" : ": " + said));
}

}  // namespace

StatusOr<std::string> RunForOutput(const RunOptions& run, std::stop_token stop) {
  Output output;
  Output error;
  const Descriptor woken(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!output.Open() || !error.Open() || woken.get() < 0) {
    return ResourceExhaustedError("no descriptors for a " + run.what);
  }
  const auto wake = [&] {
    const std::uint64_t one = 1;
    static_cast<void>(!write(woken.get(), &one, sizeof one));
  };
  std::atomic<bool> ended = false;
  std::atomic<int> wait_status = 0;
  auto process = Process::Start({.argv = run.argv,
                                 .environment = run.environment,
                                 .output = output.child_end(),
                                 .error = error.child_end()},
                                [&](int status) {
                                  wait_status = status;
                                  ended = true;
                                  wake();
                                });
  if (!process.ok()) return Failure(run, "cannot be started", process.status().message());
  output.CloseChildEnd();
  error.CloseChildEnd();
  const std::stop_callback<std::function<void()>> on_stop(stop, wake);
  const auto deadline = std::chrono::steady_clock::now() + run.timeout;
  while (!ended && !stop.stop_requested() && !output.too_long() && !error.too_long()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Failure(run, "took too long", error.text());
    pollfd fds[] = {{output.fd(), POLLIN, 0}, {error.fd(), POLLIN, 0}, {woken.get(), POLLIN, 0}};
    poll(fds, std::size(fds), static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    output.Read();
    error.Read();
  }
  if (stop.stop_requested()) return CancelledError("its output is no longer wanted");
  output.Read();  // written before it ended
  error.Read();
  if (output.too_long() || error.too_long()) return Failure(run, "writes without end", "");
  if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0) {
    return Failure(run, "failed (" + DescribeWaitStatus(wait_status) + ")", error.text());
  }
  return output.text();
}

}  // namespace gsh::process
