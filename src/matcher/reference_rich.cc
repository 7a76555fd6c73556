#include "src/matcher/reference_rich.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "src/matcher/seats.h"
#include "src/matcher/team_filling.h"
#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Line = std::vector<std::uint32_t>;  // tickets by latency in one region

struct Group {
  Match match = {};
  std::vector<std::uint32_t> members = {};
  std::vector<std::uint16_t> teams = {};
};

// A set of tickets that fills a match.
struct Filling {
  std::vector<std::uint32_t> members = {};
  std::vector<Places> places = {};
  float spread_ms = 0;
};

class Definition {
 public:
  Definition(const Tickets& tickets, const Rules& rules)
      : tickets_(tickets),
        rules_(rules),
        teams_(static_cast<std::uint32_t>(rules.teams)),
        team_size_(static_cast<std::uint32_t>(rules.match_size) / teams_) {
    for (std::uint32_t ticket = 0; ticket < tickets.count; ++ticket) {
      if (Fits(ticket) && !OpenRegions(ticket).empty()) free_.insert(ticket);
    }
  }

  Result Run() {
    if (rules_.backfill_first) FillOpenSlots();
    const std::size_t ranks = rules_.try_next_best_region ? rules_.regions.size() : 1;
    for (std::size_t rank = 0; rank < ranks; ++rank) MatchAtRank(rank);
    if (!rules_.backfill_first) FillOpenSlots();
    return Written();
  }

