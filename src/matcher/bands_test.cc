#include "gsh/matcher/bands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gsh::matcher {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

MATCHER_P2(Spans, min, max, "") { return arg.min_ms == min && arg.max_ms == max; }

TEST(ParseBands, TheSamplesDefaultHasNeitherGapNorOverlap) {
  const auto bands = ParseBands("0-24,25-49,50-74,74-99,100-9999");
  ASSERT_TRUE(bands.ok()) << bands.status();
  EXPECT_THAT(bands->bands, ElementsAre(Spans(0, 25), Spans(25, 50), Spans(50, 74), Spans(74, 100),
                                        Spans(100, 9999)));
  EXPECT_THAT(bands->warnings, IsEmpty());
}

TEST(ParseBands, KeepsBoundsAsTyped) {
  const auto bands = ParseBands("0-24, 25.0-49.50 ,1e2-0200");
  ASSERT_TRUE(bands.ok()) << bands.status();
  EXPECT_EQ(bands->bands[0].typed_min, "0");
  EXPECT_EQ(bands->bands[0].typed_max, "24");
  EXPECT_EQ(bands->bands[1].typed_min, "25.0");
  EXPECT_EQ(bands->bands[1].typed_max, "49.50");
  EXPECT_EQ(bands->bands[2].typed_min, "1e2");
  EXPECT_EQ(bands->bands[2].typed_max, "0200");
  EXPECT_EQ(bands->bands[2].min_ms, 100);
}

TEST(ParseBands, AWiderGapIsAWarningThatNamesTheLostInterval) {
  const auto bands = ParseBands("0-24,26-49,50-60,80-99");
  ASSERT_TRUE(bands.ok()) << bands.status();
  EXPECT_THAT(bands->bands, ElementsAre(Spans(0, 24), Spans(26, 50), Spans(50, 60), Spans(80, 99)));
  EXPECT_THAT(bands->warnings, ElementsAre(AllOf(HasSubstr("[24, 26)"), HasSubstr("\"26-49\"")),
                                           AllOf(HasSubstr("[60, 80)"), HasSubstr("\"80-99\""))));
}

TEST(ParseBands, JoinsAGapOfOneAlsoInDecimals) {
  const auto bands = ParseBands("0-24.3,25.3-49.9,50-60");
  ASSERT_TRUE(bands.ok()) << bands.status();
  EXPECT_THAT(bands->bands, ElementsAre(Spans(0, 25.3), Spans(25.3, 50), Spans(50, 60)));
  EXPECT_THAT(bands->warnings, IsEmpty());
}

TEST(ParseBands, OneWholeMillisecondIsABand) {
  const auto bands = ParseBands("0-4,5-5,6-9");
  ASSERT_TRUE(bands.ok()) << bands.status();
  EXPECT_THAT(bands->bands, ElementsAre(Spans(0, 5), Spans(5, 6), Spans(6, 9)));
}

struct BadText {
  const char* text;
  const char* item;   // that the message names
  const char* cause;  // and why

  friend std::ostream& operator<<(std::ostream& out, const BadText& bad) {
    return out << '"' << bad.text << '"';
  }
};

class ParseBandsRefuses : public ::testing::TestWithParam<BadText> {};

TEST_P(ParseBandsRefuses, AndNamesTheItem) {
  const auto bands = ParseBands(GetParam().text);
  ASSERT_FALSE(bands.ok());
  EXPECT_EQ(bands.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(bands.status().message(), HasSubstr("\"" + std::string(GetParam().item) + "\""));
  EXPECT_THAT(bands.status().message(), HasSubstr(GetParam().cause));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ParseBandsRefuses,
    ::testing::Values(
        BadText{"", "", "is empty"}, BadText{"0-24,", "", "is empty"},
        BadText{"0-24,,25-49", "", "is empty"}, BadText{"0-24,25-", "25-", "missing"},
        BadText{"25", "25", "min-max"}, BadText{"9-3", "9-3", "below"},
        BadText{"0-24,a-b", "a-b", "not a number"}, BadText{"0-b", "0-b", "not a number"},
        BadText{"0-24x", "0-24x", "not a number"}, BadText{"0-24-30", "0-24-30", "not a number"},
        BadText{"-5-9", "-5-9", "negative"}, BadText{"5--9", "5--9", "negative"},
        BadText{"0-inf", "0-inf", "not a number"}, BadText{"nan-4", "nan-4", "not a number"},
        BadText{"0-1e999", "0-1e999", "not a number"}, BadText{"0x1-4", "0x1-4", "min-max"},
        BadText{"0-50,25-75", "25-75", "overlaps \"0-50\""},
        BadText{"0-24,0-24", "0-24", "overlaps"}, BadText{"25-49,0-24", "0-24", "rising order"},
        BadText{"0-24,30-30", "30-30", "wider than a point"},
        BadText{"0-24,25-1e300", "25-1e300", "too large"},
        BadText{"1-1.00000000001,1.00000000001-2", "1-1.00000000001", "no latency"},
        BadText{"16777216-16777217", "16777216-16777217", "wider than a point"},
        BadText{"5-5,5-9", "5-5", "no latency"}, BadText{"5-5,60-90", "5-5", "no latency"}));

TEST(ParseBands, BoundsTheNumberOfRanges) {
  std::string text = "0-1";
  for (int i = 2; i < 1027; ++i) text += "," + std::to_string(i) + "-" + std::to_string(i + 1);
  EXPECT_EQ(ParseBands(text).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace gsh::matcher
