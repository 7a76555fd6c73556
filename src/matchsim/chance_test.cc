#include "src/matchsim/chance.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace gsh::matchsim {
namespace {

// SplitMix64's published first outputs for the seed 1234567.
TEST(ChanceTest, IsSplitMix64) {
  SeededRng rng(1234567);
  EXPECT_EQ(rng.Next(), 6457827717110365317ULL);
  EXPECT_EQ(rng.Next(), 3203168211198807973ULL);
  EXPECT_EQ(rng.Next(), 9817491932198370423ULL);
}

TEST(ChanceTest, SubjectsAndIndicesAreIndependent) {
  const std::uint64_t first = SeededRng(1, 0, 0).Next();
  EXPECT_EQ(SeededRng(1, 0, 0).Next(), first);
  EXPECT_NE(SeededRng(2, 0, 0).Next(), first);
  EXPECT_NE(SeededRng(1, 1, 0).Next(), first);
  EXPECT_NE(SeededRng(1, 0, 1).Next(), first);
}

TEST(ChanceTest, NormalHasItsMoments) {
  SeededRng rng(7);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = Normal(rng);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
}

TEST(ChanceTest, LogNormalHasItsMedianAndExponentialItsMean) {
  SeededRng rng(8);
  int below = 0;
  double sum = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    below += LogNormal(rng, 8, 0.5) < 8 ? 1 : 0;
    sum += Exponential(rng, 3);
  }
  EXPECT_NEAR(below, kDraws / 2, 700);
  EXPECT_NEAR(sum / kDraws, 3, 0.05);
}

TEST(ChanceTest, WeightedFollowsTheWeights) {
  SeededRng rng(9);
  const std::array<double, 4> weights = {1, 0, 3, 0};
  std::array<int, 4> hits = {};
  for (int i = 0; i < 40'000; ++i) ++hits[Weighted(rng, weights)];
  EXPECT_EQ(hits[1], 0);
  EXPECT_EQ(hits[3], 0);
  EXPECT_NEAR(hits[0], 10'000, 400);
}

TEST(ChanceTest, UniformBelowReachesAllAndNoMore) {
  SeededRng rng(10);
  std::vector<int> hits(5);
  for (int i = 0; i < 1000; ++i) ++hits.at(UniformBelow(rng, 5));
  for (const int count : hits) EXPECT_GT(count, 120);
  EXPECT_EQ(UniformBelow(rng, 1), 0u);
}

}  // namespace
}  // namespace gsh::matchsim
