#include "src/matchsim/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "gsh/testing/matchers.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIs;
using ::gsh::testing::StatusIsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::SizeIs;

// Puts those who wait into matches of `size` in region 0, in order of arrival.
class InOrder : public RoundMatcher {
 public:
  explicit InOrder(std::size_t size) : size_(size) {}
  const std::vector<std::string>& regions() const override { return regions_; }
  const std::vector<std::string>& attributes() const override { return attributes_; }
  StatusOr<RoundResult> Match(const matcher::Tickets& tickets, std::size_t round) override {
    rounds.push_back(round);
    waits.emplace_back(tickets.wait_s.begin(), tickets.wait_s.end());
    RoundResult result;
    const std::size_t matched = tickets.count / size_ * size_;
    for (std::uint32_t i = 0; i < matched; ++i) {
      if (i % size_ == 0) {
        result.matches.push_back({.first_member = i, .size = static_cast<std::uint32_t>(size_)});
      }
      result.members.push_back(i);
      if (with_teams) result.teams.push_back(static_cast<std::uint16_t>(i % 2));
    }
    result.reasons.assign(tickets.count, "");
    for (std::size_t i = matched; i < tickets.count; ++i) result.reasons[i] = "alone";
    if (change) change(result);
    return result;
  }

  std::vector<std::string> regions_ = {"b"};
  std::vector<std::string> attributes_;
  std::vector<std::size_t> rounds;
  std::vector<std::vector<float>> waits;
  bool with_teams = false;
  std::function<void(RoundResult&)> change;

 private:
  std::size_t size_;
};

Arrivals ArrivalsAt(std::vector<double> times) {
  Arrivals arrivals{.regions = {"a", "b"}, .time_s = std::move(times)};
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    arrivals.latency_ms.push_back(1000);
    arrivals.latency_ms.push_back(static_cast<float>(10 * (i + 1)));
    arrivals.key.push_back(i);
  }
  return arrivals;
}

SimulationResult Simulated(const Arrivals& arrivals, RoundMatcher& matcher,
                           const SimulationOptions& options = {}) {
  StatusOr<SimulationResult> result = Simulate(arrivals, matcher, options);
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : SimulationResult{};
}

