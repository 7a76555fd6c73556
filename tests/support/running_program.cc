#include "tests/support/running_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

extern char** environ;

namespace gsh::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& more) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  environment.insert(environment.end(), more.begin(), more.end());
  return environment;
}

// The child's stdin is `input`, its stdout and stderr are `output`.
pid_t Spawn(const ProgramOptions& options, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!options.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  }
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  const bool is_path = options.program.find('/') != std::string::npos;
  const std::string path = is_path ? options.program : GSH_BIN_DIR "/" + options.program;
  std::vector<std::string> args = {path};
  args.insert(args.end(), options.args.begin(), options.args.end());
  std::vector<std::string> environment = Environment(options.environment);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, path.c_str(), &actions, nullptr, Pointers(args).data(),
                                Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return pid;
  errno = error;
  std::perror(path.c_str());
  std::abort();
}

}  // namespace

RunningProgram::RunningProgram(ProgramOptions options) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
  signal(SIGPIPE, SIG_IGN);  // its end is seen by Wait, not by a write to it
  pid_ = Spawn(options, input[0], output[1]);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  reader_ = std::thread([this, fd = output[0]] { ReadOutput(fd); });
}

RunningProgram::~RunningProgram() {
  CloseInput();
  if (Wait(std::chrono::seconds(0)) == -1) Signal(SIGKILL);
  reader_.join();
}

void RunningProgram::ReadOutput(int fd) {
  std::string rest;
  std::array<char, 4096> piece;
  ssize_t size = 0;
  while ((size = read(fd, piece.data(), piece.size())) > 0) {
    rest.append(piece.data(), static_cast<std::size_t>(size));
    const std::lock_guard lock(mutex_);
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos;) {
      lines_.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
    changed_.notify_all();
  }
  close(fd);
  Reap();
  const std::lock_guard lock(mutex_);
  if (!rest.empty()) lines_.push_back(std::move(rest));
  output_ended_ = true;
  changed_.notify_all();
}

void RunningProgram::Reap() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  const std::lock_guard lock(mutex_);  // from here on no signal is sent to that id
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> RunningProgram::Lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::string RunningProgram::Output() const {
  std::string output;
  for (const std::string& line : Lines()) output += line + "\n";
  return output;
}

bool RunningProgram::WaitForLine(const std::function<bool(const std::string&)>& fits,
                                 std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  std::size_t looked_at = 0;
  const auto found = [&] {
    for (; looked_at < lines_.size(); ++looked_at) {
      if (fits(lines_[looked_at])) return true;
    }
    return false;
  };
  bool fit = false;
  changed_.wait_for(lock, patience, [&] { return (fit = found()) || output_ended_; });
  return fit;
}

bool RunningProgram::WaitForText(std::string_view text, std::chrono::seconds patience) {
  return WaitForLine([&](const std::string& line) { return line.find(text) != line.npos; },
                     patience);
}

void RunningProgram::Type(std::string_view text) {
  while (input_ >= 0 && !text.empty()) {
    const ssize_t size = write(input_, text.data(), text.size());
    if (size <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

void RunningProgram::CloseInput() {
  if (input_ >= 0) close(std::exchange(input_, -1));
}

void RunningProgram::Signal(int signal) {
  const std::lock_guard lock(mutex_);
  if (exit_code_ == -1) kill(pid_, signal);
}

int RunningProgram::Wait(std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return output_ended_; });
  return output_ended_ ? exit_code_ : -1;
}

Outcome RunToEnd(ProgramOptions options) {
  RunningProgram program(std::move(options));
  program.CloseInput();
  const int exit_code = program.Wait();
  return {.exit_code = exit_code, .output = program.Output()};
}

}  // namespace gsh::testing
