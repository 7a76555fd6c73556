#include "gsh/aws/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gsh/testing/matchers.h"

namespace gsh::aws {
namespace {

using testing::StatusIs;

// Goes through all that `fetch` gives: how many items there were, and how it ended.
struct Walk {
  int items = 0;
  Status end = {};
};

Walk Through(PageRange<int> range) {
  Walk walk;
  for (const StatusOr<int>& item : range) {
    if (!item.ok()) {
      walk.end = item.status();
    } else {
      ++walk.items;
    }
  }
  return walk;
}

TEST(PageRange, EmptyPagesAreNoEnd) {
  int page = 0;
  std::vector<std::string> tokens;
  const Walk walk = Through(PageRange<int>([&](std::string token) -> StatusOr<Page<int>> {
    tokens.push_back(std::move(token));
    if (++page == 4) return Page<int>{.items = {7}};
    return Page<int>{.next_token = std::to_string(page)};
  }));
  EXPECT_EQ(walk.items, 1);
  EXPECT_TRUE(walk.end.ok());
  EXPECT_THAT(tokens, ::testing::ElementsAre("", "1", "2", "3"));
}

TEST(PageRange, ManyPagesAreNoCircle) {
  int page = 0;
  const Walk walk = Through(PageRange<int>([&](const std::string&) -> StatusOr<Page<int>> {
    ++page;
    return Page<int>{.items = {1, 2}, .next_token = page == 1000 ? "" : std::to_string(page)};
  }));
  EXPECT_EQ(walk.items, 2000);
  EXPECT_TRUE(walk.end.ok());
}

TEST(PageRange, TokensThatGoInACircleEndIt) {
  for (const int period : {1, 2, 3, 10}) {
    int page = 0;
    const Walk walk = Through(PageRange<int>([&](const std::string&) -> StatusOr<Page<int>> {
      if (page == 200) return UnavailableError("would go on for ever");
      return Page<int>{.items = {1}, .next_token = std::to_string(page++ % period)};
    }));
    EXPECT_THAT(walk.end, StatusIs(StatusCode::kInternal, "the service gave a page token twice"))
        << period;
    EXPECT_LE(page, 4 * period + 1);
  }
}

}  // namespace
}  // namespace gsh::aws