TEST(SimulationTest, TicketsWaitForTheNextRoundAndForEachOther) {
  InOrder pairs(2);
  const SimulationResult result =
      Simulated(ArrivalsAt({0.5, 1, 3.25}), pairs, {.round_s = 2, .drain_s = 5});
  EXPECT_EQ(result.tickets, 3u);
  EXPECT_EQ(result.matched, 2u);
  EXPECT_EQ(result.waiting, 1u);
  EXPECT_EQ(result.left, 0u);
  EXPECT_THAT(result.wait_s, ElementsAre(1, 1.5f));
  EXPECT_THAT(result.latency_ms, ElementsAre(10, 20));  // to "b", the matcher's only region
  EXPECT_THAT(result.spread_ms, ElementsAre(10));
  EXPECT_THAT(result.unmatched, ElementsAre(Key("alone")));
  EXPECT_EQ(result.unmatched.at("alone").waiting, 1u);
  // Nobody waits in round 0; the end is the first round from 3.25 + 5 on.
  EXPECT_THAT(pairs.rounds, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(result.end_s, 10);
  EXPECT_EQ(result.first_round.tickets, 2u);
  EXPECT_EQ(result.first_round.matched, 2u);
}

TEST(SimulationTest, EndsWhenNobodyWaits) {
  InOrder pairs(2);
  const SimulationResult result = Simulated(ArrivalsAt({0, 0, 7, 7}), pairs, {.drain_s = 1000});
  EXPECT_EQ(result.end_s, 7);
  EXPECT_THAT(pairs.rounds, ElementsAre(0, 7));
  EXPECT_EQ(result.rounds, 2u);
  EXPECT_THAT(result.timeline, SizeIs(8));
  EXPECT_EQ(result.timeline[0].matched, 2u);
  EXPECT_EQ(result.timeline[3].busy, 1u);
}

TEST(SimulationTest, TheLastRoundIsNotBeforeTheLastTicket) {
  // 0.027 / 0.009 is 3 as doubles, and 3 x 0.009 below 0.027.
  InOrder threes(3);
  const SimulationResult result =
      Simulated(ArrivalsAt({0.027}), threes, {.round_s = 0.009, .drain_s = 0});
  EXPECT_EQ(result.waiting, 1u);
  EXPECT_EQ(result.tickets, result.matched + result.left + result.waiting);
}

TEST(SimulationTest, TheImpatientLeave) {
  InOrder threes(3);
  const SimulationResult result =
      Simulated(ArrivalsAt({0, 4}), threes, {.patience_s = 2, .drain_s = 60});
  EXPECT_EQ(result.left, 2u);
  EXPECT_EQ(result.waiting, 0u);
  EXPECT_EQ(result.end_s, 7);  // 2 s at 6, more than 2 s at 7
  EXPECT_EQ(result.unmatched.at("alone").left, 2u);
  // Gone before there was a round.
  InOrder pairs(2);
  const SimulationResult sooner =
      Simulated(ArrivalsAt({0.5}), pairs, {.round_s = 10, .patience_s = 2});
  EXPECT_THAT(sooner.unmatched, ElementsAre(Key(std::string(kNoRound))));
  // The first round is that of those who stayed.
  const SimulationResult some =
      Simulated(ArrivalsAt({0.5, 9, 9}), pairs, {.round_s = 10, .patience_s = 2});
  EXPECT_EQ(some.first_round.first_arrival, 1u);
  EXPECT_EQ(some.first_round.tickets, 2u);
}

TEST(SimulationTest, MatchesWaitForAGameServer) {
  InOrder pairs(2);
  const SimulationResult result =
      Simulated(ArrivalsAt({0, 0, 0, 0, 0, 0}), pairs,
                {.drain_s = 12, .match_s = 5, .servers = {{"b", 1}, {"a", 7}}});
  EXPECT_EQ(result.matched, 6u);
  EXPECT_THAT(result.wait_s, ElementsAre(0, 0, 5, 5, 10, 10));
  EXPECT_EQ(result.regions[0].turned_away, 2 * 5u + 5);
  EXPECT_EQ(result.regions[0].peak_busy, 1u);
  EXPECT_EQ(result.regions[0].servers, 1u);
  InOrder again(2);
  const SimulationResult shorter = Simulated(ArrivalsAt({0, 0, 0, 0}), again,
                                             {.drain_s = 3, .match_s = 5, .servers = {{"b", 1}}});
  EXPECT_EQ(shorter.unmatched.at(std::string(kNoServer)).waiting, 2u);
}

TEST(SimulationTest, MatchLengthsDeviateButStayAboveATenth) {
  InOrder pairs(2);
  std::vector<double> times(2000, 0);
  const SimulationResult result = Simulated(
      ArrivalsAt(times), pairs,
      {.drain_s = 20'000, .match_s = 100, .match_deviation_s = 100, .servers = {{"b", 10}}});
  EXPECT_EQ(result.matched, 2000u);
  // 100 matches one after the other on each server: 100 s each, a bit more for the cut-off.
  EXPECT_NEAR(result.end_s, 10'800, 700);
}

TEST(SimulationTest, PartiesAndSkill) {
  InOrder fours(4);
  fours.with_teams = true;
  Arrivals arrivals = ArrivalsAt({0, 0, 0, 0});
  arrivals.party_size = {1, 2, 3, 1};
  arrivals.skill = {100, 50, 200, 80};
  const SimulationResult result = Simulated(arrivals, fours);
  EXPECT_EQ(result.players, 7u);
  EXPECT_EQ(result.matched_players, 7u);
  // Teams {0, 2}: (100 + 3 x 200) / 4 = 175; {1, 3}: (2 x 50 + 80) / 3 = 60.
  EXPECT_THAT(result.skill_gap, ElementsAre(115));
}

TEST(SimulationTest, TheTimelineIsBoundedAndLosesNothing) {
  std::vector<double> times;
  for (int i = 0; i < 999; ++i) times.push_back(i);
  InOrder pairs(2);
  const SimulationResult result = Simulated(ArrivalsAt(times), pairs, {.drain_s = 100});
  EXPECT_LE(result.timeline.size(), kMaxTimePoints);
  EXPECT_GT(result.timeline.size(), kMaxTimePoints / 2);
  std::size_t arrived = 0;
  std::size_t matched = 0;
  for (const TimePoint& point : result.timeline) {
    arrived += point.arrived;
    matched += point.matched;
    EXPECT_EQ(point.waiting, arrived - matched);
  }
  EXPECT_EQ(arrived, 999u);
  EXPECT_EQ(matched, 998u);
}

TEST(SimulationTest, NobodyComes) {
  InOrder pairs(2);
  const SimulationResult result = Simulated(ArrivalsAt({}), pairs);
  EXPECT_EQ(result.rounds, 0u);
  EXPECT_EQ(result.end_s, 0);
}

TEST(SimulationTest, ProgressMayStop) {
  InOrder threes(3);
  std::vector<double> seen;
  const auto stop_at_half = [&](double over) {
    seen.push_back(over);
    return over < 0.5;
  };
  EXPECT_THAT(Simulate(ArrivalsAt({0}), threes, {.drain_s = 9, .progress = stop_at_half}),
              StatusIs(StatusCode::kCancelled));
  EXPECT_THAT(seen, ElementsAre(0.1, 0.2, 0.3, 0.4, 0.5));
}

TEST(SimulationTest, BadOptions) {
  InOrder pairs(2);
  const auto mistake = [&](const SimulationOptions& options) {
    return Simulate(ArrivalsAt({0, 1e6}), pairs, options);
  };
  for (const double bad : {-1.0, static_cast<double>(NAN), static_cast<double>(INFINITY), 2e9}) {
    EXPECT_THAT(mistake({.round_s = bad}), StatusIs(StatusCode::kInvalidArgument));
    EXPECT_THAT(mistake({.patience_s = bad}), StatusIs(StatusCode::kInvalidArgument));
    EXPECT_THAT(mistake({.drain_s = bad}), StatusIs(StatusCode::kInvalidArgument));
    EXPECT_THAT(mistake({.match_s = bad}), StatusIs(StatusCode::kInvalidArgument));
    EXPECT_THAT(mistake({.match_deviation_s = bad}), StatusIs(StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(mistake({.round_s = 0}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(mistake({.round_s = 0.01}),
              StatusIsWith(StatusCode::kInvalidArgument, HasSubstr("take longer ones")));
}

TEST(SimulationTest, WhatTheTicketsLack) {
  InOrder pairs(2);
  pairs.regions_ = {"c"};
  EXPECT_THAT(Simulate(ArrivalsAt({0}), pairs, {}),
              StatusIsWith(StatusCode::kInvalidArgument, HasSubstr("the region \"c\"")));
  pairs.regions_ = {"a"};
  pairs.attributes_ = {"mode"};
  EXPECT_THAT(Simulate(ArrivalsAt({0}), pairs, {}),
              StatusIsWith(StatusCode::kInvalidArgument, HasSubstr("the attribute \"mode\"")));
}

TEST(SimulationTest, AWrongMatcherIsFoundOut) {
  const std::vector<std::function<void(RoundResult&)>> mistakes = {
      [](RoundResult& result) { result.members[1] = 0; },
      [](RoundResult& result) { result.members[1] = 9; },
      [](RoundResult& result) { result.matches[0].region = 1; },
      [](RoundResult& result) { result.matches[0].size = 3; },
      [](RoundResult& result) { result.matches[0].size = 0; },
      [](RoundResult& result) { result.reasons.pop_back(); },
  };
  for (const auto& mistake : mistakes) {
    InOrder pairs(2);
    pairs.change = mistake;
    EXPECT_THAT(Simulate(ArrivalsAt({0, 0}), pairs, {}), StatusIs(StatusCode::kInternal));
  }
}

}  // namespace
}  // namespace gsh::matchsim
