#include "src/process/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <string_view>
#include <system_error>
#include <utility>

namespace gsh::process {
namespace {

std::string ErrorText(int error) { return std::generic_category().message(error); }

// A file descriptor that is closed at the end of its scope.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { Close(); }
  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// Descriptors that become the child's; -1: none of them.
struct Streams {
  int input = -1;
  int output = -1;
  int error = -1;
};

// Everything the child needs, made before fork(): between fork and exec it may not allocate.
struct Image {
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::vector<char*> argv_pointers;
  std::vector<char*> environment_pointers;
};

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::unique_ptr<Image> MakeImage(ProcessOptions& options) {
  auto image = std::make_unique<Image>();
  image->argv = std::move(options.argv);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string name(text.substr(0, text.find('=')));
    const bool unset =
        std::find(options.unset.begin(), options.unset.end(), name) != options.unset.end();
    if (!unset && !options.environment.contains(name)) image->environment.emplace_back(text);
  }
  for (const auto& [name, value] : options.environment)
    image->environment.push_back(name + "=" + value);
  image->argv_pointers = Pointers(image->argv);
  image->environment_pointers = Pointers(image->environment);
  return image;
}

// In the child. Returns only when that failed, with errno set.
void Exec(Image& image, const Streams& streams, int error_pipe, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it died before prctl
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int ignored : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD}) signal(ignored, SIG_DFL);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(streams.input < 0 ? null : streams.input, STDIN_FILENO);
  if (streams.output >= 0) dup2(streams.output, STDOUT_FILENO);
  if (streams.error >= 0) dup2(streams.error, STDERR_FILENO);
  // Sockets of ours must not stay open in a game server; the pipe closes itself when exec succeeds.
  dup2(error_pipe, 3);
  fcntl(3, F_SETFD, FD_CLOEXEC);
  close_range(4, ~0U, 0);
  execvpe(image.argv_pointers[0], image.argv_pointers.data(), image.environment_pointers.data());
  const int error = errno;
  (void)!write(3, &error, sizeof error);
  _exit(127);
}

StatusOr<pid_t> Spawn(Image& image, const std::string& output_file, Streams streams) {
  Fd output(-1);
  if (!output_file.empty()) {
    output = Fd(open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (output.get() < 0) {
      return UnavailableError("cannot open " + output_file + ": " + ErrorText(errno));
    }
    streams.output = streams.error = output.get();
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return UnavailableError("no pipe: " + ErrorText(errno));
  const Fd reader(ends[0]);
  Fd writer(ends[1]);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Exec(image, streams, writer.get(), parent);
  if (pid < 0) return UnavailableError("cannot fork: " + ErrorText(errno));
  writer.Close();
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(reader.get(), &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return pid;
  waitpid(pid, nullptr, 0);
  return FailedPreconditionError("cannot run " + image.argv[0] + ": " + ErrorText(error));
}

}  // namespace

StatusOr<std::unique_ptr<Process>> Process::Start(ProcessOptions options,
                                                  std::function<void(int)> on_exit) {
  std::unique_ptr<Process> process(new Process);
  process->on_exit_ = std::move(on_exit);
  std::shared_ptr<Image> image = MakeImage(options);
  std::promise<Status> started;
  std::future<Status> result = started.get_future();
  // PR_SET_PDEATHSIG strikes when the thread that forked ends, so that thread stays until the child
  // has ended.
  const Streams streams{options.input, options.output, options.error};
  process->thread_ =
      std::thread([self = process.get(), image, output = std::move(options.output_file), streams,
                   started = std::move(started)]() mutable {
        StatusOr<pid_t> pid = Spawn(*image, output, streams);
        if (pid.ok()) self->pid_ = *pid;
        started.set_value(pid.status());
        if (pid.ok()) self->Wait();
      });
  const Status status = result.get();
  if (!status.ok()) return status;
  return process;
}

Process::~Process() {
  Kill();
  if (thread_.joinable()) thread_.join();
}

void Process::Terminate() { Signal(pid_, SIGTERM); }

void Process::Kill() { Signal(-pid_, SIGKILL); }

void Process::Signal(pid_t target, int signal) {
  std::lock_guard lock(mutex_);
  if (pid_ > 0 && !ended_) kill(target, signal);
}

void Process::Wait() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  int status = 0;
  {
    // The pid, and the group's, are ours until waitpid: nobody else's process can be hit.
    std::lock_guard lock(mutex_);
    kill(-pid_, SIGKILL);
    waitpid(pid_, &status, 0);
    ended_ = true;
  }
  if (on_exit_) on_exit_(status);
}

std::string DescribeWaitStatus(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace gsh::process
