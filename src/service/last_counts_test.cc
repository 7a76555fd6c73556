#include "src/service/last_counts.h"

#include <gtest/gtest.h>

namespace gsh::service {
namespace {

TEST(LastCounts, TheFirstNothingIsNewsAndSoIsEverySomething) {
  LastCounts counts;
  EXPECT_TRUE(counts.IsNews("a", 0));
  EXPECT_FALSE(counts.IsNews("a", 0));
  EXPECT_TRUE(counts.IsNews("b", 0));
  EXPECT_TRUE(counts.IsNews("a", 2));
  EXPECT_TRUE(counts.IsNews("a", 2));
  EXPECT_TRUE(counts.IsNews("a", 0));
  EXPECT_FALSE(counts.IsNews("a", 0));
}

TEST(LastCounts, ManyNamesAreForgottenAtTimes) {
  LastCounts counts;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(counts.IsNews(std::to_string(i), 0));
  EXPECT_FALSE(counts.IsNews("0", 0));
  EXPECT_TRUE(counts.IsNews("one more", 0));
  EXPECT_TRUE(counts.IsNews("0", 0));
}

}  // namespace
}  // namespace gsh::service
