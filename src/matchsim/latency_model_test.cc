#include "src/matchsim/latency_model.h"

#include <gtest/gtest.h>

#include "src/matchsim/chance.h"

namespace gsh::matchsim {
namespace {

TEST(LatencyModelTest, GivesWhatIsMeasuredOnWellKnownPaths) {
  EXPECT_NEAR(PathMs(5570), 73, 2);    // London to New York: 70 to 80 ms
  EXPECT_NEAR(PathMs(8800), 114, 3);   // Los Angeles to Tokyo: 100 to 115 ms
  EXPECT_NEAR(PathMs(330), 6.5, 0.5);  // New York to Virginia: 6 to 7 ms
  EXPECT_EQ(PathMs(0), 0);
}

TEST(LatencyModelTest, FartherIsNeverNearer) {
  for (double km = 0; km < 20'000; km += 10) EXPECT_LT(PathMs(km), PathMs(km + 10)) << km;
}

TEST(LatencyModelTest, JitterIsAsWideAsTheConstantsSay) {
  SeededRng rng(3);
  int last_mile_within = 0;
  int path_within = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    const double last_mile = SampleLastMileMs(rng);
    const double path = SamplePathMs(rng, 5570) / PathMs(5570);
    last_mile_within += last_mile > 3 && last_mile < 21 ? 1 : 0;
    path_within += path > 0.8 && path < 1.22 ? 1 : 0;
  }
  EXPECT_NEAR(last_mile_within, kDraws * 0.9, kDraws * 0.02);
  EXPECT_NEAR(path_within, kDraws * 0.9, kDraws * 0.05);
}

}  // namespace
}  // namespace gsh::matchsim
