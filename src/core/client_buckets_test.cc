#include "src/core/client_buckets.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace gsh::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart{std::chrono::hours(1)};

TEST(ClientBucketsTest, ABurstThenOneForEachThatComesBack) {
  ClientBuckets buckets({.burst = 3, .per_second = 2});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(buckets.Take("a", kStart));
  EXPECT_FALSE(buckets.Take("a", kStart));
  EXPECT_EQ(buckets.Pause("a", kStart), milliseconds(500));
  EXPECT_FALSE(buckets.Take("a", kStart + milliseconds(499)));
  EXPECT_TRUE(buckets.Take("a", kStart + milliseconds(500)));
  EXPECT_FALSE(buckets.Take("a", kStart + milliseconds(501)));
  EXPECT_TRUE(buckets.Take("b", kStart)) << "each client has its own";
}

TEST(ClientBucketsTest, NeverMoreThanABurst) {
  ClientBuckets buckets({.burst = 2, .per_second = 100});
  EXPECT_TRUE(buckets.Take("a", kStart));
  const SteadyTime later = kStart + seconds(1000);
  buckets.Return("a", later);
  EXPECT_TRUE(buckets.Take("a", later));
  EXPECT_TRUE(buckets.Take("a", later));
  EXPECT_FALSE(buckets.Take("a", later));
  buckets.Return("a", later);
  EXPECT_EQ(buckets.Pause("a", later), Duration::zero());
  EXPECT_TRUE(buckets.Take("a", later));
}

TEST(ClientBucketsTest, MemoryIsBoundedAndTheLastSeenStay) {
  ClientBuckets buckets({.burst = 1, .per_second = 0.001, .clients = 100});
  EXPECT_TRUE(buckets.Take("guesser", kStart));
  for (int i = 0; i < 1000; ++i) {
    buckets.Take("client" + std::to_string(i), kStart);
    EXPECT_FALSE(buckets.Take("guesser", kStart)) << "who keeps coming is not forgotten";
  }
  EXPECT_EQ(buckets.size(), 100u);
}

}  // namespace
}  // namespace gsh::internal
