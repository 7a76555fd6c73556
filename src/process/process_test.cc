#include "src/process/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <future>

#include "src/testing/temporary_directory.h"

namespace gsh::process {
namespace {

using ::testing::HasSubstr;

// Neither gone nor a zombie.
bool IsAlive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string id, name, state;
  return stat >> id >> name >> state && state != "Z" && state != "X";
}

// The kernel kills a little later than it is told to.
bool AwaitDeath(pid_t pid) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (IsAlive(pid) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return !IsAlive(pid);
}

class ProcessTest : public ::testing::Test {
 protected:
  ProcessOptions Shell(const std::string& script) {
    return {.argv = {"sh", "-c", script}, .output_file = output_};
  }

  // Starts it and waits for its end.
  int Run(ProcessOptions options) {
    std::promise<int> ended;
    auto process = Process::Start(std::move(options), [&](int status) { ended.set_value(status); });
    EXPECT_TRUE(process.ok()) << process.status();
    return ended.get_future().get();
  }

  std::string Output() const { return dir_.Read("output"); }

  const testing::TemporaryDirectory dir_;
  const std::string output_ = dir_.File("output");
};

TEST_F(ProcessTest, ReportsHowItEnded) {
  EXPECT_EQ(DescribeWaitStatus(Run(Shell("exit 3"))), "exit status 3");
  EXPECT_EQ(DescribeWaitStatus(Run(Shell("kill -9 $$"))), "signal 9");
}

TEST_F(ProcessTest, OutputAndEnvironment) {
  setenv("GSH_PROCESS_TEST_A", "ours", 1);
  setenv("GSH_PROCESS_TEST_B", "ours", 1);
  auto options = Shell("echo a=$GSH_PROCESS_TEST_A b=${GSH_PROCESS_TEST_B-unset}; echo err >&2");
  options.environment = {{"GSH_PROCESS_TEST_A", "theirs"}};
  options.unset = {"GSH_PROCESS_TEST_B"};
  EXPECT_EQ(Run(std::move(options)), 0);
  EXPECT_EQ(Output(), "a=theirs b=unset\nerr\n");
}

TEST_F(ProcessTest, NoSuchProgram) {
  auto process = Process::Start({.argv = {"/no/such/program"}, .output_file = output_}, nullptr);
  EXPECT_EQ(process.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(process.status().message(), HasSubstr("/no/such/program"));
}

TEST_F(ProcessTest, TerminateReachesTheChild) {
  std::promise<int> ended;
  auto process = Process::Start(Shell("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"),
                                [&](int status) { ended.set_value(status); });
  ASSERT_TRUE(process.ok());
  while (Output().empty()) std::this_thread::yield();  // the trap is set before "up" is written
  (*process)->Terminate();
  EXPECT_EQ(DescribeWaitStatus(ended.get_future().get()), "exit status 7");
}

TEST_F(ProcessTest, DestructionKillsTheWholeGroup) {
  auto process = Process::Start(Shell("trap '' TERM; sleep 1000 & echo $!; wait"), nullptr);
  ASSERT_TRUE(process.ok());
  while (Output().find('\n') == std::string::npos) std::this_thread::yield();
  const pid_t child = (*process)->pid();
  const pid_t grandchild = std::stoi(Output());
  process->reset();
  EXPECT_EQ(kill(child, 0), -1);
  EXPECT_TRUE(AwaitDeath(grandchild));
}

TEST_F(ProcessTest, WhatItStartedDoesNotOutliveIt) {
  EXPECT_EQ(Run(Shell("sleep 1000 & echo $!")), 0);
  EXPECT_TRUE(AwaitDeath(std::stoi(Output())));
}

}  // namespace
}  // namespace gsh::process
