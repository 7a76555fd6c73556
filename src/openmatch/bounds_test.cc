#include "src/openmatch/bounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "gsh/testing/matchers.h"

namespace gsh::openmatch {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Status Check(SearchFields fields, const FrontendOptions& options = {}) {
  return CheckBounds(Ticket{.search_fields = std::move(fields)}, options);
}

TEST(CheckBounds, FineTicketsPass) {
  EXPECT_THAT(CheckBounds(Ticket{}, {}), IsOk());
  EXPECT_THAT(Check({.double_args = {{"latency-us-east-1", 0}, {"latency-eu", 9999.5}},
                     .tags = {"mode.session"}}),
              IsOk());
}

TEST(CheckBounds, LatenciesAreFiniteAndNotNegative) {
  EXPECT_THAT(Check({.double_args = {{"latency-us-east-1", kNan}}}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("latency-us-east-1"), HasSubstr("NaN"))));
  EXPECT_THAT(
      Check({.double_args = {{"latency-eu", -1}}}),
      StatusIs(StatusCode::kInvalidArgument, AllOf(HasSubstr("latency-eu"), HasSubstr("-1"))));
  EXPECT_THAT(
      Check({.double_args = {{"latency-eu", kInf}}}),
      StatusIs(StatusCode::kInvalidArgument, AllOf(HasSubstr("latency-eu"), HasSubstr("inf"))));
}

TEST(CheckBounds, OtherArgumentsMayBeNegativeOrInfinite) {
  EXPECT_THAT(Check({.double_args = {{"skill", -kInf}, {"elo", -12}}}), IsOk());
}

TEST(CheckBounds, CountsAreBounded) {
  SearchFields fields;
  for (int i = 0; i < 3; ++i) {
    fields.double_args["d" + std::to_string(i)] = 1;
    fields.string_args["s" + std::to_string(i)] = "x";
    fields.tags.push_back("t" + std::to_string(i));
  }
  EXPECT_THAT(Check(fields, {.max_tags = 3, .max_args = 3}), IsOk());
  EXPECT_THAT(Check(fields, {.max_tags = 2}),
              StatusIs(StatusCode::kInvalidArgument, AllOf(HasSubstr("tags: 3"), HasSubstr("2"))));
  EXPECT_THAT(Check(fields, {.max_args = 2}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("double_args: 3"), HasSubstr("string_args: 3"))));
  EXPECT_THAT(Check(fields, {.max_tags = 0, .max_args = 0}), IsOk());  // 0: no bound
}

TEST(CheckBounds, ExtensionBytesAreCountedTogether) {
  Ticket ticket{.extensions = {{"a", {"", std::string(60, 'x')}}},
                .persistent_field = {{"b", {"", std::string(60, 'x')}}}};
  EXPECT_THAT(CheckBounds(ticket, {.max_extension_bytes = 122}), IsOk());
  EXPECT_THAT(CheckBounds(ticket, {.max_extension_bytes = 121}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("extensions"), HasSubstr("122"), HasSubstr("121"))));
}

TEST(CheckBounds, BackfillsAreCheckedToo) {
  EXPECT_THAT(CheckBounds(Backfill{.search_fields = {.double_args = {{"latency-eu", -1}}}}, {}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("backfill")));
}

TEST(CheckBounds, TextsAreUtf8) {
  EXPECT_THAT(Check({.string_args = {{"name", "J\xc3\xbcrgen"}}, .tags = {"\xf0\x9f\x8e\xae"}}),
              IsOk());
  EXPECT_THAT(Check({.tags = {"fine", "\xff"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("tags[1] is not UTF-8")));
  EXPECT_THAT(
      Check({.double_args = {{"skill\xc0", 1}}}),
      StatusIs(StatusCode::kInvalidArgument, HasSubstr("a key of search_fields.double_args")));
  EXPECT_THAT(Check({.string_args = {{"name", "J\xfcrgen"}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("string_args[\"name\"]")));
  const Ticket bad_key{.extensions = {{"\xff", {}}}};
  EXPECT_THAT(CheckBounds(bad_key, {}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("a key of extensions")));
  const Ticket bad_type{.persistent_field = {{"k", {"\xff", ""}}}};
  EXPECT_THAT(CheckBounds(bad_type, {}), StatusIs(StatusCode::kInvalidArgument,
                                                  HasSubstr("persistent_field[\"k\"].type_url")));
  const Ticket bytes{.extensions = {{"k", {"type.example.org/x", "\xff"}}}};
  EXPECT_THAT(CheckBounds(bytes, {}), IsOk());
}

TEST(CheckBounds, ThousandsOfMistakesMakeNoLongText) {
  const Status status = Check({.tags = std::vector<std::string>(10'000, "\xff")}, {.max_tags = 0});
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, HasSubstr("and 9984 more")));
  EXPECT_LT(status.message().size(), 1000u);
}

TEST(CheckBounds, EveryMistakeIsNamedAndLongNamesAreCut) {
  const Status status = Check(
      {.double_args = {{"latency-a", -1}, {std::string(5000, 'k'), kNan}}, .tags = {"1", "2"}},
      {.max_tags = 1});
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("latency-a"), HasSubstr("kkk"), HasSubstr("tags: 2")));
  EXPECT_LT(status.message().size(), 400u);
}

}  // namespace
}  // namespace gsh::openmatch
