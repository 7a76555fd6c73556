#include "src/testing/sandbox/agones/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using ::testing::MatchesRegex;

class FleetTest : public ::testing::Test {
 protected:
  std::unique_ptr<Fleet> MakeFleet(int replicas) {
    FleetOptions options{.name = "ncat-pool1", .replicas = replicas};
    options.server.labels = {{"region", "us-east-1"}};
    return std::make_unique<Fleet>(test_.cluster, test_.clock, test_.rng, std::move(options));
  }

  std::string AnyName() const { return test_.cluster->List().front()->name; }

  TestCluster test_;
};

TEST_F(FleetTest, NamesAndLabelsAsAgonesGivesThem) {
  const auto node = test_.MakeNode();
  const auto fleet = MakeFleet(2);
  ASSERT_EQ(test_.Count(State::kReady), 2u);
  for (const GameServerPtr& server : test_.cluster->List()) {
    EXPECT_THAT(server->name, MatchesRegex("ncat-pool1-[a-z0-9]{5}-[a-z0-9]{5}"));
    EXPECT_EQ(server->labels.at(kFleetLabel), "ncat-pool1");
    EXPECT_EQ(server->labels.at(kGameServerSetLabel),
              server->name.substr(0, server->name.size() - 6));
    EXPECT_EQ(server->labels.at("region"), "us-east-1");
    EXPECT_EQ(server->address, "127.0.0.1");
    EXPECT_EQ(server->ports.at(0).name, "default");
  }
}

TEST_F(FleetTest, AllocatedServersCountAsReplicas) {
  const auto node = test_.MakeNode();
  const auto fleet = MakeFleet(2);
  test_.SetState(AnyName(), State::kAllocated);
  EXPECT_EQ(test_.cluster->List().size(), 2u);
  EXPECT_EQ(test_.Count(State::kReady), 1u);
}

TEST_F(FleetTest, ReplacesWhatIsShutDown) {
  const auto node = test_.MakeNode();
  const auto fleet = MakeFleet(2);
  const std::string gone = AnyName();
  test_.SetState(gone, State::kShutdown);
  EXPECT_EQ(test_.cluster->Get(gone), nullptr);
  EXPECT_EQ(test_.Count(State::kReady), 2u);
}

TEST_F(FleetTest, ReplacesAnUnhealthyServerThatWasReadyAtOnce) {
  const auto node = test_.MakeNode();
  const auto fleet = MakeFleet(1);
  const std::string gone = AnyName();
  test_.SetState(gone, State::kUnhealthy);
  EXPECT_EQ(test_.cluster->Get(gone), nullptr);
  EXPECT_EQ(test_.Count(State::kReady), 1u);
}

TEST_F(FleetTest, ReplacesOneThatWasNeverReadyWithBackoff) {
  const auto fleet = MakeFleet(1);  // no node: nothing ever gets Ready
  const auto fail = [&] {
    const std::string name = AnyName();
    test_.SetState(name, State::kUnhealthy);
    EXPECT_EQ(test_.StateOf(name), State::kShutdown) << "the fleet deletes it";
    test_.cluster->Remove(name);
  };
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    fail();
    test_.clock.Advance(std::chrono::seconds(seconds) - std::chrono::milliseconds(1));
    EXPECT_TRUE(test_.cluster->List().empty()) << seconds;
    test_.clock.Advance(std::chrono::milliseconds(1));
    ASSERT_EQ(test_.cluster->List().size(), 1u) << seconds;
  }
  // A server that is Ready ends the series.
  test_.SetState(AnyName(), State::kReady);
  fail();
  test_.clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(test_.cluster->List().size(), 1u);
}

TEST_F(FleetTest, ScalesUpAndDown) {
  const auto node = test_.MakeNode();
  const auto fleet = MakeFleet(2);
  fleet->Scale(5);
  EXPECT_EQ(test_.Count(State::kReady), 5u);
  const std::string kept = AnyName();
  test_.SetState(kept, State::kAllocated);
  fleet->Scale(1);
  ASSERT_EQ(test_.cluster->List().size(), 1u);
  EXPECT_EQ(AnyName(), kept);
  fleet->Scale(0);
  EXPECT_EQ(test_.StateOf(kept), State::kAllocated) << "a server in use is never deleted";
  test_.SetState(kept, State::kShutdown);
  EXPECT_TRUE(test_.cluster->List().empty());
}

TEST_F(FleetTest, LeavesOtherServersAlone) {
  const auto node = test_.MakeNode();
  test_.Add("other", State::kReady);
  const auto fleet = MakeFleet(1);
  fleet->Scale(0);
  ASSERT_EQ(test_.cluster->List().size(), 1u);
  EXPECT_EQ(AnyName(), "other");
}

TEST_F(FleetTest, NothingIsReplacedAfterItsEnd) {
  const auto node = test_.MakeNode();
  auto fleet = MakeFleet(2);
  fleet.reset();
  test_.SetState(AnyName(), State::kShutdown);
  EXPECT_EQ(test_.cluster->List().size(), 1u);
}

}  // namespace
}  // namespace gsh::sandbox
