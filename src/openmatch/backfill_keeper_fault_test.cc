// The keeper when calls fail: one at each step, and all of them at random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "src/openmatch/backfill_keeper_fixture.h"

namespace gsh::openmatch {
namespace {

using Kind = BackfillEvent::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;

// Whatever happens, once it is quiet the backfill says what is free.
class BackfillChaosTest : public BackfillKeeperTest, public ::testing::WithParamInterface<int> {
 protected:
  std::uint64_t Below(std::uint64_t n) { return rng_.Next() % n; }
  void DoSomething() {
    const char* const methods[] = {"Create", "Acknowledge", "Update", "Delete"};
    const StatusCode codes[] = {StatusCode::kUnavailable, StatusCode::kDeadlineExceeded,
                                StatusCode::kNotFound};
    const std::string id = keeper_->state().backfill_id;
    const bool there = frontend_.stored_.contains(id);
    switch (Below(7)) {
      case 0:
        --free_;
        return keeper_->PlayerJoined();
      case 1:
        ++free_;
        return keeper_->PlayerLeft();
      case 2:
        return frontend_.Fail(methods[Below(4)], {.status = Status(codes[Below(3)], "chaos"),
                                                  .took_effect = Below(2) == 1});
      case 3: {
        if (!there || frontend_.seats(id) == "0") return;
        const auto seats = static_cast<std::uint32_t>(std::stoul(frontend_.seats(id)));
        return frontend_.Match(id, {"t" + std::to_string(++tickets_)}, {seats - 1});
      }
      case 4:
        if (there && Below(8) == 0) frontend_.stored_.erase(id);
        return;
      case 5:
        if (there && Below(8) == 0) frontend_.stored_[id].expired = true;
        return;
      default:
        clock_.Advance(milliseconds(Below(3000)));
    }
  }

  testing::SeededRng rng_{static_cast<std::uint64_t>(GetParam())};
  std::int64_t free_ = 5;
  int tickets_ = 0;
};

TEST_P(BackfillChaosTest, SettlesOnWhatIsFree) {
  auto options = Options();
  options.free_seats = {5};
  Start(std::move(options));
  for (int i = 0; i < 300; ++i) {
    // One digit is all that the fake's format can say.
    while (free_ > 8) {
      --free_;
      keeper_->PlayerJoined();
    }
    DoSomething();
    const BackfillState state = keeper_->state();
    ASSERT_LE(static_cast<std::int64_t>(state.open.at(0)), std::max<std::int64_t>(free_, 0));
  }
  frontend_.ClearFaults();
  clock_.Advance(seconds(180));
  const std::string id = keeper_->state().backfill_id;
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
  EXPECT_FALSE(keeper_->state().ended);
  if (free_ <= 0) {
    EXPECT_EQ(id, "");
  } else {
    ASSERT_TRUE(frontend_.stored_.contains(id));
    EXPECT_EQ(frontend_.seats(id), std::to_string(free_));
    EXPECT_THAT(frontend_.stored_[id].waiting, IsEmpty());
  }
  EXPECT_THAT(keeper_->Close(), IsOk());
  EXPECT_FALSE(frontend_.stored_.contains(id));
}

INSTANTIATE_TEST_SUITE_P(Seeds, BackfillChaosTest, ::testing::Range(1, 201));

// One call fails, before or after it took effect; in the end everything is as if it had not, but
// for a backfill that nobody knows of.
using Fault = std::tuple<std::string, StatusCode, bool>;
class BackfillFaultTest : public BackfillKeeperTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(BackfillFaultTest, IsSurvived) {
  const auto& [method, code, took_effect] = GetParam();
  frontend_.Fail(method, {.status = Status(code, "fault"), .took_effect = took_effect});
  Start();
  clock_.Advance(seconds(4));
  const auto id = [this] { return keeper_->state().backfill_id; };
  ASSERT_THAT(frontend_.ids(), Contains(id()));
  frontend_.Match(id(), {"t1"}, {2});
  clock_.Advance(seconds(4));
  keeper_->PlayerJoined();  // the expected one
  keeper_->PlayerJoined();  // one from elsewhere
  clock_.Advance(seconds(4));
  EXPECT_EQ(frontend_.seats(id()), "1");
  keeper_->PlayerJoined();
  clock_.Advance(seconds(4));
  EXPECT_EQ(id(), "");
  keeper_->PlayerLeft();
  keeper_->PlayerLeft();
  clock_.Advance(seconds(4));
  EXPECT_EQ(frontend_.seats(id()), "2");
  EXPECT_FALSE(keeper_->state().ended);
  EXPECT_THAT(Kinds(), Not(Contains(Kind::kFailed)));
  const std::string last = id();
  EXPECT_THAT(keeper_->Close(), IsOk());
  EXPECT_THAT(frontend_.ids(), Not(Contains(last)));
}

INSTANTIATE_TEST_SUITE_P(
    EachCall, BackfillFaultTest,
    ::testing::Combine(::testing::Values("Create", "Acknowledge", "Update", "Delete"),
                       ::testing::Values(StatusCode::kUnavailable, StatusCode::kDeadlineExceeded,
                                         StatusCode::kNotFound, StatusCode::kInternal,
                                         StatusCode::kAborted, StatusCode::kUnknown),
                       ::testing::Bool()));

}  // namespace
}  // namespace gsh::openmatch
