#include "src/server_wrapper/child_output.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "src/server_wrapper/line_splitter.h"

namespace gsh::server_wrapper {
namespace {

constexpr int kLingerMilliseconds = 500;

void CloseFd(int& fd) {
  if (fd >= 0) close(std::exchange(fd, -1));
}

Status Failed(const char* what) {
  return UnavailableError(std::string(what) + ": " + std::strerror(errno));
}

// A pseudo-terminal that changes no byte.
Status OpenTerminal(int& ours, int& childs) {
  termios raw{};
  cfmakeraw(&raw);
  const winsize size = {.ws_row = 50, .ws_col = 200, .ws_xpixel = 0, .ws_ypixel = 0};
  if (openpty(&ours, &childs, nullptr, &raw, &size) != 0) return Failed("no pseudo-terminal");
  fcntl(ours, F_SETFD, FD_CLOEXEC);
  fcntl(childs, F_SETFD, FD_CLOEXEC);
  return OkStatus();
}

Status OpenPipe(int& ours, int& childs) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Failed("no pipe");
  ours = ends[0];
  childs = ends[1];
  return OkStatus();
}

// All of it, or as much as whoever reads it takes; a log that nobody reads must not end the game.
void WriteAll(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = write(to, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) {
      pollfd wait = {to, POLLOUT, 0};
      poll(&wait, 1, -1);
      continue;
    }
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

StatusOr<std::unique_ptr<ChildOutput>> ChildOutput::Open(bool terminal) {
  std::unique_ptr<ChildOutput> output(new ChildOutput);
  Status opened = terminal ? OpenTerminal(output->our_ends_[0], output->child_ends_[0])
                           : OpenPipe(output->our_ends_[0], output->child_ends_[0]);
  if (opened.ok()) opened = OpenPipe(output->our_ends_[1], output->child_ends_[1]);
  if (!opened.ok()) return opened;
  output->finish_ = eventfd(0, EFD_CLOEXEC);
  if (output->finish_ < 0) return Failed("no eventfd");
  return output;
}

ChildOutput::~ChildOutput() {
  Finish();
  for (int& fd : our_ends_) CloseFd(fd);
  for (int& fd : child_ends_) CloseFd(fd);
  CloseFd(finish_);
}

void ChildOutput::Follow(OnLine on_line) {
  for (int& fd : child_ends_) CloseFd(fd);
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const int to = i == 0 ? STDOUT_FILENO : STDERR_FILENO;
    threads_[i] =
        std::thread([this, from = our_ends_[i], to, on_line] { Copy(from, to, on_line); });
  }
}

void ChildOutput::Finish() {
  if (finish_ >= 0) {
    const std::uint64_t one = 1;
    (void)!write(finish_, &one, sizeof one);
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void ChildOutput::Copy(int from, int to, const OnLine& on_line) const {
  LineSplitter lines(on_line);
  std::array<char, 16u << 10> piece;
  std::array<pollfd, 2> fds = {{{from, POLLIN, 0}, {finish_, POLLIN, 0}}};
  for (;;) {
    const bool finishing = fds[1].fd < 0;
    const int ready = poll(fds.data(), fds.size(), finishing ? kLingerMilliseconds : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) break;
    if (fds[1].revents != 0) fds[1].fd = -1;  // from here on: what is there, and a moment
    if (fds[0].revents == 0) continue;
    const ssize_t size = read(from, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;  // a terminal's end is an EIO
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(size));
    WriteAll(to, bytes);
    lines.Add(bytes);
  }
  lines.End();
}

}  // namespace gsh::server_wrapper
