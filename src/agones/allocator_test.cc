#include "gsh/agones/allocator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "gsh/testing/matchers.h"
#include "gsh/testing/mock_agones.h"

namespace gsh::agones {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

Allocation At(std::string address, std::vector<GameServerPort> ports) {
  return {.game_server = "gs-1", .ports = std::move(ports), .address = std::move(address)};
}

TEST(ConnectionOf, TakesThePortOfThatName) {
  const Allocation allocation =
      At("192.0.2.7", {{.name = "rcon", .port = 1}, {.name = "default", .port = 7256}});
  EXPECT_EQ(*ConnectionOf(allocation), "192.0.2.7:7256");
  EXPECT_EQ(*ConnectionOf(allocation, "rcon"), "192.0.2.7:1");
}

TEST(ConnectionOf, TakesTheOnlyPortWhateverItsName) {
  EXPECT_EQ(*ConnectionOf(At("ec2.example", {{.name = "game", .port = 65535}})),
            "ec2.example:65535");
}

TEST(ConnectionOf, PutsBracketsAroundIpv6) {
  EXPECT_EQ(*ConnectionOf(At("2001:db8::7", {{.name = "default", .port = 80}})),
            "[2001:db8::7]:80");
  EXPECT_EQ(*ConnectionOf(At("[2001:db8::7]", {{.name = "default", .port = 80}})),
            "[2001:db8::7]:80");
}

TEST(ConnectionOf, RefusesWhatPlayersCannotUse) {
  const auto refuses = [](const Allocation& allocation, const char* why) {
    EXPECT_THAT(ConnectionOf(allocation),
                StatusIs(StatusCode::kFailedPrecondition,
                         ::testing::AllOf(HasSubstr("gs-1"), HasSubstr(why))));
  };
  refuses(At("", {{.name = "default", .port = 80}}), "no address");
  refuses(At("a b", {{.name = "default", .port = 80}}), "impossible address");
  refuses(At("h", {}), "no port \"default\"");
  refuses(At("h", {{.name = "a", .port = 1}, {.name = "b", .port = 2}}), "no port \"default\"");
  refuses(At("h", {{.name = "default", .port = 0}}), "impossible port 0");
  refuses(At("h", {{.name = "default", .port = 65536}}), "impossible port 65536");
  refuses(At("h", {{.name = "default", .port = -1}}), "impossible port -1");
}

TEST(Allocator, BlockingCallWaitsForTheAnswer) {
  testing::MockAllocator allocator;
  std::thread answering;
  EXPECT_CALL(allocator, AllocateAsync(_, _, _))
      .WillOnce([&](AllocationRequest request, const CallOptions&, auto done) {
        answering = std::thread([done, ns = request.ns] { done(Allocation{.game_server = ns}); });
      });
  const auto allocation = allocator.Allocate({.ns = "games"});
  answering.join();
  ASSERT_THAT(allocation, IsOk());
  EXPECT_EQ(allocation->game_server, "games");
}

}  // namespace
}  // namespace gsh::agones
