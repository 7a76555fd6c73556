// Any, Rng and Log.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>
#include <set>

#include "gsh/any.h"
#include "gsh/log.h"
#include "gsh/rng.h"
#include "gsh/testing/fakes.h"

namespace gsh {
namespace {

TEST(AnyTest, StringsAreStringValueBytes) {
  const Any any = AnyString("us-east-1");
  EXPECT_EQ(any.type_url, "type.googleapis.com/google.protobuf.StringValue");
  EXPECT_EQ(any.value, std::string("\x0a\x09us-east-1"));
  EXPECT_EQ(StringOf(any), "us-east-1");
}

TEST(AnyTest, StringsOfEveryLengthComeBack) {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 16383u, 16384u, 100000u}) {
    const std::string text(size, 'x');
    EXPECT_EQ(StringOf(AnyString(text)), text) << size;
  }
}

TEST(AnyTest, DoublesComeBackExactly) {
  for (const double value : {0.0, -0.0, 1.5, -2e300, std::numeric_limits<double>::infinity()}) {
    const auto back = DoubleOf(AnyDouble(value));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(std::signbit(*back), std::signbit(value));
    EXPECT_EQ(*back, value);
  }
}

TEST(AnyTest, OtherTypesAndBrokenBytesAreNotStrings) {
  EXPECT_EQ(StringOf(AnyDouble(1)), std::nullopt);
  EXPECT_EQ(DoubleOf(AnyString("1")), std::nullopt);
  Any any = AnyString("hello");
  any.type_url = "google.protobuf.StringValue";  // a type URL has a slash
  EXPECT_EQ(StringOf(any), std::nullopt);
  any = AnyString("hello");
  any.value.pop_back();
  EXPECT_EQ(StringOf(any), std::nullopt);
  any.value = std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);
  EXPECT_EQ(StringOf(any), std::nullopt);
  any = AnyDouble(2);
  any.value += 'x';
  EXPECT_EQ(DoubleOf(any), std::nullopt);
}

TEST(RngTest, UuidsAreVersion4AndDiffer) {
  const std::regex version4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = NewUuid(SystemRng());
    EXPECT_TRUE(std::regex_match(uuid, version4)) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second);
  }
  testing::FixedRng ones(~0ULL);
  EXPECT_EQ(NewUuid(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(RngTest, NextDoubleStaysBelowOne) {
  testing::FixedRng highest(~0ULL);
  EXPECT_LT(highest.NextDouble(), 1.0);
  testing::FixedRng lowest(0);
  EXPECT_EQ(lowest.NextDouble(), 0.0);
}

TEST(LogTest, SecretsNeverReachTheSink) {
  testing::RecordingLog sink;
  Log(&sink, LogLevel::kInfo, "signed in",
      {{"user", "ann"},
       {"Password", "hunter2"},
       {"aws_session_token", "abc"},
       {"private_key", "pem"}});
  EXPECT_EQ(
      sink.lines().at(0).second,
      "signed in user=ann Password=[redacted] aws_session_token=[redacted] private_key=[redacted]");
}

TEST(LogTest, NoSinkIsFine) { Log(nullptr, LogLevel::kError, "nobody listens"); }

}  // namespace
}  // namespace gsh
