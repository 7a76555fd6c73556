#include "src/testing/sandbox/open_match/synchronizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/testing/sandbox/open_match/test_messages.h"

namespace gsh::sandbox {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Remembers what it was told.
class FakeCaller : public Synchronizer::Caller {
 public:
  void OnStart() override { started = true; }
  void OnCutoff() override { cut_off = true; }
  void OnEnd(Status status, std::vector<MatchPtr> accepted) override {
    EXPECT_FALSE(end) << "told twice";
    end = status;
    for (const auto& match : accepted) matches.push_back(match->match_id());
  }

  bool started = false;
  bool cut_off = false;
  std::optional<Status> end;
  std::vector<std::string> matches;
};

class SynchronizerTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeCaller> Register() {
    auto caller = std::make_shared<FakeCaller>();
    synchronizer_->Register(caller);
    return caller;
  }
  void Propose(const std::shared_ptr<FakeCaller>& caller, const wire_openmatch::Match& match) {
    synchronizer_->Propose(caller.get(), std::make_unique<serialised::Match>(Serialised(match)));
  }
  void Done(const std::shared_ptr<FakeCaller>& caller) {
    synchronizer_->DoneProposing(caller.get());
  }

  gsh::testing::ManualClock clock_;
  std::vector<std::string> pending_;
  int cleaned_ = 0;
  std::shared_ptr<ManualExecutor> executor_ = std::make_shared<ManualExecutor>();
  std::shared_ptr<Synchronizer> synchronizer_ = Synchronizer::Make({
      .registration_interval = milliseconds(250),
      .proposal_collection_interval = seconds(20),
      .clock = &clock_,
      .executor = executor_,
      .add_pending = [this](auto ids) { pending_.insert(pending_.end(), ids.begin(), ids.end()); },
      .clean_up = [this] { ++cleaned_; },
      .log = nullptr,
  });
};

TEST_F(SynchronizerTest, StartsAtOnceAndEndsWithTheRegistrationWindow) {
  const auto caller = Register();
  EXPECT_TRUE(caller->started);
  Propose(caller, Proposal("m", {"t1", "t2"}, 1));
  Done(caller);
  clock_.Advance(milliseconds(249));
  EXPECT_EQ(executor_->RunPending(), 0u);
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(executor_->RunPending(), 1u);
  ASSERT_TRUE(caller->end);
  EXPECT_THAT(*caller->end, IsOk());
  EXPECT_THAT(caller->matches, ElementsAre("m"));
  EXPECT_THAT(pending_, ElementsAre("t1", "t2"));
  EXPECT_EQ(cleaned_, 1);
  EXPECT_EQ(clock_.pending(), 0u);  // nothing waits for the 20 s
}

