// Process: a child process that never outlives its owner.
#ifndef GSH_SRC_PROCESS_PROCESS_H_
#define GSH_SRC_PROCESS_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gsh/status.h"

namespace gsh::process {

struct ProcessOptions {
  std::vector<std::string> argv;                        // argv[0] is looked up in PATH
  std::map<std::string, std::string> environment = {};  // set on top of ours
  std::vector<std::string> unset = {};                  // variables of ours that it does not get
  // stdout and stderr are appended to it; empty: they go to the two descriptors below.
  std::string output_file = {};
  int input = -1;   // -1: nothing to read (/dev/null)
  int output = -1;  // -1: where ours goes
  int error = -1;   // likewise
};

// The child leads a process group of its own: a terminal's ctrl-C reaches only us, and what the
// child started dies with it, as in a container.
class Process {
 public:
  // `on_exit` gets the child's wait status, once, on a thread of the process; it must not destroy
  // it.
  static StatusOr<std::unique_ptr<Process>> Start(ProcessOptions options,
                                                  std::function<void(int)> on_exit);
  ~Process();  // kills it if it still runs, and waits for the end of on_exit

  pid_t pid() const { return pid_; }
  void Terminate();  // SIGTERM to the child itself; nothing when it has ended
  void Kill();       // SIGKILL to the whole group

 private:
  Process() = default;
  void Signal(pid_t target, int signal);
  void Wait();

  std::mutex mutex_;
  pid_t pid_ = -1;
  bool ended_ = false;
  std::function<void(int)> on_exit_;
  std::thread thread_;
};

// "exit status 3", "signal 9".
std::string DescribeWaitStatus(int status);

}  // namespace gsh::process

#endif  // GSH_SRC_PROCESS_PROCESS_H_
