#include "src/mmf/kept_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "src/mmf/columns.h"

namespace gsh::mmf {
namespace {

// What a ticket takes at most in the arrays, its latencies and its id left out.
constexpr std::size_t kTicketBytes = sizeof(std::uint64_t) + sizeof(std::size_t) +
                                     sizeof(matcher::Unmatched) + 2 * sizeof(float) +
                                     2 * sizeof(std::uint16_t) + sizeof(std::uint32_t);

constexpr std::size_t kNodeBytes = 80;  // of a map

// The first `count` values if there is one for each of `all` tickets, else none.
template <typename T>
std::vector<T> FirstOf(std::span<const T> values, std::size_t count, std::size_t all) {
  if (values.size() != all) return {};
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)};
}

template <typename T>
std::size_t BytesIn(const std::vector<T>& values) {
  return values.size() * sizeof(T);
}

float HighestLatency(const matcher::Rules& rules, std::size_t region, float wait_s) {
  if (rules.max_latency_ms.empty()) return std::numeric_limits<float>::infinity();
  const std::size_t i = rules.max_latency_ms.size() == 1 ? 0 : region;
  return matcher::LimitAfter(rules.max_latency_ms[i], std::isnan(wait_s) ? 0 : wait_s);
}

}  // namespace

KeptRun::KeptRun(const RunReport& run, WallTime when, std::size_t max_bytes)
    : profile_(run.profile),
      when_(when),
      rules_(run.rules == nullptr ? matcher::Rules() : *run.rules) {
  KeepTickets(run, CountThatFit(run, max_bytes));
  if (run.result != nullptr && !hashes_.empty()) KeepMatches(run);
  bytes_ = CountBytes();
}

std::size_t KeptRun::CountThatFit(const RunReport& run, std::size_t max_bytes) const {
  const std::size_t each = kTicketBytes + rules_.regions.size() * sizeof(float);
  std::size_t bytes = 0;
  for (const std::string& id : run.match_ids) bytes += sizeof(KeptMatch) + id.size();
  auto refusal = run.refusals.begin();
  for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
    bytes += each + run.ticket_ids[i].size();
    if (refusal != run.refusals.end() && refusal->ticket == i) {
      bytes += kNodeBytes + refusal->why.size();
      ++refusal;
    }
    if (bytes > max_bytes) return i;
  }
  return run.ticket_ids.size();
}

void KeptRun::KeepTickets(const RunReport& run, std::size_t count) {
  const std::size_t all = run.ticket_ids.size();
  hashes_.reserve(count);
  id_ends_.reserve(count);
  for (const std::string_view id : run.ticket_ids.first(count)) {
    hashes_.push_back(HashOfId(id));
    ids_.append(id);
    id_ends_.push_back(ids_.size());
  }
  reasons_ = FirstOf(run.reasons, count, all);
  waits_ = FirstOf(run.wait_s, count, all);
  party_sizes_ = FirstOf(run.party_size, count, all);
  const std::size_t regions = rules_.regions.size();
  latencies_ = FirstOf(run.latency_ms, count * regions, all * regions);
  for (const Refusal& refusal : run.refusals) {
    if (refusal.ticket < count) refusals_.emplace(refusal.ticket, refusal.why);
  }
}

void KeptRun::KeepMatches(const RunReport& run) {
  const matcher::Result& result = *run.result;
  const std::size_t count = hashes_.size();
  const std::size_t all = run.ticket_ids.size();
  widens_at_ = FirstOf(std::span<const float>(result.widens_at_s), count, all);
  match_of_.assign(count, kNoMatch);
  if (!result.teams.empty()) team_of_.assign(count, matcher::kAnyTeam);
  matches_.reserve(result.matches.size());
  for (std::size_t i = 0; i < result.matches.size(); ++i) {
    const matcher::Match& match = result.matches[i];
    KeptMatch& kept = matches_.emplace_back();
    kept.region = match.region;
    kept.band = match.band;
    if (i < run.match_ids.size()) kept.id = run.match_ids[i];
    if (match.backfill < run.backfill_ids.size()) kept.backfill = run.backfill_ids[match.backfill];
    for (std::size_t j = match.first_member; j < match.first_member + match.size; ++j) {
      const std::uint32_t ticket = result.members[j];
      if (ticket >= count) continue;
      match_of_[ticket] = static_cast<std::uint32_t>(i);
      if (!result.teams.empty()) team_of_[ticket] = result.teams[j];
    }
  }
}

