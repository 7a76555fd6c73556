#include "src/mmf/proposal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gsh::mmf {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_days;

// As protoc --encode=openmatch.DefaultEvaluationCriteria writes them.
TEST(EvaluationInput, IsTheMessageOnTheWire) {
  EXPECT_EQ(EvaluationInput(40).type_url,
            "type.googleapis.com/openmatch.DefaultEvaluationCriteria");
  EXPECT_EQ(EvaluationInput(40).value, std::string("\x09\0\0\0\0\0\0\x44\x40", 9));
  EXPECT_EQ(EvaluationInput(1000).value, std::string("\x09\0\0\0\0\0\x40\x8f\x40", 9));
  EXPECT_EQ(EvaluationInput(1.0 / 3).value, std::string("\x09\x55\x55\x55\x55\x55\x55\xd5\x3f", 9));
  EXPECT_EQ(EvaluationInput(0).value, "");
}

TEST(SampleScore, IsAThousandOverTheMean) {
  EXPECT_DOUBLE_EQ(SampleScore(25), 40);
  EXPECT_DOUBLE_EQ(SampleScore(0.5), 2000);
  EXPECT_DOUBLE_EQ(SampleScore(0), 1e6);
  EXPECT_TRUE(std::isfinite(SampleScore(5e-324)));
}

TEST(MatchTime, IsUtcWithHundredths) {
  const WallTime day = sys_days(std::chrono::year(2026) / 1 / 31);
  EXPECT_EQ(MatchTime(day + milliseconds(25509259)), "2026-01-31T07:05:09.25");
  EXPECT_EQ(MatchTime(day), "2026-01-31T00:00:00.00");
  EXPECT_EQ(MatchTime(day - milliseconds(1)), "2026-01-30T23:59:59.99");
}

TEST(MatchId, HasTheSamplesPrefixAndSixtyFourRandomBits) {
  EXPECT_EQ(MatchId("profile_double_arg:\"latency-us-east-1\" max:24", "T", 3, 0xabc),
            "profile-profile_double_arg:\"latency-us-east-1\" max:24-time-T-3-0000000000000abc");
  EXPECT_EQ(MatchId("p", "T", 0, ~std::uint64_t{0}), "profile-p-time-T-0-ffffffffffffffff");
}

}  // namespace
}  // namespace gsh::mmf
