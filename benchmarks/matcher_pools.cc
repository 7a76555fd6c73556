#include "benchmarks/matcher_pools.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "benchmarks/statistics.h"

namespace gsh::benchmarks {

matcher::Rules PlainRules(std::size_t regions) {
  matcher::Rules rules{.band_bounds_ms = {0, 25, 50, 74, 100, 9999}};
  for (std::size_t i = 0; i < regions; ++i) rules.regions.push_back("region-" + std::to_string(i));
  return rules;
}

Pool::Pool(std::size_t count, std::size_t number_of_regions, bool whole_ms)
    : regions(number_of_regions) {
  std::mt19937_64 rng(count);
  std::lognormal_distribution<double> latency(3.6, 0.7);
  latencies.reserve(count * regions);
  for (std::size_t ticket = 0; ticket < count; ++ticket) {
    for (std::size_t region = 0; region < regions; ++region) {
      const auto ms = static_cast<float>(std::min(latency(rng), 9000.0));
      latencies.push_back(whole_ms ? std::round(ms) : ms);
    }
    keys.push_back(rng());
  }
}

float Pool::Best(std::size_t ticket) const {
  const float* const row = latencies.data() + ticket * regions;
  return *std::min_element(row, row + regions);
}

matcher::Tickets Pool::Tickets() const {
  return {.count = count(), .latency_ms = latencies, .key = keys};
}

RichPool::RichPool(std::size_t count) : Pool(count, 2) {
  std::mt19937_64 rng(count + 1);
  std::exponential_distribution<float> wait_s(1.0f / 20);
  std::discrete_distribution<int> party({0, 60, 20, 10, 5, 5});
  std::normal_distribution<float> skill(1500, 300);
  for (std::size_t ticket = 0; ticket < count; ++ticket) {
    waits_s.push_back(wait_s(rng));
    party_sizes.push_back(static_cast<std::uint16_t>(party(rng)));
    skills.push_back(skill(rng));
  }
}

matcher::Tickets RichPool::Tickets() const {
  matcher::Tickets tickets = Pool::Tickets();
  tickets.wait_s = waits_s;
  tickets.party_size = party_sizes;
  tickets.skill = skills;
  return tickets;
}

matcher::Rules RichRules(matcher::Order order) {
  matcher::Rules rules = PlainRules(2);
  rules.match_size = 10;
  rules.min_match_size = 6;
  rules.max_wait_s = 120;
  rules.teams = 2;
  rules.max_latency_ms = {{.value = 80, .steps = {{15, 120}, {30, 200}}}};
  rules.max_spread_ms = {.value = 10, .steps = {{10, 20}}, .linear_per_s = 0.5f};
  rules.max_spread_ms.linear_to = 60;
  rules.order = order;
  return rules;
}

double TimeOfStdSort(const Pool& pool, std::mt19937_64& rng) {
  std::vector<std::pair<float, std::uint32_t>> best;
  best.reserve(pool.count());
  for (std::uint32_t ticket = 0; ticket < pool.count(); ++ticket) {
    best.emplace_back(pool.Best(ticket), ticket);
  }
  std::shuffle(best.begin(), best.end(), rng);
  return TimeOf([&] {
    std::sort(best.begin(), best.end());
    benchmark::DoNotOptimize(best.data());
  });
}

std::size_t BytesOf(const matcher::Result& result) {
  return result.matches.capacity() * sizeof(result.matches[0]) +
         result.members.capacity() * sizeof(result.members[0]) +
         result.reasons.capacity() * sizeof(result.reasons[0]) +
         result.teams.capacity() * sizeof(result.teams[0]) +
         result.widens_at_s.capacity() * sizeof(result.widens_at_s[0]);
}

}  // namespace gsh::benchmarks
