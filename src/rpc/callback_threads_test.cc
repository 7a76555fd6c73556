#include "src/rpc/callback_threads.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "src/rpc/callback_thread_count.h"

namespace gsh::rpc {
namespace {

TEST(CallbackThreadsTest, StayWithoutAnyOtherChannel) {
  KeepCallbackThreads();
  // They name themselves once they run.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (CallbackThreadCount() == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_GT(CallbackThreadCount(), 0);
}

}  // namespace
}  // namespace gsh::rpc
