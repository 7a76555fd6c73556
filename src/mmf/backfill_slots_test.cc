#include "gsh/mmf/backfill_slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "gsh/testing/matchers.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using testing::StatusIs;

openmatch::Backfill WithJson(const std::string& json) {
  return {.id = "b1", .extensions = {{kBackfillExtension, AnyString(json)}}};
}

TEST(BackfillSlots, AreReadAsTheyWereWritten) {
  const BackfillSlots written{.region = "us-east-1",
                              .open_slots = {2, 0},
                              .lowest_latency_ms = 20.1f,
                              .highest_latency_ms = 45};
  const Any any = BackfillSlotsToAny(written);
  EXPECT_THAT(StringOf(any),
              Optional(std::string(
                  R"({"region":"us-east-1","open_slots":[2,0],"latency_ms":[20.1,45.0]})")));
  const auto read = BackfillSlotsOf({.extensions = {{kBackfillExtension, any}}});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->region, "us-east-1");
  EXPECT_THAT(read->open_slots, ElementsAre(2, 0));
  EXPECT_EQ(read->lowest_latency_ms, 20.1f);
  EXPECT_EQ(read->highest_latency_ms, 45);
}

TEST(BackfillSlots, ANumberIsOneTeamAndLatenciesMayBeUnknown) {
  const auto read = BackfillSlotsOf(WithJson(R"({"region":"a","open_slots":3})"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->open_slots, ElementsAre(3));
  EXPECT_TRUE(std::isnan(read->lowest_latency_ms));
  EXPECT_TRUE(std::isnan(read->highest_latency_ms));
  EXPECT_THAT(StringOf(BackfillSlotsToAny(*read)),
              Optional(std::string(R"({"region":"a","open_slots":[3]})")));
}

TEST(BackfillSlots, SomebodyElsesBackfillHasNone) {
  EXPECT_THAT(BackfillSlotsOf({.id = "b"}), StatusIs(StatusCode::kNotFound));
}

struct Bad {
  const char* json;
  const char* path;
};

TEST(BackfillSlots, AMistakeIsNamedWithItsPath) {
  for (const Bad& bad : {
           Bad{"[]", "$: must be an object"},
           Bad{"{", "$: is not JSON"},
           Bad{R"({"open_slots":1})", "$.region: is missing"},
           Bad{R"({"region":"a"})", "$.open_slots: is missing"},
           Bad{R"({"region":"","open_slots":1})", "$.region"},
           Bad{R"({"region":7,"open_slots":1})", "$.region"},
           Bad{R"({"region":"a","open_slots":-1})", "$.open_slots"},
           Bad{R"({"region":"a","open_slots":1.5})", "$.open_slots"},
           Bad{R"({"region":"a","open_slots":10001})", "$.open_slots"},
           Bad{R"({"region":"a","open_slots":[1,"x"]})", "$.open_slots[1]"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":5})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":[5]})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":[-5,1]})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":[9,1]})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":[9,1e300]})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"latency_ms":["1",null]})", "$.latency_ms"},
           Bad{R"({"region":"a","open_slots":1,"size":1})", "$.size: is not part of it"},
           Bad{R"({"region":"a","open_slots":1,"open_slots":2})", "$.open_slots: is given twice"},
           Bad{R"({"region":"a","open_slots":[[[[[1]]]]]})", "$: nested more than 4 deep"},
       }) {
    EXPECT_THAT(BackfillSlotsOf(WithJson(bad.json)),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr(bad.path)))
        << bad.json;
  }
  EXPECT_THAT(BackfillSlotsOf(WithJson(std::string(70'000, ' ') + "{}")),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("longer than")));
  EXPECT_THAT(BackfillSlotsOf({.extensions = {{kBackfillExtension, AnyDouble(1)}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("StringValue")));
}

TEST(BackfillSlots, TheSeatFormatKeepsWhatItDoesNotChange) {
  const openmatch::SeatFormat format = BackfillSeatFormat("a");
  openmatch::Backfill backfill =
      WithJson(R"({"region":"a","open_slots":[1,2],"latency_ms":[20,45]})");
  backfill.extensions["own"] = AnyString("x");
  EXPECT_EQ(*format.read(backfill), openmatch::Seats({1, 2}));
  EXPECT_TRUE(format.is_right(backfill));
  format.write({0, 1}, backfill);
  const auto slots = BackfillSlotsOf(backfill);
  ASSERT_TRUE(slots.ok());
  EXPECT_EQ(slots->open_slots, openmatch::Seats({0, 1}));
  EXPECT_EQ(slots->highest_latency_ms, 45);
  EXPECT_TRUE(backfill.extensions.contains("own"));
}

TEST(BackfillSlots, TheSeatFormatPutsAnotherRegionRight) {
  const openmatch::SeatFormat format = BackfillSeatFormat("b");
  openmatch::Backfill backfill = WithJson(R"({"region":"a","open_slots":2,"latency_ms":[20,45]})");
  EXPECT_FALSE(format.is_right(backfill));
  format.write({2}, backfill);
  EXPECT_TRUE(format.is_right(backfill));
  EXPECT_TRUE(std::isnan(BackfillSlotsOf(backfill)->lowest_latency_ms));
  EXPECT_FALSE(format.is_right({}));
  EXPECT_THAT(format.read({}), StatusIs(StatusCode::kNotFound));
  openmatch::Backfill fresh;
  format.write({4}, fresh);
  EXPECT_EQ(BackfillSlotsOf(fresh)->region, "b");
}

}  // namespace
}  // namespace gsh::mmf
