// Whatever comes, and whoever matches: nobody is lost and nobody plays twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/matchsim/chance.h"
#include "src/matchsim/generator.h"
#include "src/matchsim/rules_matcher.h"
#include "src/matchsim/sample_matcher.h"
#include "src/matchsim/simulation.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;

// Remembers by key whom it sees and whom it gives away, and that nobody comes back.
class Watched final : public RoundMatcher {
 public:
  explicit Watched(RoundMatcher& matcher) : matcher_(matcher) {}
  const std::vector<std::string>& regions() const override { return matcher_.regions(); }
  const std::vector<std::string>& attributes() const override { return matcher_.attributes(); }

  StatusOr<RoundResult> Match(const matcher::Tickets& tickets, std::size_t round) override {
    std::set<std::uint64_t> here(tickets.key.begin(), tickets.key.end());
    EXPECT_EQ(here.size(), tickets.count);
    for (std::size_t i = 0; i < tickets.count; ++i) {
      EXPECT_GE(tickets.wait_s[i], 0);
      if (i > 0) {
        EXPECT_LE(tickets.wait_s[i], tickets.wait_s[i - 1]);
      }
      const bool new_here = seen_.insert(tickets.key[i]).second;
      EXPECT_TRUE(new_here || last_.contains(tickets.key[i])) << "came back after it had gone";
    }
    last_ = std::move(here);
    return matcher_.Match(tickets, round);
  }

 private:
  RoundMatcher& matcher_;
  std::set<std::uint64_t> seen_;
  std::set<std::uint64_t> last_;
};

const std::vector<std::string> kRegions = {"us-east-1", "eu-west-1"};

// 0: plain rules, 1: rules that ask for everything, 2 and 3: the sample.
constexpr int kKinds = 4;

matcher::Rules RulesOf(int kind, Rng& rng) {
  const int size = static_cast<int>(1 + UniformBelow(rng, 5));
  matcher::Rules rules{
      .regions = kRegions, .band_bounds_ms = {0, 25, 50, 100, 300}, .match_size = size};
  if (kind == 0) return rules;
  rules.match_size = 2 * size;
  rules.min_match_size = 2;
  rules.max_wait_s = static_cast<float>(1 + UniformBelow(rng, 10));
  rules.teams = UniformBelow(rng, 2) == 0 ? 1 : 2;
  rules.max_latency_ms = {{.value = 60, .steps = {{.after_s = 3, .value = 120}}}};
  rules.max_spread_ms = {.value = 20, .linear_per_s = 2};
  rules.order =
      UniformBelow(rng, 2) == 0 ? matcher::Order::kBestQuality : matcher::Order::kOldestFirst;
  rules.equal_attributes = {"mode"};
  return rules;
}

Traffic TrafficOf(int kind, Rng& rng) {
  Traffic traffic{.tickets = UniformBelow(rng, 400),
                  .rate = static_cast<double>(UniformBelow(rng, 30)),
                  .whole_ms = UniformBelow(rng, 2) == 0};
  if (kind != 1) return traffic;
  traffic.party_sizes = {3, 2, 1};
  traffic.skill_deviation = 100;
  traffic.attributes = {{"mode", {{"casual", 1}, {"ranked", 2}}}};
  return traffic;
}

std::unique_ptr<RoundMatcher> MatcherOf(int kind, Rng& rng) {
  const matcher::Rules rules = RulesOf(kind, rng);
  StatusOr<std::unique_ptr<RoundMatcher>> matcher =
      kind < 2 ? MakeRulesMatcher(rules)
               : MakeSampleMatcher(
                     {.regions = kRegions, .match_size = rules.match_size, .corrected = kind == 3});
  EXPECT_THAT(matcher, IsOk());
  return *std::move(matcher);
}

SimulationOptions OptionsOf(Rng& rng) {
  SimulationOptions options{.round_s = 0.25 * static_cast<double>(1 + UniformBelow(rng, 20)),
                            .drain_s = static_cast<double>(UniformBelow(rng, 40)),
                            .match_s = static_cast<double>(UniformBelow(rng, 30))};
  if (UniformBelow(rng, 2) == 0) options.patience_s = static_cast<double>(UniformBelow(rng, 15));
  if (UniformBelow(rng, 2) == 0) {
    options.servers = {{"us-east-1", UniformBelow(rng, 8)}, {"eu-west-1", UniformBelow(rng, 8)}};
  }
  return options;
}

void ExpectNobodyLost(const Arrivals& arrivals, const SimulationResult& result) {
  EXPECT_EQ(result.tickets, arrivals.size());
  EXPECT_EQ(result.matched + result.left + result.waiting, arrivals.size());
  EXPECT_EQ(result.wait_s.size(), result.matched);
  EXPECT_EQ(result.latency_ms.size(), result.matched);
  EXPECT_EQ(result.spread_ms.size(), result.matches);
  std::size_t left = 0;
  std::size_t waiting = 0;
  for (const auto& [reason, count] : result.unmatched) {
    EXPECT_NE(reason, "");
    left += count.left;
    waiting += count.waiting;
  }
  EXPECT_EQ(left, result.left);
  EXPECT_EQ(waiting, result.waiting);
  TimePoint sum;
  for (const TimePoint& point : result.timeline) {
    sum.arrived += point.arrived;
    sum.matched += point.matched;
    sum.left += point.left;
    EXPECT_EQ(point.waiting, sum.arrived - sum.matched - sum.left);
  }
  EXPECT_EQ(sum.matched, result.matched);
  EXPECT_EQ(sum.left, result.left);
  std::size_t in_regions = 0;
  for (const RegionResult& region : result.regions) {
    in_regions += region.tickets;
    EXPECT_TRUE(region.servers == 0 || region.peak_busy <= region.servers);
  }
  EXPECT_EQ(in_regions, result.matched);
}

TEST(MatchsimPropertyTest, NobodyIsLostAndNobodyPlaysTwice) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRng rng(seed);
    const int kind = static_cast<int>(seed % kKinds);
    const StatusOr<Arrivals> arrivals = GenerateArrivals(
        TrafficOf(kind, rng), {{.name = "us-east-1"}, {.name = "eu-west-1"}}, seed);
    ASSERT_THAT(arrivals, IsOk());
    const std::unique_ptr<RoundMatcher> matcher = MatcherOf(kind, rng);
    const SimulationOptions options = OptionsOf(rng);
    Watched watched(*matcher);
    const StatusOr<SimulationResult> result = Simulate(*arrivals, watched, options);
    ASSERT_THAT(result, IsOk());
    ExpectNobodyLost(*arrivals, *result);
  }
}

}  // namespace
}  // namespace gsh::matchsim
