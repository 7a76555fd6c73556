#include "src/matcher/rich_round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "gsh/matcher/rules_json.h"
#include "src/matcher/grid.h"
#include "src/matcher/plain.h"
#include "src/matcher/random_input.h"
#include "src/matcher/reference_rich.h"
#include "src/matcher/round.h"
#include "src/matcher/sorted_tickets.h"
#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

Result MustMatch(const RichInput& input, const Rules& rules, int threads = 1) {
  auto result = MatchTickets(input.View(), rules, {.threads = threads});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : Result{};
}

void ExpectSame(const Result& actual, const Result& expected) {
  ASSERT_EQ(actual.matches, expected.matches);
  ASSERT_EQ(actual.members, expected.members);
  ASSERT_EQ(actual.teams, expected.teams);
  ASSERT_EQ(actual.reasons, expected.reasons);
  ASSERT_EQ(actual.widens_at_s, expected.widens_at_s);
}

TEST(MatchRich, IsTheDefinition) {
  for (std::uint64_t run = 0; run < 6000; ++run) {
    RandomInput random(run);
    const Rules rules = random.TakeRules();
    const RichInput input = random.TakeTickets(rules, random.Below(60));
    ASSERT_TRUE(CheckRules(rules).ok()) << CheckRules(rules) << RulesToJson(rules);
    SCOPED_TRACE(::testing::Message() << "run " << run << " " << RulesToJson(rules));
    ASSERT_NO_FATAL_FAILURE(
        ExpectSame(MatchRich(input.View(), rules, 1), MatchRichByDefinition(input.View(), rules)));
  }
}

TEST(MatchRich, IsTheDefinitionForLongLines) {
  for (std::uint64_t run = 0; run < 40; ++run) {
    RandomInput random(1000 + run);
    Rules rules = random.TakeRules();
    if (run % 2 == 0) rules.equal_attributes.clear();
    const RichInput input = random.TakeTickets(rules, 200 + random.Below(500));
    SCOPED_TRACE(::testing::Message() << "run " << run << " " << RulesToJson(rules));
    ASSERT_NO_FATAL_FAILURE(
        ExpectSame(MatchRich(input.View(), rules, 1), MatchRichByDefinition(input.View(), rules)));
  }
}

TEST(MatchRich, GivesTheSameOnAnyNumberOfThreads) {
  for (std::uint64_t run = 0; run < 60; ++run) {
    RandomInput random(run);
    const Rules rules = random.TakeRules();
    const RichInput input = random.TakeTickets(rules, random.Below(3000));
    const Result one = MustMatch(input, rules, 1);
    for (const int threads : {2, 3, 7}) {
      SCOPED_TRACE(::testing::Message() << "run " << run << " threads " << threads);
      ASSERT_NO_FATAL_FAILURE(ExpectSame(MustMatch(input, rules, threads), one));
    }
  }
}

// What the fast path gives without its last step, which rich rules do not have.
TEST(MatchRich, GivesForPlainRulesWhatTheFastPathDoes) {
  for (std::uint64_t run = 0; run < 1500; ++run) {
    RandomInput random(run);
    Rules rules = random.TakeRules();
    rules = {.regions = rules.regions,
             .band_bounds_ms = rules.band_bounds_ms,
             .match_size = rules.match_size,
             .try_next_best_region = rules.try_next_best_region};
    RichInput input = random.TakeTickets(rules, random.Below(300));
    input.party_size.clear();
    input.team.clear();
    input.backfills.clear();
    ASSERT_TRUE(IsPlain(input.View(), rules));
    const Tickets tickets = input.View();
    const Grid grid(rules);
    Round round(tickets, rules, grid, Packing(grid, tickets.count));
    round.MatchBestRegions();
    if (rules.try_next_best_region) round.MatchNextBestRegions();
    SCOPED_TRACE(run);
    ASSERT_NO_FATAL_FAILURE(ExpectSame(MatchRich(tickets, rules, 1), round.TakeResult()));
  }
}

// Holds one match against the rules, by the documents' words.
class Judge {
 public:
  Judge(const RichInput& input, const Rules& rules) : view_(input.View()), rules_(rules) {}

