#include "src/matchsim/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gsh::matchsim {
namespace {

using ::testing::ElementsAre;

TEST(StatisticsTest, NearestRanks) {
  std::vector<float> numbers;
  for (int i = 1; i <= 200; ++i) numbers.push_back(static_cast<float>(i));
  const Summary summary = Summarize(numbers);
  EXPECT_EQ(summary.count, 200u);
  EXPECT_EQ(summary.mean, 100.5);
  EXPECT_EQ(summary.min, 1);
  EXPECT_EQ(summary.p50, 100);
  EXPECT_EQ(summary.p90, 180);
  EXPECT_EQ(summary.p95, 190);
  EXPECT_EQ(summary.p99, 198);
  EXPECT_EQ(summary.max, 200);
}

TEST(StatisticsTest, OneNumberAndNone) {
  const std::vector<float> one = {7};
  EXPECT_EQ(Summarize(one).p50, 7);
  EXPECT_EQ(Summarize(one).p99, 7);
  EXPECT_EQ(Summarize({}).count, 0u);
  EXPECT_EQ(Summarize({}).max, 0);
}

TEST(StatisticsTest, HistogramKeepsWhatLiesBeyond) {
  const std::vector<float> numbers = {0, 1.9f, 2, 3, 5.99f, 6, 1000};
  EXPECT_THAT(Count(numbers, 2, 3).counts, ElementsAre(2, 2, 3));
  EXPECT_THAT(Count({}, 1, 2).counts, ElementsAre(0, 0));
}

TEST(StatisticsTest, RoundWidths) {
  EXPECT_EQ(RoundWidth(100, 50), 2);
  EXPECT_EQ(RoundWidth(101, 50), 5);
  EXPECT_EQ(RoundWidth(300, 50), 10);
  EXPECT_EQ(RoundWidth(0, 50), 1);
  EXPECT_NEAR(RoundWidth(0.6, 3), 0.2, 1e-12);
}

}  // namespace
}  // namespace gsh::matchsim
