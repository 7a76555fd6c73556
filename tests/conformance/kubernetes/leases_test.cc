// Leases, and the election by them.
#include <atomic>

#include "gsh/kubernetes/leader_election.h"
#include "tests/conformance/kubernetes/cluster.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using kubernetes::LeaderElector;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A process that wants to lead, with a connection of its own.
class Candidate {
 public:
  Candidate(std::unique_ptr<kubernetes::Client> client, const std::string& ns,
            const std::string& identity, bool release)
      : client_(std::move(client)), leases_(kubernetes::MakeLeases(*client_)) {
    auto elector = LeaderElector::Start(*leases_, {.ns = ns,
                                                   .name = "director",
                                                   .identity = identity,
                                                   .lease_duration = seconds(2),
                                                   .renew_deadline = milliseconds(1500),
                                                   .retry_period = milliseconds(200),
                                                   .release_on_stop = release});
    EXPECT_THAT(elector, IsOk());
    elector_ = *std::move(elector);
  }
  bool Leads() const { return elector_->IsLeader(); }

 private:
  const std::unique_ptr<kubernetes::Client> client_;
  const std::unique_ptr<kubernetes::Leases> leases_;
  std::unique_ptr<LeaderElector> elector_;
};

class ElectionTest : public ClusterTest {
 protected:
  std::unique_ptr<Candidate> Start(const std::string& identity, bool release = true) {
    return std::make_unique<Candidate>(NewClient(), ns_, identity, release);
  }
  Json Lease() { return *Get(kubernetes::kLeases, "director"); }
};

TEST_F(ElectionTest, OneLeadsAndTheNextFollowsWhenItStops) {
  auto a = Start("a");
  ASSERT_TRUE(Eventually([&] { return a->Leads(); }));
  auto b = Start("b");
  const std::string renewed = Lease()["spec"]["renewTime"];
  ASSERT_TRUE(Eventually([&] { return Lease()["spec"]["renewTime"] != renewed; }));
  EXPECT_FALSE(b->Leads());
  a.reset();
  EXPECT_TRUE(Eventually([&] { return b->Leads(); }));
  EXPECT_EQ(Lease()["spec"]["holderIdentity"], "b");
  EXPECT_EQ(Lease()["spec"]["leaseTransitions"], 1);
}

TEST_F(ElectionTest, OneThatDiesIsFollowedAfterItsLeaseHasEnded) {
  auto a = Start("a", false);  // leaves the lease as it is, as one that is killed does
  ASSERT_TRUE(Eventually([&] { return a->Leads(); }));
  auto b = Start("b");
  a.reset();
  EXPECT_FALSE(b->Leads());
  EXPECT_TRUE(Eventually([&] { return b->Leads(); }));
}

}  // namespace
}  // namespace gsh::conformance
