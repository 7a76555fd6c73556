#include "gsh/kubernetes/leader_election.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/kubernetes/fake_leases.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Way = FakeLeases::Way;

class LeaderElectionTest : public ::testing::Test {
 protected:
  struct One {
    explicit One(LeaseStore& store) : leases(store) {}
    FakeLeases leases;
    std::vector<std::string> said;
    std::unique_ptr<LeaderElector> elector;
    bool acts = false;  // between on_started and on_stopped
  };

  std::unique_ptr<One> Start(const std::string& identity) {
    auto one = std::make_unique<One>(store_);
    One& it = *one;
    auto elector = LeaderElector::Start(
        it.leases, {.ns = "games",
                    .name = "director",
                    .identity = identity,
                    .on_started =
                        [this, &it] {
                          it.said.push_back("started");
                          it.acts = true;
                          EXPECT_EQ(++acting_, 1);
                        },
                    .on_stopped =
                        [this, &it] {
                          it.said.push_back("stopped");
                          it.acts = false;
                          --acting_;
                        },
                    .on_new_leader = [&it](const std::string& who) { it.said.push_back(who); },
                    .executor = InlineExecutor(),
                    .clock = &clock_,
                    .rng = &rng_,
                    .metrics = &metrics_});
    EXPECT_THAT(elector, IsOk());
    it.elector = *std::move(elector);
    return one;
  }
  const Lease& lease() { return store_.leases.at("games/director"); }
  // Step by step, so that whatever must never be is seen.
  void Pass(Duration time, const std::function<void()>& check = {}) {
    for (Duration passed{0}; passed < time; passed += milliseconds(100)) {
      clock_.Advance(milliseconds(100));
      if (check) check();
    }
  }

  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  gsh::testing::RecordingMetrics metrics_;
  LeaseStore store_;
  int acting_ = 0;
};

TEST_F(LeaderElectionTest, TheFirstOneLeadsAndRenews) {
  const auto a = Start("a");
  EXPECT_TRUE(a->elector->IsLeader());
  EXPECT_THAT(a->said, ::testing::UnorderedElementsAre("a", "started"));
  EXPECT_EQ(lease().holder, "a");
  EXPECT_EQ(lease().duration, seconds(15));
  EXPECT_EQ(lease().acquire_time, clock_.Now());
  const auto acquired = lease().acquire_time;
  Pass(seconds(60));
  EXPECT_TRUE(a->elector->IsLeader());
  EXPECT_EQ(lease().acquire_time, acquired);
  EXPECT_GE(*lease().renew_time, clock_.Now() - seconds(2));
  EXPECT_EQ(lease().transitions, 0);
  EXPECT_EQ(metrics_.Value("gsh_leader{lease=games/director}"), 1);
  EXPECT_LE(a->leases.calls(), 33);  // once in two seconds, without reading
}

TEST_F(LeaderElectionTest, TheSecondOneWaitsUntilTheFirstGivesTheLeaseBack) {
  auto a = Start("a");
  const auto b = Start("b");
  Pass(seconds(60));
  EXPECT_FALSE(b->elector->IsLeader());
  EXPECT_THAT(b->said, ElementsAre("a"));
  a->elector.reset();
  EXPECT_THAT(a->said, ::testing::Contains("stopped"));
  EXPECT_EQ(lease().holder, "");
  Pass(seconds(5));  // no lease_duration to wait for
  EXPECT_TRUE(b->elector->IsLeader());
  EXPECT_EQ(lease().transitions, 1);
}

TEST_F(LeaderElectionTest, ADeadLeadersLeaseEndsAfterItsDuration) {
  auto a = Start("a");
  const auto b = Start("b");
  a->leases.way = Way::kFails;  // as if it were gone
  const SteadyTime died = clock_.SteadyNow();
  while (!b->elector->IsLeader()) {
    Pass(milliseconds(100));
    ASSERT_LT(clock_.SteadyNow() - died, seconds(25));
  }
  EXPECT_GE(clock_.SteadyNow() - died, seconds(15));
}

