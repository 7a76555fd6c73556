#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stop_token>
#include <string>
#include <thread>

#include "gsh/kubernetes/leader_election.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/kubernetes/fake_leases.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::seconds;

class RunWhileLeadingTest : public ::testing::Test {
 protected:
  LeaderElectionOptions Options() {
    return {.ns = "games", .name = "l", .identity = "a", .clock = &clock_, .rng = &rng_};
  }
  static void WaitUntilStopped(const std::stop_token& stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
  }
  gsh::testing::ManualClock clock_;
  gsh::testing::FixedRng rng_{0};
  LeaseStore store_;
  FakeLeases leases_{store_};
};

TEST_F(RunWhileLeadingTest, WhatWorkReturnsIsTheResult) {
  EXPECT_THAT(RunWhileLeading(leases_, Options(), {},
                              [](const std::stop_token&) { return NotFoundError("done"); }),
              StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(store_.leases.at("games/l").holder, "");  // released
  EXPECT_THAT(RunWhileLeading(leases_, {}, {}, [](const std::stop_token&) { return OkStatus(); }),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(RunWhileLeadingTest, WorkIsStoppedWhenTheLeaseIsLostAndBegunAgain) {
  std::stop_source stop;
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  std::thread runner([&] {
    EXPECT_THAT(RunWhileLeading(leases_, Options(), stop.get_token(),
                                [&](const std::stop_token& term) {
                                  ++begun;
                                  WaitUntilStopped(term);
                                  ++ended;
                                  return OkStatus();
                                }),
                IsOk());
  });
  while (begun < 1) std::this_thread::yield();
  leases_.way = FakeLeases::Way::kFails;
  while (ended < 1) clock_.AdvanceToNext(), std::this_thread::yield();
  EXPECT_GE(clock_.Now(), *store_.leases.at("games/l").renew_time + seconds(10));
  leases_.way = FakeLeases::Way::kOpen;
  while (begun < 2) clock_.AdvanceToNext(), std::this_thread::yield();
  stop.request_stop();
  runner.join();
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(store_.leases.at("games/l").holder, "");
}

TEST_F(RunWhileLeadingTest, OneThatNeverLeadsStopsToo) {
  store_.leases["games/l"] = {.ns = "games", .name = "l", .holder = "b", .duration = seconds(15)};
  std::stop_source stop;
  std::thread runner([&] {
    EXPECT_THAT(RunWhileLeading(leases_, Options(), stop.get_token(),
                                [](const std::stop_token&) {
                                  ADD_FAILURE() << "it is another's";
                                  return OkStatus();
                                }),
                IsOk());
  });
  clock_.WaitForTimers();
  stop.request_stop();
  runner.join();
  EXPECT_EQ(store_.leases.at("games/l").holder, "b");
}

TEST(CandidateIdentity, IsThePodOrTheHostWithChance) {
  gsh::testing::SeededRng rng(1);
  const std::map<std::string, std::string> variables = {{"POD_NAME", "director-0"}};
  const gsh::testing::FakeEnv pod(variables);
  EXPECT_EQ(CandidateIdentity(pod, rng), "director-0");
  const gsh::testing::FakeEnv none;
  EXPECT_NE(CandidateIdentity(none, rng), CandidateIdentity(none, rng));
}

}  // namespace
}  // namespace gsh::kubernetes
