#include "src/matchsim/sample_matcher.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "gsh/matcher/bands.h"
#include "src/matchsim/chance.h"

namespace gsh::matchsim {
namespace {

constexpr std::string_view kCollision = "lost_to_a_better_proposal";
constexpr std::string_view kRemainder = "left_over_in_its_pools";
constexpr std::string_view kOutside = "in_no_range";

// Both bounds belong to it, unless it is corrected and another range follows at once.
struct Range {
  float min_ms = 0;
  float max_ms = 0;
  bool open_end = false;

  bool Holds(float ms) const { return ms >= min_ms && (open_end ? ms < max_ms : ms <= max_ms); }
};

float Typed(const std::string& text) {  // ParseBands has checked it
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return static_cast<float>(value);
}

std::vector<Range> Ranges(const std::vector<matcher::Band>& bands, bool corrected) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (corrected) {
      const bool followed = i + 1 < bands.size() && bands[i].max_ms == bands[i + 1].min_ms;
      ranges.push_back({.min_ms = static_cast<float>(bands[i].min_ms),
                        .max_ms = static_cast<float>(bands[i].max_ms),
                        .open_end = followed});
    } else {
      ranges.push_back({.min_ms = Typed(bands[i].typed_min), .max_ms = Typed(bands[i].typed_max)});
    }
  }
  return ranges;
}

class SampleMatcher final : public RoundMatcher {
 public:
  SampleMatcher(SampleMatcherOptions options, std::vector<Range> ranges)
      : options_(std::move(options)), ranges_(std::move(ranges)) {}

  const std::vector<std::string>& regions() const override { return options_.regions; }
  const std::vector<std::string>& attributes() const override { return attributes_; }

  StatusOr<RoundResult> Match(const matcher::Tickets& tickets, std::size_t round) override {
    for (const std::uint16_t players : tickets.party_size) {
      if (players > 1) return InvalidArgumentError("the sample's matcher knows no parties");
    }
    std::vector<Proposal> proposals;
    RoundResult result;
    result.reasons.assign(tickets.count, kOutside);
    std::size_t profile = 0;
    for (std::size_t region = 0; region < options_.regions.size(); ++region) {
      for (const Range& range : ranges_) {
        SeededRng order(options_.seed, round, profile++);
        const std::vector<std::uint32_t> pool = Pool(tickets, region, range, order);
        for (const std::uint32_t ticket : pool) {
          if (result.reasons[ticket] == kOutside) result.reasons[ticket] = kRemainder;
        }
        Propose(tickets, region, pool, proposals);
      }
    }
    Accept(proposals, result);
    return result;
  }

 private:
  float Latency(const matcher::Tickets& tickets, std::size_t ticket, std::size_t region) const {
    return tickets.latency_ms[ticket * options_.regions.size() + region];
  }

  // In the order in which the match function cuts it into matches.
  std::vector<std::uint32_t> Pool(const matcher::Tickets& tickets, std::size_t region,
                                  const Range& range, Rng& rng) const {
    std::vector<std::uint32_t> pool;
    for (std::uint32_t i = 0; i < tickets.count; ++i) {
      if (range.Holds(Latency(tickets, i, region))) pool.push_back(i);
    }
    for (std::size_t left = pool.size(); left > 1; --left) {
      std::swap(pool[left - 1], pool[UniformBelow(rng, left)]);
    }
    if (options_.corrected) {
      std::ranges::stable_sort(pool, {}, [&](auto i) { return Latency(tickets, i, region); });
    }
    return pool;
  }

  void Propose(const matcher::Tickets& tickets, std::size_t region,
               const std::vector<std::uint32_t>& pool, std::vector<Proposal>& proposals) const {
    const auto size = static_cast<std::size_t>(options_.match_size);
    double total = 0;
    for (std::size_t first = 0; first + size <= pool.size(); first += size) {
      Proposal proposal{.region = static_cast<std::uint32_t>(region)};
      if (options_.corrected) total = 0;
      for (std::size_t i = first; i < first + size; ++i) {
        total += static_cast<double>(Latency(tickets, pool[i], region));
        proposal.tickets.push_back(pool[i]);
      }
      proposal.score = 1000 / std::max(total / static_cast<double>(size), 0.001);
      proposals.push_back(std::move(proposal));
    }
  }

  void Accept(const std::vector<Proposal>& proposals, RoundResult& result) const {
    for (const Proposal& proposal : proposals) {
      for (const std::uint32_t ticket : proposal.tickets) result.reasons[ticket] = kCollision;
    }
    for (const std::size_t index : Evaluate(proposals, result.reasons.size())) {
      const Proposal& accepted = proposals[index];
      result.matches.push_back({.region = accepted.region,
                                .first_member = static_cast<std::uint32_t>(result.members.size()),
                                .size = static_cast<std::uint32_t>(accepted.tickets.size())});
      for (const std::uint32_t ticket : accepted.tickets) {
        result.members.push_back(ticket);
        result.reasons[ticket] = {};
      }
    }
  }

  const SampleMatcherOptions options_;
  const std::vector<Range> ranges_;
  const std::vector<std::string> attributes_;  // none
};

}  // namespace

std::vector<std::size_t> Evaluate(const std::vector<Proposal>& proposals, std::size_t tickets) {
  std::vector<std::size_t> order(proposals.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](std::size_t i) { return proposals[i].score; });
  std::vector<bool> used(tickets);
  std::vector<std::size_t> accepted;
  for (const std::size_t index : order) {
    const std::vector<std::uint32_t>& members = proposals[index].tickets;
    if (std::ranges::any_of(members, [&](std::uint32_t ticket) { return used[ticket]; })) continue;
    for (const std::uint32_t ticket : members) used[ticket] = true;
    accepted.push_back(index);
  }
  return accepted;
}

StatusOr<std::unique_ptr<RoundMatcher>> MakeSampleMatcher(SampleMatcherOptions options) {
  if (options.regions.empty()) return InvalidArgumentError("the sample's matcher: no regions");
  if (options.match_size < 1)
    return InvalidArgumentError("the sample's matcher: match size below 1");
  const StatusOr<matcher::Bands> bands = matcher::ParseBands(options.ranges);
  if (!bands.ok()) return bands.status().WithContext("the sample's ranges");
  std::vector<Range> ranges = Ranges(bands->bands, options.corrected);
  return std::unique_ptr<RoundMatcher>(
      std::make_unique<SampleMatcher>(std::move(options), std::move(ranges)));
}

}  // namespace gsh::matchsim
