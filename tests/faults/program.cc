#include "tests/faults/program.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace gsh::faults {
namespace {

int CountLines(const std::string& text, const std::string& start) {
  int count = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) count += line.starts_with(start) ? 1 : 0;
  return count;
}

}  // namespace

Program::Program(const std::string& name, std::vector<std::string> flags, std::string log)
    : log_(std::move(log)) {
  const auto bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  flags.insert(flags.begin(), (bin / name).string());
  auto started =
      sandbox::Process::Start({.argv = std::move(flags), .output_file = log_}, [](int) {});
  EXPECT_TRUE(started.ok()) << started.status();
  if (started.ok()) process_ = *std::move(started);
}

bool Program::AwaitLines(const std::string& start, int count, Duration timeout) const {
  const SteadyTime deadline = SystemClock().SteadyNow() + timeout;
  while (CountLines(output(), start) < count) {
    if (SystemClock().SteadyNow() > deadline) {
      ADD_FAILURE() << "not " << count << " lines '" << start << "' in:\n" << output();
      return false;
    }
    usleep(1000);
  }
  return true;
}

void Program::Kill() { process_.reset(); }

std::string Program::output() const {
  std::ostringstream text;
  text << std::ifstream(log_).rdbuf();
  return text.str();
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd, generic, size), 0);
  EXPECT_EQ(getsockname(fd, generic, &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace gsh::faults