std::size_t KeptRun::CountBytes() const {
  std::size_t bytes = sizeof(KeptRun) + profile_.size() + ids_.size() + BytesIn(hashes_) +
                      BytesIn(id_ends_) + BytesIn(reasons_) + BytesIn(latencies_) +
                      BytesIn(waits_) + BytesIn(widens_at_) + BytesIn(party_sizes_) +
                      BytesIn(match_of_) + BytesIn(team_of_) + BytesIn(matches_);
  for (const KeptMatch& match : matches_) bytes += match.id.size() + match.backfill.size();
  for (const auto& [ticket, why] : refusals_) bytes += kNodeBytes + why.size();
  return bytes;
}

std::string_view KeptRun::IdOf(std::size_t ticket) const {
  const std::size_t begin = ticket == 0 ? 0 : id_ends_[ticket - 1];
  return std::string_view(ids_).substr(begin, id_ends_[ticket] - begin);
}

std::optional<TicketRun> KeptRun::Find(std::string_view ticket, std::uint64_t hash) const {
  for (auto at = std::ranges::find(hashes_, hash); at != hashes_.end();
       at = std::find(at + 1, hashes_.end(), hash)) {
    const auto i = static_cast<std::size_t>(at - hashes_.begin());
    if (IdOf(i) == ticket) return At(i);
  }
  return std::nullopt;
}

TicketRun KeptRun::At(std::size_t ticket) const {
  TicketRun found{.profile = profile_, .when = when_};
  if (!reasons_.empty()) found.reason = reasons_[ticket];
  if (const auto refusal = refusals_.find(ticket); refusal != refusals_.end()) {
    found.refusal = refusal->second;
  }
  if (!party_sizes_.empty()) found.party_size = party_sizes_[ticket];
  if (!waits_.empty()) found.wait_s = waits_[ticket];
  if (!widens_at_.empty()) found.widens_at_s = widens_at_[ticket];
  AddRegions(ticket, found);
  AddMatch(ticket, found);
  return found;
}

void KeptRun::AddRegions(std::size_t ticket, TicketRun& found) const {
  if (latencies_.empty()) return;
  const std::size_t regions = rules_.regions.size();
  for (std::size_t i = 0; i < regions; ++i) {
    const float ms = latencies_[ticket * regions + i];
    const bool usable = ms >= 0 && std::isfinite(ms);
    found.regions.push_back({.name = rules_.regions[i],
                             .latency_ms = usable ? ms : std::numeric_limits<float>::quiet_NaN(),
                             .limit_ms = HighestLatency(rules_, i, found.wait_s)});
  }
}

void KeptRun::AddMatch(std::size_t ticket, TicketRun& found) const {
  if (match_of_.empty() || match_of_[ticket] == kNoMatch) return;
  const KeptMatch& match = matches_[match_of_[ticket]];
  found.match_id = match.id;
  found.backfill = match.backfill;
  if (match.region < rules_.regions.size()) found.region = rules_.regions[match.region];
  if (match.band + 1 < rules_.band_bounds_ms.size()) {
    found.band_min_ms = rules_.band_bounds_ms[match.band];
    found.band_max_ms = rules_.band_bounds_ms[match.band + 1];
  }
  if (!team_of_.empty()) found.team = std::to_string(team_of_[ticket]);
}

}  // namespace gsh::mmf
