// RunningProgram: a program of ours as a child process, with what it says, line by line.
#ifndef GSH_TESTS_SUPPORT_RUNNING_PROGRAM_H_
#define GSH_TESTS_SUPPORT_RUNNING_PROGRAM_H_

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gsh::testing {

struct ProgramOptions {
  std::string program = {};  // a path, or a name in the build's bin folder
  std::vector<std::string> args = {};
  std::vector<std::string> environment = {};  // "NAME=value", on top of this process's own
  std::string directory = {};                 // to run in; empty: this process's own
};

// May be used from several threads. Lines of stdout and stderr come in one list. Destruction kills
// what still runs.
class RunningProgram {
 public:
  static constexpr std::chrono::seconds kPatience{60};  // on a busy machine

  explicit RunningProgram(ProgramOptions options);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  pid_t pid() const { return pid_; }
  // What it said so far.
  std::vector<std::string> Lines() const;
  std::string Output() const;
  // False if no line for which `fits` holds came within `patience`, or before the program ended.
  bool WaitForLine(const std::function<bool(const std::string&)>& fits,
                   std::chrono::seconds patience = kPatience);
  bool WaitForText(std::string_view text, std::chrono::seconds patience = kPatience);

  void Type(std::string_view text);  // on its stdin
  void CloseInput();
  void Signal(int signal);
  // Its exit code, 128 + the signal that ended it, or -1 if it still runs after `patience`.
  int Wait(std::chrono::seconds patience = kPatience);

 private:
  void ReadOutput(int fd);
  void Reap();

  pid_t pid_ = -1;
  int input_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool output_ended_ = false;
  int exit_code_ = -1;
  std::thread reader_;
};

// Runs it to its end, its input closed from the start.
struct Outcome {
  int exit_code = -1;
  std::string output = {};
};
Outcome RunToEnd(ProgramOptions options);

}  // namespace gsh::testing

#endif  // GSH_TESTS_SUPPORT_RUNNING_PROGRAM_H_