  void Check(const Result& result, const Match& match) const {
    const auto members = result.members.begin() + match.first_member;
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    float lowest = kInfinity, highest = 0, longest = 0, shortest = kInfinity;
    std::vector<std::uint32_t> team_sizes(static_cast<std::size_t>(rules_.teams), 0);
    std::uint32_t players = 0;
    double sum = 0;
    for (std::uint32_t i = 0; i < match.size; ++i) {
      const std::uint32_t ticket = members[i];
      const float latency = LatencyOf(ticket, match.region);
      if (match.backfill == kNoBackfill) {
        ASSERT_GE(latency, rules_.band_bounds_ms[match.band]);
        ASSERT_LE(latency, rules_.band_bounds_ms[match.band + 1]);
      }
      CheckOwnLimits(ticket, match.region, latency);
      ASSERT_EQ(AttributesOf(ticket), AttributesOf(*members));
      lowest = std::min(lowest, latency);
      highest = std::max(highest, latency);
      longest = std::max(longest, WaitOfTicket(view_, ticket));
      shortest = std::min(shortest, WaitOfTicket(view_, ticket));
      players += PlayersOf(view_, ticket);
      sum += static_cast<double>(latency) * PlayersOf(view_, ticket);
      const std::size_t team = rules_.teams > 1 ? result.teams[match.first_member + i] : 0;
      team_sizes.at(team) += PlayersOf(view_, ticket);
      const std::uint16_t wanted = TeamOf(view_, ticket);
      ASSERT_TRUE(wanted == kAnyTeam || wanted == team);
    }
    ASSERT_EQ(match.players, players);
    ASSERT_DOUBLE_EQ(match.score, 1000 / (1 + sum / players));
    if (match.backfill != kNoBackfill) {
      CheckBackfill(match, team_sizes, lowest, highest);
      return;
    }
    ASSERT_FLOAT_EQ(match.spread_ms, highest - lowest);
    for (const std::uint32_t size : team_sizes) ASSERT_EQ(size, team_sizes[0]);
    const int least = longest >= rules_.max_wait_s && rules_.min_match_size > 0
                          ? rules_.min_match_size
                          : rules_.match_size;
    ASSERT_GE(static_cast<int>(players), least);
    ASSERT_LE(static_cast<int>(players), rules_.match_size);
    const Limit& spread = rules_.max_spread_ms;
    const float waited = WaitOfMatch(spread.wait_of, longest, shortest);
    ASSERT_LE(match.spread_ms, LimitAfter(spread, waited));
  }

 private:
  float LatencyOf(std::uint32_t ticket, std::uint32_t region) const {
    const auto& all =
        rules_.party_latency == PartyLatency::kMean ? view_.mean_latency_ms : view_.latency_ms;
    return all[ticket * rules_.regions.size() + region];
  }
  std::vector<std::uint32_t> AttributesOf(std::uint32_t ticket) const {
    const std::size_t width = rules_.equal_attributes.size();
    const auto row = view_.attributes.subspan(ticket * width, width);
    return {row.begin(), row.end()};
  }
  void CheckOwnLimits(std::uint32_t ticket, std::uint32_t region, float latency) const {
    const float wait = WaitOfTicket(view_, ticket);
    if (!rules_.max_latency_ms.empty()) {
      const std::size_t at = rules_.max_latency_ms.size() == 1 ? 0 : region;
      ASSERT_LE(latency, LimitAfter(rules_.max_latency_ms[at], wait));
    }
    ASSERT_GE(1000 / (1 + static_cast<double>(latency)),
              static_cast<double>(LimitAfter(rules_.min_score, wait, true)));
  }
  void CheckBackfill(const Match& match, const std::vector<std::uint32_t>& joined, float lowest,
                     float highest) const {
    const Backfill& backfill = view_.backfills[match.backfill];
    ASSERT_EQ(match.region, backfill.region);
    for (std::size_t team = 0; team < joined.size(); ++team) {
      ASSERT_LE(joined[team], backfill.open_slots[team]);
    }
    ASSERT_FLOAT_EQ(match.spread_ms, std::fmax(highest, backfill.highest_latency_ms) -
                                         std::fmin(lowest, backfill.lowest_latency_ms));
  }

  const Tickets view_;
  const Rules& rules_;
};

