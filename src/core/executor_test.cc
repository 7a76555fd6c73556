#include "gsh/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

#include "src/core/await.h"

namespace gsh {
namespace {

TEST(ThreadPoolTest, TheDestructorRunsWhatWasPosted) {
  std::atomic<int> ran = 0;
  {
    auto pool = MakeThreadPool(2);
    for (int i = 0; i < 1000; ++i) pool->Post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 1000);
}

TEST(ThreadPoolTest, UsesSeveralThreadsAtOnce) {
  std::latch both(2);  // outlives the pool, whose threads may still be leaving it
  auto pool = MakeThreadPool(2);
  for (int i = 0; i < 2; ++i) pool->Post([&] { both.arrive_and_wait(); });
  both.wait();  // would never end on one thread
}

TEST(ThreadPoolTest, MayBeDestroyedByOneOfItsOwnThreads) {
  std::promise<void> done;
  auto pool = MakeThreadPool(1);
  Executor* raw = pool.get();
  raw->Post([&done, last = std::make_shared<std::shared_ptr<Executor>>(std::move(pool))] {
    last->reset();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(ManualExecutorTest, RunsOnlyWhatWasWaiting) {
  ManualExecutor executor;
  int ran = 0;
  executor.Post([&] {
    ++ran;
    executor.Post([&] { ++ran; });
  });
  EXPECT_EQ(executor.RunPending(), 1u);
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(executor.RunPending(), 1u);
  EXPECT_EQ(executor.RunPending(), 0u);
  EXPECT_EQ(ran, 2);
}

TEST(ManualExecutorTest, WhatIsWaitingIsDestroyedUnrun) {
  auto token = std::make_shared<int>();
  bool ran = false;
  {
    ManualExecutor executor;
    executor.Post([&ran, token] { ran = true; });
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_FALSE(ran);
}

TEST(AwaitTest, WaitsForAnAnswerFromAnotherThread) {
  const int answer =
      internal::Await<int>({}, [](const CallOptions& options, std::function<void(int)> done) {
        EXPECT_EQ(options.executor, InlineExecutor());
        std::thread([done = std::move(done)] { done(42); }).detach();
      });
  EXPECT_EQ(answer, 42);
}

}  // namespace
}  // namespace gsh
