#include "src/matchsim/remainder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace gsh::matchsim {
namespace {

const std::vector<float> kBounds = {0, 25, 50};

TEST(RemainderTest, CellsThatNobodyJoinsAreDividedEachByItself) {
  // One region: 3 below 25, 6 from there on, 2 in no band.
  const std::vector<float> latencies = {1, 2, 24.9f, 25, 30, 40, 49, 50, 26, 51, NAN};
  EXPECT_EQ(LeastRemainder(latencies, 1, kBounds, 4), 3u + 2 + 2);
  EXPECT_EQ(LeastRemainder(latencies, 1, kBounds, 3), 0u + 0 + 2);
}

TEST(RemainderTest, ATicketThatFitsTwoCellsJoinsThem) {
  // Two of region a alone, two of b alone: nobody can play in fours.
  std::vector<float> latencies = {1, NAN, 1, NAN, NAN, 1, NAN, 1};
  EXPECT_EQ(LeastRemainder(latencies, 2, kBounds, 4), 4u);
  // A fifth and sixth that could play in either: of six only four may be matched at best.
  latencies.insert(latencies.end(), {2, 2, 2, 2});
  EXPECT_EQ(LeastRemainder(latencies, 2, kBounds, 4), 2u);
}

TEST(RemainderTest, NobodyAndNothing) {
  EXPECT_EQ(LeastRemainder({}, 2, kBounds, 4), 0u);
  EXPECT_EQ(LeastRemainder({}, 0, {}, 0), 0u);
}

}  // namespace
}  // namespace gsh::matchsim
