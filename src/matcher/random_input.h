// Random rules and tickets of every kind, for tests only.
#ifndef GSH_SRC_MATCHER_RANDOM_INPUT_H_
#define GSH_SRC_MATCHER_RANDOM_INPUT_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

inline bool operator==(const Match& a, const Match& b) {
  return a.region == b.region && a.band == b.band && a.first_member == b.first_member &&
         a.size == b.size && a.players == b.players && a.backfill == b.backfill &&
         a.mean_latency_ms == b.mean_latency_ms && a.spread_ms == b.spread_ms && a.score == b.score;
}
inline void PrintTo(const Match& m, std::ostream* out) {
  *out << "region " << m.region << " band " << m.band << " at " << m.first_member << " size "
       << m.size << " players " << m.players << " backfill " << static_cast<int>(m.backfill)
       << " mean " << m.mean_latency_ms << " spread " << m.spread_ms << " score " << m.score;
}

// The arrays that Tickets looks at.
struct RichInput {
  std::size_t count = 0;
  std::vector<float> latency_ms = {};
  std::vector<float> mean_latency_ms = {};
  std::vector<std::uint64_t> key = {};
  std::vector<float> wait_s = {};
  std::vector<std::uint16_t> party_size = {};
  std::vector<float> skill = {};
  std::vector<std::uint16_t> team = {};
  std::vector<std::uint32_t> attributes = {};
  std::vector<Backfill> backfills = {};

  Tickets View() const {
    return {.count = count,
            .latency_ms = latency_ms,
            .key = key,
            .wait_s = wait_s,
            .party_size = party_size,
            .mean_latency_ms = mean_latency_ms,
            .skill = skill,
            .team = team,
            .attributes = attributes,
            .backfills = backfills};
  }
};

class RandomInput {
 public:
  explicit RandomInput(std::uint64_t seed) : rng_(seed) {}

  std::size_t Below(std::size_t n) { return rng_() % n; }
  bool Chance(std::size_t one_in) { return rng_() % one_in == 0; }
  float Uniform(double low, double high) {
    return static_cast<float>(std::uniform_real_distribution<double>(low, high)(rng_));
  }
  std::mt19937_64& rng() { return rng_; }

  Limit TakeUpperLimit(float value) {
    Limit limit{.value = value};
    float after = 0;
    for (std::size_t steps = Below(3); steps > 0; --steps) {
      after += std::floor(Uniform(1, 20));
      value += Uniform(1, 30);
      limit.steps.push_back({after, value});
    }
    if (Chance(3)) {
      limit.linear_per_s = Uniform(0, 2);
      limit.linear_after_s = std::floor(Uniform(0, 20));
      limit.linear_to = limit.value + Uniform(0, 50);
    }
    limit.wait_of = std::vector{WaitOf::kOldest, WaitOf::kNewest, WaitOf::kMean}[Below(3)];
    return limit;
  }

  Limit TakeMinScore() {
    Limit limit{.value = 1000 / (1 + Uniform(10, 60)), .linear_to = 0};
    if (Chance(2)) limit.steps.push_back({std::floor(Uniform(0, 30)), limit.value * 0.6f});
    if (Chance(3)) limit.linear_per_s = Uniform(0, 1);
    return limit;
  }

  Rules TakeRules() {
    Rules rules;
    const std::size_t regions = 1 + Below(4);
    for (std::size_t i = 0; i < regions; ++i) rules.regions.push_back("r" + std::to_string(i));
    const std::vector<float> bands[] = {{0, 25, 50, 74, 100, 9999},
                                        {0, std::numeric_limits<float>::infinity()},
                                        {0, 60},
                                        {10, 20, 90}};
    rules.band_bounds_ms = bands[Below(std::size(bands))];
    rules.teams = std::vector<int>{1, 1, 2, 2, 3}[Below(5)];
    const int team_size = static_cast<int>(1 + Below(5));
    rules.match_size = rules.teams * team_size;
    if (Chance(3)) {
      rules.min_match_size =
          rules.teams * static_cast<int>(1 + Below(static_cast<std::size_t>(team_size)));
      rules.max_wait_s = std::floor(Uniform(0, 40));
    }
    rules.try_next_best_region = !Chance(4);
    rules.balance_teams = !Chance(4);
    if (Chance(2)) {
      for (std::size_t n = Chance(2) ? 1 : regions; n > 0; --n) {
        rules.max_latency_ms.push_back(TakeUpperLimit(Uniform(10, 100)));
        rules.max_latency_ms.back().wait_of = WaitOf::kOldest;
      }
    }
    if (!Chance(3)) rules.max_spread_ms = TakeUpperLimit(Uniform(0, 20));
    if (Chance(4)) rules.min_score = TakeMinScore();
    rules.order = Chance(2) ? Order::kOldestFirst : Order::kBestQuality;
    if (Chance(4)) rules.party_latency = PartyLatency::kMean;
    for (std::size_t n = Chance(3) ? 1 + Below(2) : 0; n > 0; --n) {
      rules.equal_attributes.push_back("a" + std::to_string(n));
    }
    rules.backfill_first = Chance(2);
    return rules;
  }

