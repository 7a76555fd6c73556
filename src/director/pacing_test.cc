#include "src/director/pacing.h"

#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/fakes.h"

namespace gsh::director {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Duration kNone{0};

TEST(PacingTest, AdaptiveGoesOnAtOnceAfterMatchesAndBacksOffWhenIdle) {
  testing::FixedRng rng(~0ULL);
  Pacing pacing(std::nullopt, rng);
  EXPECT_EQ(pacing.Next(RoundKind::kBusy, kNone), kNone);
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, kNone), milliseconds(250));
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, milliseconds(260)), milliseconds(240));
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, seconds(9)), kNone);
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, kNone), seconds(1));
  EXPECT_EQ(pacing.Next(RoundKind::kBusy, kNone), kNone);
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, kNone), milliseconds(250));
}

TEST(PacingTest, AnIntervalIsBetweenTheStartsOfRounds) {
  testing::FixedRng rng(~0ULL);
  Pacing pacing(seconds(5), rng);
  EXPECT_EQ(pacing.Next(RoundKind::kBusy, seconds(2)), seconds(3));
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, seconds(5)), kNone);
  EXPECT_EQ(pacing.Next(RoundKind::kIdle, seconds(7)), kNone);
  Pacing at_once(Duration{0}, rng);
  EXPECT_EQ(at_once.Next(RoundKind::kIdle, kNone), kNone);
}

TEST(PacingTest, FailedRoundsBackOffWithJitterWhateverTheInterval) {
  testing::FixedRng high(~0ULL);
  Pacing pacing(Duration{0}, high);
  Duration last = kNone;
  for (int i = 0; i < 5; ++i) {
    const Duration next = pacing.Next(RoundKind::kFailed, kNone);
    EXPECT_GT(next, last);
    last = next;
  }
  EXPECT_NEAR(static_cast<double>(last.count()), 4e9, 1e3);
  EXPECT_EQ(pacing.Next(RoundKind::kBusy, kNone), kNone);
  testing::FixedRng low(0);
  EXPECT_EQ(Pacing(Duration{0}, low).Next(RoundKind::kFailed, kNone), milliseconds(125));
  EXPECT_EQ(Pacing(seconds(5), low).Next(RoundKind::kFailed, kNone), seconds(5));
}

}  // namespace
}  // namespace gsh::director