TEST_F(SynchronizerTest, EndsAsSoonAsTheLastMatchFunctionIsDone) {
  const auto quick = Register(), slow = Register();
  Done(quick);
  clock_.Advance(seconds(5));
  EXPECT_EQ(executor_->RunPending(), 0u);
  Propose(slow, Proposal("m", {"t"}, 1));
  Done(slow);
  executor_->RunPending();
  EXPECT_THAT(slow->matches, ElementsAre("m"));
  ASSERT_TRUE(quick->end);
  EXPECT_THAT(quick->matches, IsEmpty());
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(SynchronizerTest, CallersGetTheirOwnMatchesAndCollisionsAreDecidedByScore) {
  const auto a = Register(), b = Register();
  Propose(a, Proposal("a1", {"t1", "t2"}, 1));
  Propose(a, Proposal("a2", {"t3"}, 4));
  Propose(b, Proposal("b1", {"t2"}, 5));
  Done(a);
  Done(b);
  clock_.Advance(milliseconds(250));
  executor_->RunPending();
  EXPECT_THAT(a->matches, ElementsAre("a2"));
  EXPECT_THAT(b->matches, ElementsAre("b1"));
  EXPECT_THAT(pending_, ElementsAre("t2", "t3"));
}

TEST_F(SynchronizerTest, CutsSlowMatchFunctionsOff) {
  const auto caller = Register();
  Propose(caller, Proposal("early", {"t1"}, 1));
  clock_.Advance(milliseconds(250) + seconds(20) - milliseconds(1));
  EXPECT_FALSE(caller->cut_off);
  clock_.Advance(milliseconds(1));
  EXPECT_TRUE(caller->cut_off);
  Propose(caller, Proposal("late", {"t2"}, 1));
  executor_->RunPending();
  EXPECT_THAT(caller->matches, ElementsAre("early"));
  EXPECT_THAT(pending_, ElementsAre("t1"));
}

TEST_F(SynchronizerTest, LaterCallersWaitForTheNextCycle) {
  const auto first = Register();
  clock_.Advance(milliseconds(250));
  const auto second = Register();
  EXPECT_FALSE(second->started);
  Done(first);
  const auto third = Register();  // while it evaluates
  executor_->RunPending();
  EXPECT_TRUE(first->end);
  EXPECT_TRUE(second->started);
  EXPECT_TRUE(third->started);
  Propose(second, Proposal("m2", {"t2"}, 1));
  Done(second);
  Done(third);
  clock_.Advance(milliseconds(250));
  executor_->RunPending();
  EXPECT_THAT(second->matches, ElementsAre("m2"));
  EXPECT_TRUE(third->end);
}

TEST_F(SynchronizerTest, TheSameMatchIdFromTwoCallersFailsTheCycle) {
  const auto a = Register(), b = Register();
  Propose(a, Proposal("same", {"t1"}, 1));
  Propose(b, Proposal("same", {"t2"}, 1));
  ASSERT_TRUE(a->end);
  ASSERT_TRUE(b->end);
  EXPECT_THAT(*a->end, StatusIs(StatusCode::kUnknown, HasSubstr("same")));
  EXPECT_THAT(*b->end, StatusIs(StatusCode::kUnknown));
  const auto late = Register();  // the window is still open
  EXPECT_FALSE(late->started);
  ASSERT_TRUE(late->end);
  EXPECT_FALSE(late->end->ok());

  clock_.Advance(milliseconds(250));
  executor_->RunPending();
  EXPECT_THAT(pending_, IsEmpty());
  const auto next = Register();  // and the next cycle is a new one
  Propose(next, Proposal("same", {"t1"}, 1));
  Done(next);
  clock_.Advance(milliseconds(250));
  executor_->RunPending();
  EXPECT_THAT(next->matches, ElementsAre("same"));
}

TEST_F(SynchronizerTest, ACallerThatLeftIsNotWaitedForAndHearsNothing) {
  const auto gone = Register(), stays = Register();
  Propose(gone, Proposal("g", {"t1"}, 2));
  Propose(stays, Proposal("s", {"t1"}, 1));
  Done(stays);
  clock_.Advance(seconds(1));
  synchronizer_->Leave(gone.get());
  executor_->RunPending();
  EXPECT_FALSE(gone->end);
  ASSERT_TRUE(stays->end);
  // Its proposals still count, as with the real synchronizer.
  EXPECT_THAT(stays->matches, IsEmpty());
  EXPECT_THAT(pending_, ElementsAre("t1"));
}

TEST_F(SynchronizerTest, WithoutAnyCallerLeftNothingBecomesPending) {
  const auto caller = Register();
  Propose(caller, Proposal("m", {"t1"}, 1));
  synchronizer_->Leave(caller.get());
  clock_.Advance(milliseconds(250));
  executor_->RunPending();
  EXPECT_THAT(pending_, IsEmpty());
  EXPECT_TRUE(Register()->started);
}

TEST_F(SynchronizerTest, ACallerMayLeaveBeforeItsCycle) {
  const auto first = Register();
  clock_.Advance(milliseconds(250));
  const auto waits = Register();
  synchronizer_->Leave(waits.get());
  Done(first);
  executor_->RunPending();
  EXPECT_FALSE(waits->started);
  EXPECT_EQ(clock_.pending(), 0u);  // no cycle was opened for it
}

TEST_F(SynchronizerTest, MayGoBeforeItsTimers) {
  const auto caller = Register();
  synchronizer_.reset();
  clock_.Advance(seconds(30));
  EXPECT_FALSE(caller->end);
}

}  // namespace
}  // namespace gsh::sandbox
