// For the tests of the ports' adapters: one request and one game server in which every field is
// set, so that all adapters are held to the same.
#ifndef GSH_SRC_AGONES_EVERY_FIELD_H_
#define GSH_SRC_AGONES_EVERY_FIELD_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/agones/allocator.h"
#include "gsh/agones/game_server_sdk.h"

namespace gsh::agones {

inline AllocationRequest FullAllocationRequest() {
  return {
      .ns = "games",
      .multicluster = true,
      .multicluster_policy_labels = {{"cluster", "eu"}},
      .selectors =
          {{.match_labels = {{"gsh.dev/allocation", "u-1"}},
            .state = GameServerSelector::State::kAllocated},
           {.match_labels = {{"region", "us-east-1"}},
            .players = PlayerSelector{.min_available = 1, .max_available = 8},
            .counters =
                {{"rooms",
                  {.min_count = 1, .max_count = 2, .min_available = 3, .max_available = 4}}},
            .lists = {{"ids", {.contains_value = "x", .min_available = 5, .max_available = 6}}}}},
      .scheduling = AllocationRequest::Scheduling::kDistributed,
      .priorities = {{.type = Priority::Type::kList,
                      .key = "ids",
                      .order = Priority::Order::kDescending}},
      .labels = {{"l", "1"}},
      .annotations = {{"a", "2"}},
      .counters = {{"rooms", {.action = "Increment", .amount = 1, .capacity = 9}}},
      .lists = {{"ids", {.add_values = {"p"}, .delete_values = {"q"}, .capacity = 7}}}};
}

// That `got` is the game server that an SDK server of the test has sent with every field.
inline void ExpectEveryField(const GameServer& got) {
  EXPECT_EQ(got.name, "gs-1");
  EXPECT_EQ(got.ns, "games");
  EXPECT_EQ(got.uid, "u");
  EXPECT_EQ(got.resource_version, "77");
  EXPECT_EQ(got.generation, 3);
  EXPECT_EQ(got.creation_timestamp, 1000);
  EXPECT_EQ(got.deletion_timestamp, 2000);
  EXPECT_EQ(got.annotations.at("gsh.dev/match"), "m-1");
  EXPECT_EQ(got.labels.at("region"), "eu");
  EXPECT_TRUE(got.health.disabled);
  EXPECT_EQ(got.health.period_seconds, 5);
  EXPECT_EQ(got.health.failure_threshold, 4);
  EXPECT_EQ(got.health.initial_delay_seconds, 6);
  EXPECT_EQ(got.state, "Allocated");
  EXPECT_EQ(got.address, "192.0.2.7");
  EXPECT_EQ(got.addresses.at(0).type, "ExternalIP");
  EXPECT_EQ(got.addresses.at(0).address, "192.0.2.8");
  EXPECT_EQ(got.ports.at(0).name, "default");
  EXPECT_EQ(got.ports.at(0).port, 7000);
  ASSERT_TRUE(got.players);
  EXPECT_EQ(got.players->count, 1);
  EXPECT_EQ(got.players->capacity, 8);
  EXPECT_THAT(got.players->ids, ::testing::ElementsAre("p"));
  EXPECT_EQ(got.counters.at("rooms").count, 2);
  EXPECT_EQ(got.counters.at("rooms").capacity, 4);
  EXPECT_THAT(got.lists.at("ids").values, ::testing::ElementsAre("v"));
  EXPECT_EQ(got.lists.at("ids").capacity, 9);
}

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_EVERY_FIELD_H_
