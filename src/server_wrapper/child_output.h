// ChildOutput: what a child process writes, passed through and looked at.
#ifndef GSH_SRC_SERVER_WRAPPER_CHILD_OUTPUT_H_
#define GSH_SRC_SERVER_WRAPPER_CHILD_OUTPUT_H_

#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "gsh/status.h"

namespace gsh::server_wrapper {

class ChildOutput {
 public:
  // One line of either stream, without its end; two threads may call it at once.
  using OnLine = std::function<void(std::string_view)>;

  // `terminal`: the child's stdout is a pseudo-terminal, so that a C library writes lines at once.
  static StatusOr<std::unique_ptr<ChildOutput>> Open(bool terminal);
  ~ChildOutput();

  // The child's ends.
  int output() const { return child_ends_[0]; }
  int error() const { return child_ends_[1]; }

  // After the child has them: closes the child's ends here, and copies what comes to our own stdout
  // and stderr until its last writer has gone.
  void Follow(OnLine on_line);
  // Waits for the end of both. What a process that outlived its group still holds open is given up
  // after a moment.
  void Finish();

 private:
  ChildOutput() = default;
  void Copy(int from, int to, const OnLine& on_line) const;

  std::array<int, 2> our_ends_ = {-1, -1};
  std::array<int, 2> child_ends_ = {-1, -1};
  int finish_ = -1;  // an eventfd: readable once Finish was called
  std::array<std::thread, 2> threads_;
};

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_CHILD_OUTPUT_H_
