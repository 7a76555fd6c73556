// LeaderElector against the real API, as the director's account and with no more than its rights.
#include "gsh/kubernetes/leader_election.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gsh/testing/matchers.h"
#include "tests/faults/cutting_proxy.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/clients.h"

namespace gsh::kubernetes_test {
namespace {

using kubernetes::LeaderElector;
using ::testing::ElementsAre;
using testing::IsOk;

// "a starts", "a stops", in the order in which it came about.
class Events {
 public:
  void Add(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  bool WaitFor(const std::string& event) const {
    return Eventually([&] {
      const auto events = all();
      return std::find(events.begin(), events.end(), event) != events.end();
    });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
};

class LeaderElectionTest : public ::testing::Test {
 protected:
  // One process that would lead.
  struct Candidate {
    std::unique_ptr<kubernetes::Client> client;
    std::unique_ptr<kubernetes::Leases> leases;
    std::unique_ptr<LeaderElector> elector;
  };

  Candidate Start(const std::string& name, const std::string& endpoint) {
    Candidate candidate;
    candidate.client =
        Connect(OptionsFor(kubernetes::MakeToken(SharedApiServer().admin_token()), endpoint));
    candidate.leases = kubernetes::MakeLeases(*candidate.client);
    auto elector = LeaderElector::Start(
        *candidate.leases, {.ns = ns_,
                            .name = "gsh-director",
                            .identity = name,
                            .lease_duration = std::chrono::seconds(3),
                            .renew_deadline = std::chrono::seconds(2),
                            .retry_period = std::chrono::milliseconds(300),
                            .on_started = [this, name] { events_.Add(name + " starts"); },
                            .on_stopped = [this, name] { events_.Add(name + " stops"); }});
    EXPECT_THAT(elector, IsOk());
    candidate.elector = *std::move(elector);
    return candidate;
  }

  Events events_;
  const std::string ns_ = NewNamespace();
};

TEST_F(LeaderElectionTest, TheOneThatIsCutOffStopsBeforeTheOtherStarts) {
  std::optional<faults::CuttingProxy> line(std::in_place, SharedApiServer().endpoint(),
                                           faults::CutPlan{});
  const Candidate first = Start("first", line->endpoint());
  ASSERT_TRUE(events_.WaitFor("first starts"));
  const Candidate second = Start("second", SharedApiServer().endpoint());
  line.reset();  // from here on the first one reaches nothing
  ASSERT_TRUE(events_.WaitFor("second starts"));
  EXPECT_THAT(events_.all(), ElementsAre("first starts", "first stops", "second starts"));
  EXPECT_FALSE(first.elector->IsLeader());
  EXPECT_TRUE(second.elector->IsLeader());
}

TEST_F(LeaderElectionTest, TheOneThatStopsHandsTheLeaseOn) {
  Candidate first = Start("first", SharedApiServer().endpoint());
  ASSERT_TRUE(events_.WaitFor("first starts"));
  const Candidate second = Start("second", SharedApiServer().endpoint());
  first.elector.reset();
  ASSERT_TRUE(events_.WaitFor("second starts"));
  EXPECT_THAT(events_.all(), ElementsAre("first starts", "first stops", "second starts"));
  const ApiAnswer read =
      Admin().Get("/apis/coordination.k8s.io/v1/namespaces/" + ns_ + "/leases/gsh-director");
  EXPECT_EQ(read.body["spec"]["holderIdentity"], "second");
  EXPECT_EQ(read.body["spec"]["leaseTransitions"], 1);
}

}  // namespace
}  // namespace gsh::kubernetes_test
