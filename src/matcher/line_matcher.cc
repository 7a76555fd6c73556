#include "src/matcher/line_matcher.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "src/matcher/order_ties.h"
#include "src/matcher/radix_sort.h"
#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kTurnsAhead = 16;

std::uint32_t LeastTeamSize(const Rules& rules) {
  const int least = rules.min_match_size == 0 ? rules.match_size : rules.min_match_size;
  return static_cast<std::uint32_t>(least / rules.teams);
}

}  // namespace

LineMatcher::LineMatcher(const Tickets& tickets, const Rules& rules, const Grid& grid)
    : tickets_(tickets),
      rules_(rules),
      grid_(grid),
      teams_(static_cast<std::uint32_t>(rules.teams)),
      team_size_(static_cast<std::uint32_t>(rules.match_size / rules.teams)),
      least_team_size_(LeastTeamSize(rules)),
      oldest_first_(rules.order == Order::kOldestFirst),
      neighbours_(tickets, rules, line_),
      seats_(teams_, team_size_),
      hopeless_(teams_, team_size_, least_team_size_,
                !tickets.party_size.empty() || !tickets.team.empty(), !tickets.team.empty()) {}

void LineMatcher::BuildLine(std::uint32_t band, std::span<std::uint64_t> words,
                            std::uint64_t* scratch) {
  const std::uint32_t begin = grid_.BeginOffset(band);
  const auto bits = static_cast<unsigned>(std::bit_width(grid_.EndOffset(band) - begin - 1));
  std::uint64_t* const sorted =
      RadixSort(words.data(), scratch, words.size(), kLineIndexBits, bits);
  if (!tickets_.key.empty()) {
    std::uint64_t* const other = sorted == scratch ? words.data() : scratch;
    OrderTiesByKey(sorted, other, words.size(), kLineIndexBits, tickets_.key);
  }
  const bool balance = teams_ > 1 && rules_.balance_teams;
  if (line_.tickets.size() < words.size()) {
    line_.tickets = Buffer<LineTicket>();  // the old one first
    line_.tickets = Buffer<LineTicket>(words.size());
    line_.rest = Buffer<LineRest>();
    line_.rest = Buffer<LineRest>(words.size());
  }
  line_.longest_wait_s = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto ticket = static_cast<std::uint32_t>(sorted[i]);
    const auto offset = static_cast<std::uint32_t>(sorted[i] >> kLineIndexBits);
    line_.tickets[i] = {.latency_ms = grid_.Latency(offset + begin),
                        .players = static_cast<std::uint16_t>(PlayersOf(tickets_, ticket)),
                        .team = TeamOf(tickets_, ticket)};
    line_.rest[i] = {.ticket = ticket,
                     .wait_s = WaitOfTicket(tickets_, ticket),
                     .skill = balance ? SkillOf(tickets_, ticket) : 0};
    line_.longest_wait_s = std::max(line_.longest_wait_s, line_.rest[i].wait_s);
  }
  line_.free.Reset(static_cast<std::uint32_t>(words.size()));
  neighbours_.Begin(words.size());
  hopeless_.Begin(line_, words.size());
}

// The longest wait first; ties in the line's order.
void LineMatcher::OrderSeeds(std::span<std::uint64_t> words, std::uint64_t* scratch) {
  const std::uint32_t longest = std::bit_cast<std::uint32_t>(line_.longest_wait_s);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint32_t wait = std::bit_cast<std::uint32_t>(line_.rest[i].wait_s);
    words[i] = std::uint64_t{longest - wait} << 32 | i;
  }
  const auto bits = static_cast<unsigned>(std::bit_width(longest));
  line_.seeds = {RadixSort(words.data(), scratch, words.size(), 32, bits), words.size()};
}

void LineMatcher::Match(std::uint32_t region, std::uint32_t band, std::span<std::uint64_t> words,
                        std::uint64_t* scratch, Made& made) {
  BuildLine(band, words, scratch);
  if (oldest_first_) OrderSeeds(words, scratch);
  for (std::size_t turn = 0; turn < words.size(); ++turn) {
    if (oldest_first_) PrefetchTurn(turn + kTurnsAhead);
    const auto seed = static_cast<std::uint32_t>(oldest_first_ ? line_.seeds[turn] : turn);
    if (!line_.free.IsFree(seed)) continue;
    const bool hopeless = hopeless_.Has(line_.tickets[seed]);
    if (!hopeless && Find(seed, oldest_first_ ? WaitOfTurn(turn) : line_.rest[seed].wait_s)) {
      Write(region, band, made);
      continue;
    }
    if (!hopeless) hopeless_.Failed(line_.tickets[seed]);
    Take(seed);  // passes
    made.left.push_back(line_.rest[seed].ticket);
  }
}

void LineMatcher::Take(std::uint32_t place) {
  neighbours_.Take(place);
  hopeless_.Take(line_.tickets[place]);
}

