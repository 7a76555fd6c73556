#include "src/service/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/testing/matchers.h"

namespace gsh::service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(FlagsTest, JoinsHostAndPort) {
  EXPECT_EQ(JoinHostPort("host", 80), "host:80");
  EXPECT_EQ(JoinHostPort("::1", 80), "[::1]:80");
  EXPECT_EQ(JoinHostPort("[::1]", 80), "[::1]:80");
}

TEST(FlagsTest, AddsTheDefaultPort) {
  EXPECT_EQ(WithDefaultPort("host", 80), "host:80");
  EXPECT_EQ(WithDefaultPort("host:81", 80), "host:81");
  EXPECT_EQ(WithDefaultPort("::1", 80), "[::1]:80");
  EXPECT_EQ(WithDefaultPort("[::1]", 80), "[::1]:80");
  EXPECT_EQ(WithDefaultPort("[::1]:81", 80), "[::1]:81");
}

TEST(FlagsTest, ChecksPorts) {
  EXPECT_THAT(CheckPort("port", 1), IsOk());
  EXPECT_THAT(CheckPort("port", 65535), IsOk());
  for (int port : {0, -1, 65536}) {
    EXPECT_THAT(CheckPort("serverPort", port),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr("--serverPort: ")));
  }
  EXPECT_THAT(ParseHostPort("metrics-address", "x"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("--metrics-address: 'x'")));
}

TEST(FlagsTest, ParsesLatencies) {
  const auto latencies = ParseLatencies({"us-east-1=10", "eu-west-2=0.5", "us-east-1=12"});
  ASSERT_THAT(latencies, IsOk());
  EXPECT_THAT(*latencies, ElementsAre(Pair("eu-west-2", 0.5), Pair("us-east-1", 12)));
  for (const char* bad : {"", "us-east-1", "=1", "a=", "a=-1", "a=nan", "a=inf", "a=1ms", "a= 1"}) {
    EXPECT_THAT(LatencyFlag::Parse(bad), StatusIs(StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(FlagsTest, RegionsFromCamelCase) {
  EXPECT_EQ(RegionFromCamel("UsEast1"), "us-east-1");
  EXPECT_EQ(RegionFromCamel("EuWest2"), "eu-west-2");
  EXPECT_EQ(RegionFromCamel("ApNortheast1"), "ap-northeast-1");
  EXPECT_EQ(RegionFromCamel("UsGovWest1"), "us-gov-west-1");
  EXPECT_EQ(RegionFromCamel("Region12"), "region-12");
}

TEST(FlagsTest, RewritesLatencyFlags) {
  EXPECT_THAT(RewriteLatencyFlags({"-frontend", "h:1", "-latencyUsEast1", "10",
                                   "--latencyEuWest2=30", "--latency-ap-northeast-1", "40"},
                                  {"latencyRegion1"}),
              ElementsAre("-frontend", "h:1", "--latency", "us-east-1=10", "--latency",
                          "eu-west-2=30", "--latency", "ap-northeast-1=40"));
}

TEST(FlagsTest, OtherLatencyFlagsStay) {
  const std::vector<std::string> args = {"-latencyRegion1", "10",     "--latency-region1=10",
                                         "--latency",       "a-b=10", "-latency",
                                         "latencyUsEast1",  "-latest"};
  EXPECT_EQ(RewriteLatencyFlags(args, {"latencyRegion1"}), args);
}

TEST(FlagsTest, ALatencyFlagWithoutValueIsLeftToTheParser) {
  EXPECT_THAT(RewriteLatencyFlags({"-p", "-latencyUsEast1"}, {}), ElementsAre("-p", "--latency"));
}

}  // namespace
}  // namespace gsh::service
