#include "src/agones_rest/latency/ping_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gsh/rng.h"

namespace gsh::agones_rest {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kStart{};

RegionLatency ResultOf(const PingLedger& ledger) {
  RegionLatency result;
  ledger.Fill(result);
  return result;
}

TEST(PingLedger, MinimumAndMedianOfWhatCameBack) {
  PingLedger ledger(1s, SystemRng());
  for (const auto time : {30ms, 10ms, 20ms}) {
    EXPECT_TRUE(ledger.Receive(ledger.Send(kStart), kStart + time));
  }
  ledger.Send(kStart);
  const RegionLatency three = ResultOf(ledger);
  EXPECT_EQ(three.sent, 4);
  EXPECT_EQ(three.lost, 1);
  EXPECT_EQ(three.minimum, 10ms);
  EXPECT_EQ(three.median, 20ms);
  EXPECT_TRUE(ledger.Receive(ledger.Send(kStart), kStart + 40ms));
  EXPECT_EQ(ResultOf(ledger).median, 25ms);
}

TEST(PingLedger, NothingCameBack) {
  PingLedger ledger(1s, SystemRng());
  ledger.Send(kStart);
  const RegionLatency result = ResultOf(ledger);
  EXPECT_EQ(result.lost, 1);
  EXPECT_FALSE(result.minimum);
  EXPECT_FALSE(result.median);
}

TEST(PingLedger, DuplicatesStraysAndLateOnesDoNotCount) {
  PingLedger ledger(1s, SystemRng());
  const std::string first = ledger.Send(kStart);
  EXPECT_FALSE(ledger.Receive("", kStart));
  EXPECT_FALSE(ledger.Receive(first + "x", kStart));
  EXPECT_FALSE(ledger.Receive(first.substr(1), kStart));
  EXPECT_TRUE(ledger.Receive(first, kStart + 5ms));
  EXPECT_FALSE(ledger.Receive(first, kStart + 6ms));
  const std::string late = ledger.Send(kStart);
  EXPECT_EQ(ledger.NextExpiry(), kStart + 1s);
  EXPECT_FALSE(ledger.Receive(late, kStart + 1s));
  EXPECT_FALSE(ledger.NextExpiry());
  EXPECT_EQ(ResultOf(ledger).lost, 1);
  EXPECT_EQ(ResultOf(ledger).median, 5ms);
}

// Whatever comes back, in whatever order and how often: each sample counts once at most.
TEST(PingLedger, RandomNetworks) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    PingLedger ledger(50ms, SystemRng());
    std::vector<std::pair<std::string, SteadyTime>> sent;
    std::vector<bool> counted;
    SteadyTime now = kStart;
    for (int step = 0; step < 60; ++step) {
      now += std::chrono::milliseconds(random() % 20);
      if (random() % 3 == 0) {
        sent.emplace_back(ledger.Send(now), now);
        counted.push_back(false);
      }
      if (sent.empty()) continue;
      const std::size_t which = random() % sent.size();
      const bool in_time = now - sent[which].second < 50ms;
      const bool expected = in_time && !counted[which];
      ASSERT_EQ(ledger.Receive(sent[which].first, now), expected) << "seed " << seed;
      if (expected) counted[which] = true;
    }
    const auto answered = std::count(counted.begin(), counted.end(), true);
    const RegionLatency result = ResultOf(ledger);
    EXPECT_EQ(result.sent, static_cast<int>(sent.size()));
    EXPECT_EQ(result.sent - result.lost, answered) << "seed " << seed;
    EXPECT_EQ(result.median.has_value(), answered > 0);
    if (result.median) {
      EXPECT_LE(*result.minimum, *result.median);
      EXPECT_LT(*result.median, 50ms);
    }
  }
}

}  // namespace
}  // namespace gsh::agones_rest
