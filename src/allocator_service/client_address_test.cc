#include "src/allocator_service/client_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gsh/testing/matchers.h"

namespace gsh::allocator_service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;

std::vector<Network> Networks(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) networks.push_back(*Network::Parse(text));
  return networks;
}

TEST(NetworkTest, ContainsItsAddresses) {
  const auto network = Network::Parse("130.211.0.0/22");
  ASSERT_THAT(network, IsOk());
  EXPECT_TRUE(network->Contains(*ParseIp("130.211.3.255")));
  EXPECT_FALSE(network->Contains(*ParseIp("130.211.4.0")));
  EXPECT_FALSE(network->Contains(*ParseIp("::1")));
  EXPECT_TRUE(Network::Parse("192.0.2.7")->Contains(*ParseIp("192.0.2.7")));
  EXPECT_FALSE(Network::Parse("192.0.2.7")->Contains(*ParseIp("192.0.2.6")));
  EXPECT_TRUE(Network::Parse("0.0.0.0/0")->Contains(*ParseIp("203.0.113.1")));
  EXPECT_FALSE(Network::Parse("0.0.0.0/0")->Contains(*ParseIp("2001:db8::1")));
  EXPECT_TRUE(Network::Parse("2001:db8::/33")->Contains(*ParseIp("2001:db8:7fff::1")));
  EXPECT_FALSE(Network::Parse("2001:db8::/33")->Contains(*ParseIp("2001:db8:8000::1")));
  EXPECT_TRUE(Network::Parse("::/0")->Contains(*ParseIp("192.0.2.1")));
}

TEST(NetworkTest, RefusesTheRest) {
  for (const char* text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0/8", "::/129", "host/8", "10.0.0.0/8/8"}) {
    EXPECT_THAT(Network::Parse(text), StatusIs(StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ClientOfTest, IsThePeerWhenNobodyIsTrusted) {
  EXPECT_EQ(ClientOf("192.0.2.1:40000", "203.0.113.9", {}), "192.0.2.1");
  EXPECT_EQ(ClientOf("[::ffff:192.0.2.1]:40000", "", {}), "192.0.2.1");
  EXPECT_EQ(ClientOf("[2001:db8:1:2:3:4:5:6]:4", "", {}), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientOf("", "", {}), "");
}

TEST(ClientOfTest, BelievesTrustedProxiesFromTheEnd) {
  const auto trusted = Networks({"10.0.0.0/8", "35.186.225.103"});
  EXPECT_EQ(ClientOf("10.0.0.1:4", "203.0.113.9", trusted), "203.0.113.9");
  // What the client wrote itself stands in front.
  EXPECT_EQ(ClientOf("10.0.0.1:4", "1.1.1.1, 203.0.113.9 ,35.186.225.103", trusted), "203.0.113.9");
  EXPECT_EQ(ClientOf("10.0.0.1:4", "203.0.113.9:1234", trusted), "203.0.113.9");
  EXPECT_EQ(ClientOf("10.0.0.1:4", "[2001:db8::1]:99", trusted), "2001:db8::/64");
  // Others are not believed.
  EXPECT_EQ(ClientOf("192.0.2.1:4", "203.0.113.9", trusted), "192.0.2.1");
}

TEST(ClientOfTest, NonsenseEndsTheSearch) {
  const auto trusted = Networks({"10.0.0.0/8"});
  EXPECT_EQ(ClientOf("10.0.0.1:4", "", trusted), "10.0.0.1");
  EXPECT_EQ(ClientOf("10.0.0.1:4", "203.0.113.9, unknown", trusted), "10.0.0.1");
  EXPECT_EQ(ClientOf("10.0.0.1:4", ",,,", trusted), "10.0.0.1");
  EXPECT_EQ(ClientOf("10.0.0.1:4", "203.0.113.9, [", trusted), "10.0.0.1");
  EXPECT_EQ(ClientOf("10.0.0.1:4", "203.0.113.9, 10.0.0.2", trusted), "203.0.113.9");
}

}  // namespace
}  // namespace gsh::allocator_service
