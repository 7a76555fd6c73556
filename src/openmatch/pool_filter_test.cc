#include "gsh/openmatch/pool_filter.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace gsh::openmatch {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): as another version may send it.
constexpr auto kUnknownMode = static_cast<Exclude>(9);

struct RangeCase {
  std::string name;
  Exclude exclude;
  double min;
  double max;
  double value;
  bool in;
};

class RangeTest : public ::testing::TestWithParam<RangeCase> {};

TEST_P(RangeTest, IsAsTheServerDecides) {
  const RangeCase& c = GetParam();
  const Pool pool{.double_range_filters = {
                      {.double_arg = "x", .max = c.max, .min = c.min, .exclude = c.exclude}}};
  EXPECT_EQ(InPool(pool, Ticket{.search_fields = {.double_args = {{"x", c.value}}}}), c.in);
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, RangeTest,
    ::testing::Values(RangeCase{"NoneAtMin", Exclude::kNone, 1, 3, 1, true},
                      RangeCase{"NoneAtMax", Exclude::kNone, 1, 3, 3, true},
                      RangeCase{"NoneBelow", Exclude::kNone, 1, 3, 0.999, false},
                      RangeCase{"NoneAbove", Exclude::kNone, 1, 3, 3.001, false},
                      RangeCase{"MinAtMin", Exclude::kMin, 1, 3, 1, false},
                      RangeCase{"MinAtMax", Exclude::kMin, 1, 3, 3, true},
                      RangeCase{"MaxAtMin", Exclude::kMax, 1, 3, 1, true},
                      RangeCase{"MaxAtMax", Exclude::kMax, 1, 3, 3, false},
                      RangeCase{"BothAtMin", Exclude::kBoth, 1, 3, 1, false},
                      RangeCase{"BothAtMax", Exclude::kBoth, 1, 3, 3, false},
                      RangeCase{"BothInside", Exclude::kBoth, 1, 3, 2, true},
                      RangeCase{"PointNone", Exclude::kNone, 2, 2, 2, true},
                      RangeCase{"PointBoth", Exclude::kBoth, 2, 2, 2, false},
                      RangeCase{"Reversed", Exclude::kNone, 3, 1, 2, false},
                      RangeCase{"NanValue", Exclude::kNone, -kInf, kInf, kNan, false},
                      RangeCase{"NanMin", Exclude::kNone, kNan, 3, 2, false},
                      RangeCase{"NanMax", Exclude::kMax, 1, kNan, 2, false},
                      RangeCase{"NanBoth", Exclude::kBoth, kNan, kNan, kNan, false},
                      RangeCase{"InfAtMax", Exclude::kNone, 0, kInf, kInf, true},
                      RangeCase{"InfExcluded", Exclude::kMax, 0, kInf, kInf, false},
                      RangeCase{"UnknownMode", kUnknownMode, 1, 3, 7, true}),
    [](const auto& test) { return test.param.name; });

TEST(PoolFilterTest, AnEmptyPoolHoldsEverything) { EXPECT_TRUE(InPool(Pool{}, Ticket{})); }

TEST(PoolFilterTest, AMissingKeyFailsARangeThatHoldsZero) {
  const Pool pool{.double_range_filters = {{.double_arg = "x", .max = 1, .min = -1}}};
  EXPECT_FALSE(InPool(pool, Ticket{.search_fields = {.double_args = {{"y", 0}}}}));
}

TEST(PoolFilterTest, StringsAreEqualToTheByte) {
  const Pool pool{.string_equals_filters = {{.string_arg = "mode", .value = "ctf"}}};
  const auto in = [&](std::map<std::string, std::string> args) {
    return InPool(pool, Ticket{.search_fields = {.string_args = std::move(args)}});
  };
  EXPECT_TRUE(in({{"mode", "ctf"}}));
  EXPECT_FALSE(in({{"mode", "CTF"}}));
  EXPECT_FALSE(in({{"mode", "ctf "}}));
  EXPECT_FALSE(in({}));
  const Pool empty_value{.string_equals_filters = {{.string_arg = "mode", .value = ""}}};
  EXPECT_FALSE(InPool(empty_value, Ticket{})) << "a missing argument is not an empty one";
}

TEST(PoolFilterTest, EveryTagIsNeeded) {
  const Pool pool{.tags_present = {"a", "b"}};
  const auto in = [&](std::vector<std::string> tags) {
    return InPool(pool, Ticket{.search_fields = {.tags = std::move(tags)}});
  };
  EXPECT_TRUE(in({"b", "c", "a"}));
  EXPECT_FALSE(in({"a"}));
  EXPECT_FALSE(in({}));
}

TEST(PoolFilterTest, TimesAreStrictAndLetTicketsWithoutOnePass) {
  const WallTime noon{std::chrono::hours(12)};
  const auto tick = WallTime::duration(1);
  const Pool before{.created_before = noon};
  const Pool after{.created_after = noon};
  const auto at = [](WallTime time) { return Ticket{.create_time = time}; };
  EXPECT_TRUE(InPool(before, at(noon - tick)));
  EXPECT_FALSE(InPool(before, at(noon)));
  EXPECT_FALSE(InPool(after, at(noon)));
  EXPECT_TRUE(InPool(after, at(noon + tick)));
  EXPECT_TRUE(InPool(before, Ticket{}));
  EXPECT_TRUE(InPool(after, Ticket{}));
}

TEST(PoolFilterTest, FiltersAreAnded) {
  const Pool pool{.double_range_filters = {{.double_arg = "x", .max = 1, .min = 0}},
                  .tags_present = {"a"}};
  EXPECT_TRUE(InPool(pool, Ticket{.search_fields = {.double_args = {{"x", 0.5}}, .tags = {"a"}}}));
  EXPECT_FALSE(InPool(pool, Ticket{.search_fields = {.double_args = {{"x", 2}}, .tags = {"a"}}}));
  EXPECT_FALSE(InPool(pool, Ticket{.search_fields = {.double_args = {{"x", 0.5}}}}));
}

}  // namespace
}  // namespace gsh::openmatch