 private:
  // ---- One ticket ----
  float Wait(std::uint32_t ticket) const { return WaitOfTicket(tickets_, ticket); }
  std::uint32_t Players(std::uint32_t ticket) const { return PlayersOf(tickets_, ticket); }
  float Latency(std::uint32_t ticket, std::uint32_t region) const {
    const auto& all = rules_.party_latency == PartyLatency::kMean ? tickets_.mean_latency_ms
                                                                  : tickets_.latency_ms;
    return all[ticket * rules_.regions.size() + region];
  }
  float Skill(std::uint32_t ticket) const {
    if (!rules_.balance_teams || tickets_.skill.empty()) return 0;
    return std::isfinite(tickets_.skill[ticket]) ? tickets_.skill[ticket] : 0;
  }
  bool Fits(std::uint32_t ticket) const {
    const std::uint16_t team = TeamOf(tickets_, ticket);
    return Players(ticket) <= team_size_ && (team == kAnyTeam || team < teams_);
  }
  int Band(float latency) const {  // -1: none
    const auto& bounds = rules_.band_bounds_ms;
    if (!std::isfinite(latency)) return -1;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      if (latency >= bounds[i] && latency < bounds[i + 1]) return static_cast<int>(i);
    }
    return latency == bounds.back() ? static_cast<int>(bounds.size()) - 2 : -1;
  }
  static double Score(double latency) { return 1000.0 / (1.0 + latency); }
  Limit MaxLatency(std::uint32_t region) const {
    if (rules_.max_latency_ms.empty()) return {};
    return rules_.max_latency_ms[rules_.max_latency_ms.size() == 1 ? 0 : region];
  }
  // How long a ticket must have waited for the region to be open to it.
  float OpensAt(std::uint32_t ticket, std::uint32_t region) const {
    const float latency = Latency(ticket, region);
    if (Band(latency) < 0) return kInfinity;
    return std::max(WaitUntil(MaxLatency(region), latency),
                    WaitUntilScore(rules_.min_score, latency));
  }
  bool IsOpen(std::uint32_t ticket, std::uint32_t region) const {
    const float latency = Latency(ticket, region);
    return Band(latency) >= 0 && latency <= LimitAfter(MaxLatency(region), Wait(ticket)) &&
           Score(static_cast<double>(latency)) >=
               static_cast<double>(LimitAfter(rules_.min_score, Wait(ticket), true));
  }
  // Best first.
  std::vector<std::uint32_t> OpenRegions(std::uint32_t ticket) const {
    std::vector<std::uint32_t> regions;
    for (std::uint32_t region = 0; region < rules_.regions.size(); ++region) {
      if (IsOpen(ticket, region)) regions.push_back(region);
    }
    std::stable_sort(regions.begin(), regions.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(OpensAt(ticket, a), Latency(ticket, a)) <
             std::tuple(OpensAt(ticket, b), Latency(ticket, b));
    });
    return regions;
  }
  std::vector<std::uint32_t> Attributes(std::uint32_t ticket) const {
    const std::size_t width = rules_.equal_attributes.size();
    const auto row = tickets_.attributes.subspan(ticket * width, width);
    return {row.begin(), row.end()};
  }

  // ---- Order ----
  auto InLine(std::uint32_t ticket, std::uint32_t region) const {
    const std::uint64_t key = tickets_.key.empty() ? 0 : tickets_.key[ticket];
    return std::tuple(Latency(ticket, region), key, ticket);
  }
  void SortLine(Line& line, std::uint32_t region) const {
    std::sort(line.begin(), line.end(), [&](std::uint32_t a, std::uint32_t b) {
      return InLine(a, region) < InLine(b, region);
    });
  }
  // The order in which tickets of a line get their match.
  Line Seeds(const Line& line, std::uint32_t region) const {
    Line seeds = line;
    SortLine(seeds, region);
    if (rules_.order == Order::kBestQuality) return seeds;
    std::stable_sort(seeds.begin(), seeds.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return Wait(a) > Wait(b); });
    return seeds;
  }

  // ---- New matches ----
  void MatchAtRank(std::size_t rank) {
    using Cell = std::tuple<std::uint32_t, int, std::vector<std::uint32_t>>;
    std::map<Cell, Line> cells;
    std::set<Cell> offered;  // to somebody for whom it is new
    for (const std::uint32_t ticket : free_) {
      const std::vector<std::uint32_t> regions = OpenRegions(ticket);
      for (std::size_t i = 0; i <= rank && i < regions.size(); ++i) {
        const Cell cell(regions[i], Band(Latency(ticket, regions[i])), Attributes(ticket));
        cells[cell].push_back(ticket);
        if (i == rank) offered.insert(cell);
      }
    }
    for (const Cell& cell : offered) {
      std::erase_if(cells[cell], [&](std::uint32_t ticket) { return !free_.contains(ticket); });
      MatchLine(cells[cell], std::get<0>(cell), static_cast<std::uint32_t>(std::get<1>(cell)));
    }
  }

  void MatchLine(Line line, std::uint32_t region, std::uint32_t band) {
    SortLine(line, region);
    for (const std::uint32_t seed : Seeds(line, region)) {
      if (!free_.contains(seed)) continue;
      const std::optional<Filling> found = Find(line, seed, region);
      if (!found) {
        std::erase(line, seed);  // passes: nobody else takes it in this line either
        continue;
      }
      Group group{.members = found->members};
      group.match = {.region = region, .band = band, .spread_ms = found->spread_ms};
      std::vector<Seats::Member> members;
      for (const std::uint32_t member : found->members) {
        members.push_back({Players(member), TeamOf(tickets_, member), Skill(member)});
      }
      Seats(teams_, team_size_).Seat(members, found->places, group.teams);
      groups_.push_back(group);
      for (const std::uint32_t member : found->members) {
        free_.erase(member);
        std::erase(line, member);
      }
    }
  }

  std::optional<Filling> Find(const Line& line, std::uint32_t seed, std::uint32_t region) const {
    const auto least = static_cast<std::uint32_t>(
        rules_.min_match_size == 0 ? rules_.match_size : rules_.min_match_size);
    for (std::uint32_t size = team_size_; size > 0 && size * teams_ >= least; --size) {
      std::optional<Filling> found = FindOfSize(line, seed, region, size);
      if (!found) continue;
      if (size == team_size_ || LongestWait(found->members) >= rules_.max_wait_s) return found;
    }
    return std::nullopt;
  }

  // Leaves out whoever has too narrow a limit for the tightest set of all, until one holds.
  std::optional<Filling> FindOfSize(Line line, std::uint32_t seed, std::uint32_t region,
                                    std::uint32_t team_size) const {
    while (true) {
      const std::optional<Filling> found = Tightest(line, seed, region, team_size);
      if (!found) return std::nullopt;
      const float longest = LongestWait(found->members);
      const auto too_narrow = [&](std::uint32_t ticket) {
        const float wait = WaitOfMatch(rules_.max_spread_ms.wait_of, longest, Wait(ticket));
        return !(found->spread_ms <= LimitAfter(rules_.max_spread_ms, wait));
      };
      bool holds = true;
      for (const std::uint32_t member : found->members) {
        if (!too_narrow(member)) continue;
        if (member == seed) return std::nullopt;
        std::erase(line, member);
        holds = false;
      }
      if (holds) return found;
    }
  }

  float LongestWait(const std::vector<std::uint32_t>& members) const {
    float longest = 0;
    for (const std::uint32_t member : members) longest = std::max(longest, Wait(member));
    return longest;
  }

  // Of all stretches of the line with the seed in them that fill the teams, the one of the smallest
  // spread; of several the one that begins nearest to the seed.
  std::optional<Filling> Tightest(const Line& line, std::uint32_t seed, std::uint32_t region,
                                  std::uint32_t team_size) const {
    const auto at = std::find(line.begin(), line.end(), seed);
    std::optional<Filling> best;
    for (auto begin = at;; --begin) {
      for (auto end = at + 1;; ++end) {
        const float spread = Latency(*(end - 1), region) - Latency(*begin, region);
        if (best && spread >= best->spread_ms) break;
        if (auto filling = Fill(Line(begin, end), seed, region, team_size)) {
          best = filling;
          best->spread_ms = spread;
          break;
        }
        if (end == line.end()) break;
      }
      if (begin == line.begin()) return best;
    }
  }

  std::optional<Filling> Fill(const Line& stretch, std::uint32_t seed, std::uint32_t region,
                              std::uint32_t team_size) const {
    PartyCounts counts(teams_, team_size);
    const auto row = [&](std::uint32_t ticket) {
      const std::uint16_t team = TeamOf(tickets_, ticket);
      return team == kAnyTeam ? teams_ : team;
    };
    for (const std::uint32_t ticket : stretch) {
      if (Players(ticket) <= team_size) ++counts.Of(row(ticket), Players(ticket));
    }
    TeamFilling filling(teams_);
    if (!filling.Find(counts, team_size, Players(seed), row(seed))) return std::nullopt;
    // The seed itself, then of each kind those whose turn would have come first.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> wanted;
    for (const Places& places : filling.places()) {
      wanted[{places.team, places.size}] += places.bound;
      wanted[{teams_, places.size}] += places.any;
    }
    --wanted[{row(seed), Players(seed)}];
    Filling result{.members = {seed}, .places = filling.places()};
    for (const std::uint32_t ticket : Seeds(stretch, region)) {
      std::uint32_t& number = wanted[{row(ticket), Players(ticket)}];
      if (ticket == seed || number == 0) continue;
      --number;
      result.members.push_back(ticket);
    }
    SortLine(result.members, region);
    return result;
  }

  // ---- Running matches ----
  void FillOpenSlots() {
    for (std::uint32_t i = 0; i < tickets_.backfills.size(); ++i) FillBackfill(i);
  }

  bool MayJoin(std::uint32_t ticket, const Backfill& backfill) const {
    std::vector<std::uint32_t> regions = OpenRegions(ticket);
    if (!rules_.try_next_best_region) regions.resize(1);
    if (std::find(regions.begin(), regions.end(), backfill.region) == regions.end()) return false;
    if (Attributes(ticket) != backfill.attributes) return false;
    const int band = Band(Latency(ticket, backfill.region));
    const int lowest = Band(backfill.lowest_latency_ms);
    const int highest = Band(backfill.highest_latency_ms);
    return (lowest < 0 || band >= lowest) && (highest < 0 || band <= highest);
  }

  void FillBackfill(std::uint32_t index) {
    const Backfill& backfill = tickets_.backfills[index];
    Line line;
    for (const std::uint32_t ticket : free_) {
      if (MayJoin(ticket, backfill)) line.push_back(ticket);
    }
    float lowest = backfill.lowest_latency_ms;
    float highest = backfill.highest_latency_ms;
    if (!(lowest <= highest) || !std::isfinite(lowest) || !std::isfinite(highest)) {
      lowest = highest = kNan;
    }
    float limit = kInfinity;  // the narrowest of those who have joined
    std::vector<std::uint32_t> open = backfill.open_slots;
    Group group;
    std::vector<std::pair<std::uint32_t, std::uint16_t>> joined;
    for (const std::uint32_t ticket : Seeds(line, backfill.region)) {
      const float latency = Latency(ticket, backfill.region);
      const float low = std::fmin(lowest, latency);
      const float high = std::fmax(highest, latency);
      const float own = std::min(limit, LimitAfter(rules_.max_spread_ms, Wait(ticket)));
      const std::uint16_t team =
          TeamOf(tickets_, ticket) == kAnyTeam
              ? static_cast<std::uint16_t>(
                    std::distance(open.begin(), std::max_element(open.begin(), open.end())))
              : TeamOf(tickets_, ticket);
      if (open[team] < Players(ticket) || !(high - low <= own)) continue;
      const bool band_known =
          Band(backfill.lowest_latency_ms) >= 0 || Band(backfill.highest_latency_ms) >= 0;
      const auto band_of = [&](std::uint32_t t) { return Band(Latency(t, backfill.region)); };
      if (!band_known && !joined.empty() && band_of(ticket) != band_of(joined[0].first)) continue;
      open[team] -= Players(ticket);
      lowest = low;
      highest = high;
      limit = own;
      joined.emplace_back(ticket, team);
      free_.erase(ticket);
    }
    if (joined.empty()) return;
    std::sort(joined.begin(), joined.end(), [&](const auto& a, const auto& b) {
      return InLine(a.first, backfill.region) < InLine(b.first, backfill.region);
    });
    for (const auto& [ticket, team] : joined) {
      group.members.push_back(ticket);
      group.teams.push_back(team);
    }
    const int band = Band(Latency(group.members.front(), backfill.region));
    group.match = {.region = backfill.region,
                   .band = static_cast<std::uint32_t>(band),
                   .backfill = index,
                   .spread_ms = highest - lowest};
    groups_.push_back(group);
  }

  // ---- Output ----
  double Mean(const Group& group) const {
    double sum = 0;
    double players = 0;
    for (const std::uint32_t member : group.members) {
      sum += static_cast<double>(Latency(member, group.match.region)) * Players(member);
      players += Players(member);
    }
    return sum / players;
  }

  float WidensAt(std::uint32_t ticket) const {
    const float wait = Wait(ticket);
    float at = kInfinity;
    const bool open = !OpenRegions(ticket).empty();
    for (std::uint32_t region = 0; region < rules_.regions.size(); ++region) {
      if (IsOpen(ticket, region) || (open && !rules_.try_next_best_region)) continue;
      at = std::min(at, std::max(OpensAt(ticket, region), wait));
    }
    if (!open) return at;
    at = std::min(at, NextWidening(rules_.max_spread_ms, wait));
    const bool smaller = rules_.min_match_size > 0 && rules_.min_match_size < rules_.match_size;
    if (smaller && wait < rules_.max_wait_s) at = std::min(at, rules_.max_wait_s);
    return at;
  }

  Unmatched Reason(std::uint32_t ticket) const {
    if (Players(ticket) > team_size_) return Unmatched::kPartyTooLarge;
    if (!Fits(ticket)) return Unmatched::kNoSuchTeam;
    bool usable = false;
    bool in_bands = false;
    for (std::uint32_t region = 0; region < rules_.regions.size(); ++region) {
      const float latency = Latency(ticket, region);
      usable = usable || (std::isfinite(latency) && latency >= 0);
      in_bands = in_bands || Band(latency) >= 0;
    }
    if (!usable) return Unmatched::kUnreachable;
    if (!in_bands) return Unmatched::kOutsideBands;
    if (WidensAt(ticket) < kInfinity) return Unmatched::kWaitsForWidening;
    return OpenRegions(ticket).empty() ? Unmatched::kOverLimit : Unmatched::kNotEnoughNeighbours;
  }

  bool SomeLimitWidens() const {
    bool widens = Widens(rules_.max_spread_ms) || Widens(rules_.min_score);
    for (const Limit& limit : rules_.max_latency_ms) widens = widens || Widens(limit);
    return widens || (rules_.min_match_size > 0 && rules_.min_match_size < rules_.match_size &&
                      rules_.max_wait_s > 0 && rules_.max_wait_s < kInfinity);
  }

  Result Written() {
    const auto standing = [&](const Group& group) {
      return std::tuple(-Score(Mean(group)), group.match.region,
                        InLine(group.members.front(), group.match.region));
    };
    std::sort(groups_.begin(), groups_.end(),
              [&](const Group& a, const Group& b) { return standing(a) < standing(b); });
    Result result{.reasons = std::vector<Unmatched>(tickets_.count, Unmatched::kMatched)};
    for (const Group& group : groups_) {
      Match match = group.match;
      match.first_member = static_cast<std::uint32_t>(result.members.size());
      match.size = static_cast<std::uint32_t>(group.members.size());
      for (const std::uint32_t member : group.members) match.players += Players(member);
      match.mean_latency_ms = static_cast<float>(Mean(group));
      match.score = Score(Mean(group));
      result.matches.push_back(match);
      result.members.insert(result.members.end(), group.members.begin(), group.members.end());
      if (teams_ > 1) {
        result.teams.insert(result.teams.end(), group.teams.begin(), group.teams.end());
      }
    }
    const std::set<std::uint32_t> matched(result.members.begin(), result.members.end());
    if (SomeLimitWidens()) result.widens_at_s.assign(tickets_.count, kInfinity);
    for (std::uint32_t ticket = 0; ticket < tickets_.count; ++ticket) {
      if (matched.contains(ticket)) continue;
      result.reasons[ticket] = Reason(ticket);
      if (result.reasons[ticket] == Unmatched::kWaitsForWidening) {
        result.widens_at_s[ticket] = WidensAt(ticket);
      }
    }
    return result;
  }

  const Tickets& tickets_;
  const Rules& rules_;
  const std::uint32_t teams_;
  const std::uint32_t team_size_;
  std::set<std::uint32_t> free_;
  std::vector<Group> groups_;
};

}  // namespace

Result MatchRichByDefinition(const Tickets& tickets, const Rules& rules) {
  return Definition(tickets, rules).Run();
}

}  // namespace gsh::matcher
