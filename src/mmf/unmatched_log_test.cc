#include "gsh/mmf/unmatched_log.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gsh::mmf {
namespace {

using matcher::Unmatched;

void RecordOne(UnmatchedLog& log, const std::string& id, Unmatched reason,
               WallTime when = WallTime()) {
  const std::string profile = "p-" + id;
  const std::string_view ticket = id;
  log.Record({.profile = profile, .ticket_ids = {&ticket, 1}, .reasons = {&reason, 1}}, when);
}

TEST(UnmatchedLog, KnowsTheLastReason) {
  UnmatchedLog log;
  RecordOne(log, "a", Unmatched::kOutsideBands);
  const WallTime later = WallTime() + std::chrono::seconds(5);
  RecordOne(log, "a", Unmatched::kNotEnoughNeighbours, later);
  const auto entry = log.Find("a");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->reason, Unmatched::kNotEnoughNeighbours);
  EXPECT_EQ(entry->profile, "p-a");
  EXPECT_EQ(entry->when, later);
  EXPECT_FALSE(log.Find("b").has_value());
}

TEST(UnmatchedLog, ForgetsWhoIsProposed) {
  UnmatchedLog log;
  RecordOne(log, "a", Unmatched::kUnreachable);
  RecordOne(log, "a", Unmatched::kMatched);
  EXPECT_FALSE(log.Find("a").has_value());
  EXPECT_EQ(log.size(), 0u);
}

TEST(UnmatchedLog, KeepsTheNewest) {
  UnmatchedLog log(3);
  for (const char* id : {"a", "b", "c"}) RecordOne(log, id, Unmatched::kUnreachable);
  RecordOne(log, "a", Unmatched::kUnreachable);  // new again
  RecordOne(log, "d", Unmatched::kUnreachable);
  EXPECT_EQ(log.size(), 3u);
  EXPECT_FALSE(log.Find("b").has_value());
  for (const char* id : {"a", "c", "d"}) EXPECT_TRUE(log.Find(id).has_value()) << id;
}

TEST(UnmatchedLog, MayKeepNothing) {
  UnmatchedLog log(0);
  RecordOne(log, "a", Unmatched::kUnreachable);
  EXPECT_EQ(log.size(), 0u);
}

}  // namespace
}  // namespace gsh::mmf
