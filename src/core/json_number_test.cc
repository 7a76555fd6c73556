#include "src/core/json_number.h"

#include <gtest/gtest.h>

#include <limits>

namespace gsh::internal {
namespace {

TEST(JsonNumber, HasTheDigitsThatTheFloatHas) {
  EXPECT_EQ(JsonNumber(0.1f).dump(), "0.1");
  EXPECT_EQ(JsonNumber(20.1f).dump(), "20.1");
  EXPECT_EQ(JsonNumber(45).dump(), "45.0");
  EXPECT_EQ(JsonNumber(16777216).dump(), "16777216.0");
  EXPECT_EQ(JsonNumber(-1 / 3.0f).dump(), "-0.33333334");
}

TEST(JsonNumber, ReadsBackTheSame) {
  using Limits = std::numeric_limits<float>;
  for (const float number : {0.0f, 0.1f, 1 / 3.0f, 1e-7f, 123456.79f, Limits::min(), Limits::max(),
                             Limits::denorm_min(), Limits::epsilon()}) {
    EXPECT_EQ(nlohmann::json::parse(JsonNumber(number).dump()).get<float>(), number);
  }
}

TEST(JsonNumber, WhatIsNotFiniteIsNull) {
  EXPECT_TRUE(JsonNumber(std::numeric_limits<float>::infinity()).is_null());
  EXPECT_TRUE(JsonNumber(std::numeric_limits<float>::quiet_NaN()).is_null());
}

}  // namespace
}  // namespace gsh::internal