TEST_F(LeaderElectionTest, ALeaderWithoutAnswersStopsBeforeAnotherStarts) {
  for (const Way way : {Way::kFails, Way::kHangs}) {
    store_ = {};
    const auto a = Start("a");
    const auto b = Start("b");
    Pass(seconds(5));
    a->leases.way = way;
    const SteadyTime cut = clock_.SteadyNow();
    Pass(seconds(40), [&] {
      EXPECT_FALSE(a->acts && b->acts);
      EXPECT_FALSE(a->elector->IsLeader() && b->elector->IsLeader());
      EXPECT_EQ(a->elector->IsLeader(), a->acts);
      if (clock_.SteadyNow() - cut >= seconds(10)) {
        EXPECT_FALSE(a->acts);
      }
    });
    EXPECT_TRUE(b->elector->IsLeader());
    EXPECT_THAT(a->said, ::testing::Contains("stopped"));
    // When the way opens again, the old leader is a candidate.
    a->leases.way = Way::kOpen;
    a->leases.Release();
    Pass(seconds(20), [&] { EXPECT_FALSE(a->acts); });
    EXPECT_EQ(a->said.back(), "b");
  }
}

TEST_F(LeaderElectionTest, AnOutageShorterThanTheDeadlineIsOutlived) {
  const auto a = Start("a");
  const auto b = Start("b");
  Pass(seconds(4));
  a->leases.way = Way::kFails;
  Pass(seconds(7));
  a->leases.way = Way::kOpen;
  Pass(seconds(30));
  EXPECT_TRUE(a->elector->IsLeader());
  EXPECT_THAT(a->said, ::testing::Not(::testing::Contains("stopped")));
  EXPECT_FALSE(b->elector->IsLeader());
}

TEST_F(LeaderElectionTest, ARenewalWhoseAnswerIsLostIsReadBack) {
  const auto a = Start("a");
  Pass(seconds(1));
  a->leases.way = Way::kLosesAnswer;
  Pass(seconds(3));
  a->leases.way = Way::kOpen;
  Pass(seconds(30));
  EXPECT_TRUE(a->elector->IsLeader());
  EXPECT_THAT(a->said, ::testing::Not(::testing::Contains("stopped")));
}

TEST_F(LeaderElectionTest, AClockThatIsWrongElsewhereDoesNotMatter) {
  const auto a = Start("a");
  Pass(seconds(1));
  // Another machine's times, years away: what counts is when this one sees a change.
  Lease& stored = store_.leases.at("games/director");
  stored.holder = "c";
  stored.renew_time = clock_.Now() - std::chrono::hours(100'000);
  stored.resource_version = std::to_string(++store_.version);
  Pass(seconds(3));
  EXPECT_FALSE(a->elector->IsLeader());  // at once: it is another's
  EXPECT_THAT(a->said, ::testing::Contains("stopped"));
  Pass(seconds(10));
  EXPECT_FALSE(a->elector->IsLeader());
  Pass(seconds(10));
  EXPECT_TRUE(a->elector->IsLeader());
}

TEST_F(LeaderElectionTest, ALeaseThatIsDeletedIsMadeAnew) {
  const auto a = Start("a");
  Pass(seconds(1));
  store_.leases.clear();
  Pass(seconds(10));
  EXPECT_EQ(lease().holder, "a");
  EXPECT_TRUE(a->elector->IsLeader());
}

TEST_F(LeaderElectionTest, NeverTwoWhateverHappensOnTheWay) {
  const auto a = Start("a");
  const auto b = Start("b");
  const auto c = Start("c");
  gsh::testing::SeededRng chance(5);
  int changes = 0;
  const One* last = nullptr;
  for (int step = 0; step < 3000; ++step) {
    for (One* one : {a.get(), b.get(), c.get()}) {
      if (chance.Next() % 20 != 0) continue;
      constexpr Way kWays[] = {Way::kOpen, Way::kOpen, Way::kFails, Way::kLosesAnswer, Way::kHangs};
      one->leases.way = kWays[chance.Next() % 5];
      if (one->leases.way != Way::kHangs) one->leases.Release();
    }
    clock_.Advance(milliseconds(chance.Next() % 3000));
    const int leaders = a->acts + b->acts + c->acts;
    ASSERT_LE(leaders, 1) << step;
    for (One* one : {a.get(), b.get(), c.get()}) {
      EXPECT_EQ(one->acts, one->elector->IsLeader());
      if (one->acts && last != one) ++changes, last = one;
    }
  }
  EXPECT_GT(changes, 10);
}

TEST_F(LeaderElectionTest, OptionsAreChecked) {
  FakeLeases leases(store_);
  EXPECT_THAT(LeaderElector::Start(
                  leases, {.lease_duration = milliseconds(9500), .retry_period = seconds(9)}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("ns is"), HasSubstr("name is"), HasSubstr("identity"),
                             HasSubstr("renew_deadline is not"),
                             HasSubstr("lease_duration is not "
                                       "more"),
                             HasSubstr("whole seconds"))));
  EXPECT_EQ(leases.calls(), 0);
}

}  // namespace
}  // namespace gsh::kubernetes
