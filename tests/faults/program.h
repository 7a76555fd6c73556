// Program: one of our services as a child process whose lines can be waited for.
#ifndef GSH_TESTS_FAULTS_PROGRAM_H_
#define GSH_TESTS_FAULTS_PROGRAM_H_

#include <memory>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "src/testing/sandbox/agones/process.h"

namespace gsh::faults {

class Program {
 public:
  // `name` is a program beside this one; its output goes to `log`.
  Program(const std::string& name, std::vector<std::string> flags, std::string log);

  // Whether `count` lines that begin with `start` were printed within `timeout`.
  bool AwaitLines(const std::string& start, int count,
                  Duration timeout = std::chrono::seconds(20)) const;
  void Kill();  // SIGKILL; returns when it is dead
  std::string output() const;

 private:
  const std::string log_;
  std::unique_ptr<sandbox::Process> process_;
};

// A port of 127.0.0.1 that nobody listens on.
int FreePort();

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_PROGRAM_H_
