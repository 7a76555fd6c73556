#include "src/core/bounded_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gsh::internal {
namespace {

using ::testing::StartsWith;

constexpr std::size_t kBytes = 100;
constexpr int kDepth = 3;

std::string MistakeIn(const std::string& text) {
  const StatusOr<nlohmann::json> json = ParseBoundedJson(text, kBytes, kDepth);
  EXPECT_EQ(json.status().code(), StatusCode::kInvalidArgument) << text;
  return json.status().message();
}

std::string Lists(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(BoundedJson, GivesWhatIsThere) {
  const auto json = ParseBoundedJson(R"({"a": [{"b": 1}, {"b": 2}], "b": null})", kBytes, kDepth);
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(json->dump(), R"({"a":[{"b":1},{"b":2}],"b":null})");
}

TEST(BoundedJson, SaysWhereItIsNoJson) {
  EXPECT_THAT(MistakeIn(R"({"a": })"), StartsWith("$: is not JSON: "));
  EXPECT_THAT(MistakeIn(R"({"a": })"), ::testing::HasSubstr("column 7"));
  EXPECT_THAT(MistakeIn(""), StartsWith("$: is not JSON: "));
  EXPECT_THAT(MistakeIn("1e999"), StartsWith("$: is not JSON: "));
  EXPECT_THAT(MistakeIn("\"\xff\""), StartsWith("$: is not JSON: "));
}

TEST(BoundedJson, AMistakeIsNoLongerThanALine) {
  const auto json = ParseBoundedJson('"' + std::string(10'000, 'a'), 20'000, kDepth);
  EXPECT_THAT(json.status().message(), StartsWith("$: is not JSON: "));
  EXPECT_LT(json.status().message().size(), 250u);
}

TEST(BoundedJson, IsNoLongerAndNoDeeperThanAllowed) {
  EXPECT_TRUE(ParseBoundedJson(std::string(kBytes - 1, ' ') + "1", kBytes, kDepth).ok());
  EXPECT_EQ(MistakeIn(std::string(kBytes, ' ') + "1"), "$: longer than 100 bytes");
  EXPECT_TRUE(ParseBoundedJson(Lists(kDepth), kBytes, kDepth).ok());
  EXPECT_EQ(MistakeIn(Lists(kDepth + 1)), "$: nested more than 3 deep");
  EXPECT_EQ(MistakeIn(R"({"a":{"b":{"c":{"d":1}}}})"), "$: nested more than 3 deep");
}

TEST(BoundedJson, AMemberIsGivenOnceInItsObject) {
  EXPECT_EQ(MistakeIn(R"({"a": 1, "b": 2, "a": 1})"), "$.a: is given twice");
  EXPECT_EQ(MistakeIn(R"({"c": [1, [], {"b": 1, "b": 2}]})"), "$.c[2].b: is given twice");
  EXPECT_EQ(MistakeIn(R"([{"a": {"c": 1}, "b": {"c": 1}, "a": 2}])"), "$[0].a: is given twice");
  EXPECT_EQ(MistakeIn(R"({"\u0061": 1, "a": 2, "a": 3})"), "$.a: is given twice");
}

}  // namespace
}  // namespace gsh::internal
