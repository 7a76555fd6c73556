#include "src/testing/sandbox/open_match/xid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"

namespace gsh::sandbox {
namespace {

// 2026-01-01T00:00:00Z is 0x6955b900; process bytes and counter 0: a known encoding.
TEST(XidTest, EncodesTimeProcessAndCounter) {
  gsh::testing::ManualClock clock;
  gsh::testing::FixedRng rng(0);
  XidGenerator ids(clock, rng);
  EXPECT_EQ(ids.Next(), "d5ari000000000000000");
  EXPECT_EQ(ids.Next(), "d5ari00000000000000g");  // the last byte ends in four padding bits
}

TEST(XidTest, IsUniqueAndSortsByAge) {
  gsh::testing::ManualClock clock;
  gsh::testing::SeededRng rng(1);
  XidGenerator ids(clock, rng);
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 2000; ++i) {
    if (i % 500 == 0) clock.Advance(std::chrono::seconds(1));
    const std::string id = ids.Next();
    EXPECT_THAT(id, ::testing::MatchesRegex("[0-9a-v]{20}"));
    EXPECT_LT(last, id);
    last = id;
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace gsh::sandbox