  RichInput TakeTickets(const Rules& rules, std::size_t count) {
    RichInput input{.count = count};
    const auto kind = Below(4);
    for (std::size_t i = 0; i < count * rules.regions.size(); ++i) {
      input.latency_ms.push_back(TakeLatency(kind));
      input.mean_latency_ms.push_back(input.latency_ms.back() * Uniform(0.5, 1));
    }
    if (rules.party_latency == PartyLatency::kWorst && Chance(2)) input.mean_latency_ms.clear();
    const bool keys = Chance(2), waits = !Chance(4), parties = !Chance(3), skills = Chance(2),
               teams = Chance(4), whole = Chance(2);
    const std::size_t largest =
        1 + Below(static_cast<std::size_t>(rules.match_size / rules.teams) + 1);
    for (std::size_t i = 0; i < count; ++i) {
      if (keys) input.key.push_back(Chance(3) ? Below(4) : rng_());
      if (waits) input.wait_s.push_back(whole ? std::floor(Uniform(0, 50)) : Uniform(-2, 50));
      if (parties)
        input.party_size.push_back(static_cast<std::uint16_t>(Chance(2) ? 1 : Below(largest + 1)));
      if (skills) input.skill.push_back(Uniform(0, 3000));
      if (teams) {
        const bool any = !Chance(4);
        input.team.push_back(
            any ? kAnyTeam
                : static_cast<std::uint16_t>(
                      Below(static_cast<std::size_t>(rules.teams) + (Chance(20) ? 1 : 0))));
      }
      for (std::size_t a = 0; a < rules.equal_attributes.size(); ++a) {
        input.attributes.push_back(static_cast<std::uint32_t>(Below(3)));
      }
    }
    for (std::size_t n = Chance(3) ? Below(4) : 0; n > 0; --n)
      input.backfills.push_back(TakeBackfill(rules));
    return input;
  }

 private:
  // What latencies of real players look like, what they never should, and what is easy to get
  // wrong.
  float TakeLatency(std::size_t kind) {
    float latency = Uniform(0, 120);
    if (kind == 1) latency = std::floor(latency);  // ties
    if (kind == 2) latency = std::floor(Uniform(0, 6)) * 25 - Uniform(0, 1) * (Chance(2) ? 1 : 0);
    if (kind == 3 && Chance(6)) {
      constexpr float kInfinity = std::numeric_limits<float>::infinity();
      const float odd[] = {std::numeric_limits<float>::quiet_NaN(),
                           kInfinity,
                           -kInfinity,
                           -1,
                           -0.0f,
                           0,
                           9999,
                           10000,
                           1e-42f,
                           3e38f};
      latency = odd[Below(std::size(odd))];
    }
    return latency;
  }

  Backfill TakeBackfill(const Rules& rules) {
    Backfill backfill{.region = static_cast<std::uint32_t>(Below(rules.regions.size()))};
    for (int team = 0; team < rules.teams; ++team) {
      backfill.open_slots.push_back(static_cast<std::uint32_t>(Below(4)));
    }
    if (Chance(2)) {
      backfill.lowest_latency_ms = Uniform(0, 60);
      backfill.highest_latency_ms = backfill.lowest_latency_ms + Uniform(0, 10);
    }
    for (std::size_t a = 0; a < rules.equal_attributes.size(); ++a) {
      backfill.attributes.push_back(static_cast<std::uint32_t>(Below(3)));
    }
    return backfill;
  }

  std::mt19937_64 rng_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_RANDOM_INPUT_H_
