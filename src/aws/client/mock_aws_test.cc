// The mocks can be made and called.
#include "gsh/testing/mock_aws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "gsh/testing/matchers.h"

namespace gsh::testing {
namespace {

using ::testing::_;

template <typename Mock>
class MockTest : public ::testing::Test {};
using Mocks = ::testing::Types<MockCredentialsProvider, MockInstanceMetadata, MockGameLift, MockSqs,
                               MockAutoScaling, MockCloudWatch, MockSts>;
TYPED_TEST_SUITE(MockTest, Mocks);

TYPED_TEST(MockTest, CanBeMade) { EXPECT_NE(std::make_unique<TypeParam>(), nullptr); }

TEST(MockGameLift, AnswersBlockingCallsAndRanges) {
  MockGameLift gamelift;
  EXPECT_CALL(gamelift, ListGameServersAsync(_, _, _))
      .WillOnce([](const auto& request, const CallOptions&, const auto& done) {
        EXPECT_EQ(request.next_token, "");
        done(aws::Page<aws::gamelift::GameServer>{.items = {{.game_server_id = "a"}},
                                                  .next_token = "t"});
      })
      .WillOnce([](const auto& request, const CallOptions&, const auto& done) {
        EXPECT_EQ(request.next_token, "t");
        done(UnavailableError("gone"));
      });
  int servers = 0;
  Status end;
  for (const auto& server : gamelift.AllGameServers({.game_server_group_name = "g"})) {
    servers += server.ok();
    end = server.status();
  }
  EXPECT_EQ(servers, 1);
  EXPECT_THAT(end, StatusIs(StatusCode::kUnavailable));
}

}  // namespace
}  // namespace gsh::testing
