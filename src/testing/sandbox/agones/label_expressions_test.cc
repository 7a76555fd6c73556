#include "src/testing/sandbox/agones/label_expressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

StatusOr<std::vector<LabelExpression>> Parse(const char* expressions) {
  return ParseExpressions({{"matchExpressions", Json::parse(expressions)}});
}

bool Holds(const char* expressions, const agones::Labels& labels) {
  const auto parsed = Parse(expressions);
  EXPECT_THAT(parsed, IsOk()) << expressions;
  return parsed.ok() && Hold(*parsed, labels);
}

TEST(LabelExpressions, MeanWhatKubernetesSays) {
  constexpr char kIn[] = R"([{"key":"pool","operator":"In","values":["ONE","TWO"]}])";
  EXPECT_TRUE(Holds(kIn, {{"pool", "TWO"}}));
  EXPECT_FALSE(Holds(kIn, {{"pool", "THREE"}}));
  EXPECT_FALSE(Holds(kIn, {}));
  constexpr char kNotIn[] = R"([{"key":"pool","operator":"NotIn","values":["ONE"]}])";
  EXPECT_TRUE(Holds(kNotIn, {{"pool", "TWO"}}));
  EXPECT_FALSE(Holds(kNotIn, {{"pool", "ONE"}}));
  EXPECT_TRUE(Holds(kNotIn, {}));
  constexpr char kExists[] = R"([{"key":"pool","operator":"Exists"}])";
  EXPECT_TRUE(Holds(kExists, {{"pool", ""}}));
  EXPECT_FALSE(Holds(kExists, {}));
  constexpr char kAbsent[] = R"([{"key":"pool","operator":"DoesNotExist","values":null}])";
  EXPECT_FALSE(Holds(kAbsent, {{"pool", ""}}));
  EXPECT_TRUE(Holds(kAbsent, {}));
}

TEST(LabelExpressions, AllMustHold) {
  constexpr char kBoth[] =
      R"([{"key":"a","operator":"Exists"},{"key":"b","operator":"DoesNotExist"}])";
  EXPECT_TRUE(Holds(kBoth, {{"a", "1"}}));
  EXPECT_FALSE(Holds(kBoth, {{"a", "1"}, {"b", "1"}}));
  EXPECT_TRUE(Holds("[]", {}));
  EXPECT_THAT(ParseExpressions(Json::object()), IsOk());
}

TEST(LabelExpressions, WhatMakesNoSense) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"key":"a","operator":"Near"}])", "\"Near\" is not a valid label selector operator"},
      {R"([{"key":"a","operator":"In"}])", "can't be empty"},
      {R"([{"key":"a","operator":"Exists","values":["1"]}])", "must be empty"},
      {R"([{"key":"a b","operator":"Exists"}])", "key: Invalid value: \"a b\""},
      {R"([{"key":"a","operator":"In","values":["b c"]}])", "values: Invalid value: \"b c\""},
  };
  for (const auto& [text, why] : cases) {
    EXPECT_THAT(Parse(text), StatusIs(StatusCode::kFailedPrecondition, HasSubstr(why))) << text;
  }
}

TEST(LabelExpressions, WhatIsNone) {
  for (const char* const text :
       {"1", "{}", "[1]", "[{}]", R"([{"key":"a"}])", R"([{"key":1,"operator":"Exists"}])",
        R"([{"key":"a","operator":"In","values":"b"}])",
        R"([{"key":"a","operator":"In","values":[1]}])"}) {
    EXPECT_THAT(Parse(text), StatusIs(StatusCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace gsh::sandbox
