#include "src/testing/sandbox/kubernetes_side/mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using testing::IsOk;

constexpr char kGameServers[] = "agones.dev/gameservers";

// A cluster without nodes: what is to end stays as it is.
class MirrorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    cluster_->Create({.name = "early", .state = State::kReady});
    mirror_.emplace(store_, MirrorOptions{.cluster = cluster_});
  }
  // What goes back has gone then.
  void End() { mirror_.reset(); }
  State StateOf(const std::string& name) const { return cluster_->Get(name)->state; }
  bool Has(const char* kind, const std::string& name) const {
    return store_.Get(kind, "default", name).ok();
  }

  testing::ManualClock clock_;
  testing::SeededRng rng_{1};
  const std::shared_ptr<Cluster> cluster_ = std::make_shared<Cluster>(clock_, rng_);
  testing::kubernetes::ObjectStore store_;
  std::optional<Mirror> mirror_;
};

TEST_F(MirrorTest, HasWhatWasThereAndWhatComes) {
  cluster_->Create({.name = "late", .state = State::kReady});
  for (const char* const name : {"early", "late"}) {
    EXPECT_TRUE(Has(kGameServers, name));
    EXPECT_TRUE(Has("/pods", name));
  }
  cluster_->Remove("early");
  EXPECT_FALSE(Has(kGameServers, "early"));
  EXPECT_FALSE(Has("/pods", "early"));
}

TEST_F(MirrorTest, WhatWasDeletedStaysSoWhileItEnds) {
  std::promise<void> mirrored;  // observers are called in the order in which they came
  const auto after = cluster_->Observe([&](Cluster::Event, const GameServerPtr& server) {
    if (server->state == State::kShutdown) mirrored.set_value();
  });
  ASSERT_THAT(store_.Delete(kGameServers, "default", "early"), IsOk());
  ASSERT_EQ(mirrored.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(StateOf("early"), State::kShutdown);
  EXPECT_FALSE(Has(kGameServers, "early"));
}

TEST_F(MirrorTest, ALostPodMakesItsGameServerUnhealthy) {
  ASSERT_THAT(store_.Delete("/pods", "default", "early"), IsOk());
  End();
  EXPECT_EQ(StateOf("early"), State::kUnhealthy);
  EXPECT_FALSE(Has("/pods", "early"));
  EXPECT_TRUE(Has(kGameServers, "early"));
}

TEST_F(MirrorTest, OnlyWhatAToolChangedGoesBack) {
  cluster_->Update("early", [](GameServer& server) {
    server.labels = {{"kept", "1"}, {"gone", "1"}};
    return true;
  });
  ASSERT_THAT(store_.Update(kGameServers, "default", "early",
                            [&](testing::kubernetes::Json& object) {
                              object["metadata"]["labels"].erase("gone");
                              object["metadata"]["labels"]["new"] = "1";
                              return OkStatus();
                            }),
              IsOk());
  // Meanwhile, perhaps before that.
  cluster_->Update("early", [](GameServer& server) {
    server.labels["own"] = "1";
    return true;
  });
  End();
  EXPECT_EQ(cluster_->Get("early")->labels,
            (agones::Labels{{"kept", "1"}, {"new", "1"}, {"own", "1"}}));
}

}  // namespace
}  // namespace gsh::sandbox