TEST(MatchRich, NobodyIsTakenTwiceAndNoLimitIsBroken) {
  for (std::uint64_t run = 0; run < 1500; ++run) {
    RandomInput random(run);
    const Rules rules = random.TakeRules();
    const RichInput input = random.TakeTickets(rules, random.Below(400));
    const Result result = MustMatch(input, rules);
    SCOPED_TRACE(::testing::Message() << "run " << run << " " << RulesToJson(rules));
    std::set<std::uint32_t> seen;
    double score = 1e9;
    for (const Match& match : result.matches) {
      ASSERT_NO_FATAL_FAILURE(Judge(input, rules).Check(result, match));
      ASSERT_LE(match.score, score);
      score = match.score;
    }
    for (const std::uint32_t member : result.members) {
      ASSERT_TRUE(seen.insert(member).second) << member;
      ASSERT_EQ(result.reasons[member], Unmatched::kMatched);
    }
    const auto matched =
        std::count(result.reasons.begin(), result.reasons.end(), Unmatched::kMatched);
    ASSERT_EQ(static_cast<std::size_t>(matched), seen.size());
  }
}

template <typename T>
std::vector<T> Reordered(const std::vector<T>& rows, const std::vector<std::size_t>& order) {
  if (rows.empty()) return {};
  const std::size_t width = rows.size() / order.size();
  std::vector<T> result;
  for (const std::size_t row : order) {
    result.insert(result.end(), rows.begin() + static_cast<std::ptrdiff_t>(row * width),
                  rows.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
  }
  return result;
}

// Each ticket by its key: its match's members, team and reason.
std::map<std::uint64_t, std::string> ByKey(const RichInput& input, const Result& result) {
  std::map<std::uint64_t, std::string> fates;
  for (std::size_t i = 0; i < input.count; ++i) {
    fates[input.key[i]] = UnmatchedName(result.reasons[i]);
  }
  for (const Match& match : result.matches) {
    std::string members = std::to_string(match.region) + "/" + std::to_string(match.band);
    for (std::uint32_t i = 0; i < match.size; ++i) {
      members += " " + std::to_string(input.key[result.members[match.first_member + i]]);
      if (!result.teams.empty()) {
        members += "@" + std::to_string(result.teams[match.first_member + i]);
      }
    }
    fates[input.key[result.members[match.first_member]]] += members;
  }
  return fates;
}

TEST(MatchRich, WithKeysTheOrderOfTicketsDoesNotMatter) {
  for (std::uint64_t run = 0; run < 800; ++run) {
    RandomInput random(run);
    const Rules rules = random.TakeRules();
    RichInput input = random.TakeTickets(rules, 1 + random.Below(300));
    input.key.clear();
    for (std::size_t i = 0; i < input.count; ++i) input.key.push_back(i << (run % 4 * 12));
    std::vector<std::size_t> order(input.count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random.rng());
    const RichInput shuffled{.count = input.count,
                             .latency_ms = Reordered(input.latency_ms, order),
                             .mean_latency_ms = Reordered(input.mean_latency_ms, order),
                             .key = Reordered(input.key, order),
                             .wait_s = Reordered(input.wait_s, order),
                             .party_size = Reordered(input.party_size, order),
                             .skill = Reordered(input.skill, order),
                             .team = Reordered(input.team, order),
                             .attributes = Reordered(input.attributes, order),
                             .backfills = input.backfills};
    ASSERT_EQ(ByKey(input, MustMatch(input, rules)), ByKey(shuffled, MustMatch(shuffled, rules)))
        << "run " << run << " " << RulesToJson(rules);
  }
}

TEST(MatchRich, OldestFirstALongerWaitNeverCostsTheMatch) {
  int raised = 0;
  for (std::uint64_t run = 0; run < 4000; ++run) {
    RandomInput random(run);
    Rules rules = random.TakeRules();
    rules.order = Order::kOldestFirst;
    RichInput input = random.TakeTickets(rules, 1 + random.Below(40));
    if (input.wait_s.empty()) continue;
    const Result before = MustMatch(input, rules);
    for (int i = 0; i < 4; ++i) {
      const std::size_t ticket = random.Below(input.count);
      if (before.reasons[ticket] != Unmatched::kMatched) continue;
      RichInput later = input;
      later.wait_s[ticket] += random.Uniform(0, 40);
      ++raised;
      ASSERT_EQ(MustMatch(later, rules).reasons[ticket], Unmatched::kMatched)
          << "run " << run << " ticket " << ticket << " from " << input.wait_s[ticket] << " to "
          << later.wait_s[ticket] << " " << RulesToJson(rules);
    }
  }
  EXPECT_GT(raised, 2000);
}

}  // namespace
}  // namespace gsh::matcher
