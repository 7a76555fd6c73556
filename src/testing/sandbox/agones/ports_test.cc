#include "src/testing/sandbox/agones/ports.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

// Always the same: two of them look for ports in the same order, as two processes might.
TEST(PortLeaseTest, NoPortIsHandedOutTwice) {
  std::set<int> ports;
  std::vector<PortLease> leases;
  for (int i = 0; i < 20; ++i) {
    RepeatableRng rng;
    auto lease = PortLease::Take(rng);
    ASSERT_TRUE(lease.ok()) << lease.status();
    EXPECT_TRUE(ports.insert(lease->port()).second);
    leases.push_back(std::move(*lease));
  }
}

TEST(PortLeaseTest, APortComesBackAtTheEnd) {
  RepeatableRng first;
  auto lease = PortLease::Take(first);
  ASSERT_TRUE(lease.ok());
  const int port = lease->port();
  {
    const PortLease moved = std::move(*lease);
  }
  RepeatableRng second;
  EXPECT_EQ(PortLease::Take(second)->port(), port);
}

}  // namespace
}  // namespace gsh::sandbox