// Seeds come from all over the line: their neighbourhood is fetched before their turn.
void LineMatcher::PrefetchTurn(std::size_t turn) const {
  if (turn >= line_.seeds.size()) return;
  const auto place = static_cast<std::uint32_t>(line_.seeds[turn]);
  if (!line_.free.IsFree(place)) return;
  const char* const tickets = reinterpret_cast<const char*>(&line_.tickets[place]);
  for (int line = -1; line <= 1; ++line) __builtin_prefetch(tickets + line * 64);
  const char* const rest = reinterpret_cast<const char*>(&line_.rest[place]);
  for (int line = -1; line <= 1; ++line) __builtin_prefetch(rest + line * 64);
}

// From the word it was sorted by, which is at hand.
float LineMatcher::WaitOfTurn(std::size_t turn) const {
  const auto longest = std::bit_cast<std::uint32_t>(line_.longest_wait_s);
  return std::bit_cast<float>(longest - static_cast<std::uint32_t>(line_.seeds[turn] >> 32));
}

bool LineMatcher::Find(std::uint32_t seed, float wait_s) {
  if (FindOfSize(seed, wait_s, team_size_)) return true;
  const float longest = oldest_first_ ? wait_s : line_.longest_wait_s;
  if (longest < rules_.max_wait_s) return false;
  const std::uint32_t in_reach = std::min(team_size_ - 1, players_in_reach_ / teams_);
  for (std::uint32_t size = in_reach; size > 0 && size >= least_team_size_; --size) {
    if (line_.tickets[seed].players > size) return false;
    if (!FindOfSize(seed, wait_s, size)) continue;
    float waited = 0;
    for (const std::uint32_t member : neighbours_.members()) {
      waited = std::max(waited, line_.rest[member].wait_s);
    }
    if (waited >= rules_.max_wait_s) return true;
  }
  return false;
}

bool LineMatcher::FindOfSize(std::uint32_t seed, float wait_s, std::uint32_t team_size) {
  const Limit& limit = rules_.max_spread_ms;
  float bound = kInfinity;
  if (limit.value < kInfinity) {
    const float longest = oldest_first_ ? wait_s : line_.longest_wait_s;
    bound = LimitAfter(limit, WaitOfMatch(limit.wait_of, longest, wait_s));
  }
  bool found = neighbours_.Find(seed, team_size, bound);
  players_in_reach_ = found ? team_size * teams_ : neighbours_.players_in_reach();
  // Whoever is too narrow for the tightest set of all is too narrow for any other set.
  while (found && neighbours_.spread_ms() > limit.value) {
    float longest = 0;
    float shortest = kInfinity;
    for (const std::uint32_t member : neighbours_.members()) {
      longest = std::max(longest, line_.rest[member].wait_s);
      shortest = std::min(shortest, line_.rest[member].wait_s);
    }
    const float wait = WaitOfMatch(limit.wait_of, longest, shortest);
    if (neighbours_.spread_ms() <= LimitAfter(limit, wait)) break;
    found = LeaveOutNarrow(seed, longest) && neighbours_.Find(seed, team_size, bound);
  }
  for (const std::uint32_t place : left_out_) neighbours_.PutBack(place);
  left_out_.clear();
  return found;
}

bool LineMatcher::LeaveOutNarrow(std::uint32_t seed, float longest_wait_s) {
  const Limit& limit = rules_.max_spread_ms;
  for (const std::uint32_t member : neighbours_.members()) {
    const float own = line_.rest[member].wait_s;
    const float wait = WaitOfMatch(limit.wait_of, longest_wait_s, own);
    if (neighbours_.spread_ms() <= LimitAfter(limit, wait)) continue;
    if (member == seed) return false;
    neighbours_.Take(member);
    left_out_.push_back(member);
  }
  return true;
}

void LineMatcher::Write(std::uint32_t region, std::uint32_t band, Made& made) {
  const std::size_t first = made.members.size();
  const std::span<const std::uint32_t> members = neighbours_.members();
  double sum = 0;
  std::uint32_t players = 0;
  for (const std::uint32_t place : members) {
    const LineTicket& member = line_.tickets[place];
    Take(place);
    sum += static_cast<double>(member.latency_ms) * member.players;
    players += member.players;
    made.members.push_back(line_.rest[place].ticket);
  }
  if (teams_ > 1) {
    seated_.clear();
    for (const std::uint32_t place : members) {
      const LineTicket& member = line_.tickets[place];
      seated_.push_back({member.players, member.team, line_.rest[place].skill});
    }
    seats_.Seat(seated_, neighbours_.places(), made.teams);
  }
  const double mean = sum / players;
  made.matches.push_back({.region = region,
                          .band = band,
                          .first_member = static_cast<std::uint32_t>(first),
                          .size = static_cast<std::uint32_t>(members.size()),
                          .players = players,
                          .mean_latency_ms = static_cast<float>(mean),
                          .spread_ms = neighbours_.spread_ms(),
                          .score = ScoreOf(mean)});
}

}  // namespace gsh::matcher
