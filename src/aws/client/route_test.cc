#include "src/aws/client/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/aws/sqs/operations.h"

namespace gsh::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using RoutePtr = std::shared_ptr<const Route>;

constexpr const Service& kService = sqs::kSqs;

class RouteSourceTest : public ::testing::Test {
 protected:
  std::shared_ptr<RouteSource> Make(ClientSettings settings) {
    auto source = RouteSource::Make(
        std::move(settings), kService,
        [this](RouteSource::RegionCallback done) { asked_.push_back(std::move(done)); });
    EXPECT_THAT(source, IsOk());
    return source.ok() ? *std::move(source) : nullptr;
  }
  void Get(RouteSource& source) {
    source.Get([this](StatusOr<RoutePtr> route) { routes_.push_back(std::move(route)); });
  }

  std::vector<RouteSource::RegionCallback> asked_;
  std::vector<StatusOr<RoutePtr>> routes_;
};

TEST_F(RouteSourceTest, AKnownRegionIsNotAskedFor) {
  const auto source = Make({.region = "eu-west-1"});
  Get(*source);
  ASSERT_EQ(routes_.size(), 1u);
  ASSERT_THAT(routes_[0], IsOk());
  EXPECT_EQ((*routes_[0])->endpoint.host, "sqs.eu-west-1.amazonaws.com");
  EXPECT_EQ((*routes_[0])->endpoint.signing_region, "eu-west-1");
  EXPECT_EQ(source->probable().address, "sqs.eu-west-1.amazonaws.com:443");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(RouteSourceTest, OneQuestionIsEnoughForAll) {
  const auto source = Make({});
  EXPECT_TRUE(asked_.empty());  // nobody needs it yet
  for (int i = 0; i < 3; ++i) Get(*source);
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_TRUE(routes_.empty());
  asked_[0](std::string("ap-south-1"));
  Get(*source);
  EXPECT_EQ(asked_.size(), 1u);
  ASSERT_EQ(routes_.size(), 4u);
  for (const auto& route : routes_) {
    ASSERT_THAT(route, IsOk());
    EXPECT_EQ(*route, *routes_[0]);
    EXPECT_EQ((*route)->endpoint.address, "sqs.ap-south-1.amazonaws.com:443");
    EXPECT_EQ((*route)->endpoint.signing_region, "ap-south-1");
  }
}

TEST_F(RouteSourceTest, TheNextCallAsksAgainAfterAFailure) {
  const auto source = Make({});
  Get(*source);
  Get(*source);
  asked_.at(0)(UnavailableError("nothing answers there"));
  ASSERT_EQ(routes_.size(), 2u);
  for (const auto& route : routes_) {
    EXPECT_THAT(route, StatusIs(StatusCode::kUnavailable,
                                AllOf(HasSubstr("no region"), HasSubstr("nothing answers there"))));
  }
  Get(*source);
  asked_.at(1)(std::string("eu-west-1"));
  EXPECT_THAT(routes_.at(2), IsOk());
}

TEST_F(RouteSourceTest, WhatIsNoRegionLeadsNowhere) {
  for (const char* hostile : {"evil.com/", "eu-west-1@evil.com", "", "a.b", "x y"}) {
    const auto source = Make({});
    Get(*source);
    asked_.back()(std::string(hostile));
    EXPECT_FALSE(routes_.back().ok()) << hostile;
  }
}

TEST_F(RouteSourceTest, AnEndpointUrlNeedsTheRegionForTheSignatureAlone) {
  const auto source = Make({.endpoint_url = "http://127.0.0.1:4566/base"});
  EXPECT_EQ(source->probable().path, "/base");
  Get(*source);
  asked_.at(0)(std::string("eu-north-1"));
  ASSERT_THAT(routes_.at(0), IsOk());
  EXPECT_EQ((*routes_[0])->endpoint.address, "127.0.0.1:4566");
  EXPECT_EQ((*routes_[0])->endpoint.signing_region, "eu-north-1");
}

TEST_F(RouteSourceTest, AClosedOneAsksNobody) {
  const auto source = Make({});
  source->Close();
  Get(*source);
  EXPECT_TRUE(asked_.empty());
  ASSERT_EQ(routes_.size(), 1u);
  EXPECT_THAT(routes_[0], StatusIs(StatusCode::kCancelled));
}

TEST_F(RouteSourceTest, AnAnswerMayComeWhenNobodyIsThere) {
  Get(*Make({}));
  asked_.at(0)(std::string("eu-west-1"));
  EXPECT_TRUE(routes_.empty());
}

TEST(RouteSource, SettingsThatNoRegionMakesGoodAreRefusedAtOnce) {
  EXPECT_THAT(RouteSource::Make({.endpoint_url = "http://192.0.2.1"}, kService, {}),
              StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::aws
