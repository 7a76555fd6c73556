#include "src/matchsim/simulation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "src/matchsim/chance.h"
#include "src/matchsim/recorder.h"
#include "src/matchsim/servers.h"
#include "src/matchsim/waiting_room.h"

namespace gsh::matchsim {
namespace {

// Subject of chance, apart from those of the generator (generator.cc), which has the same seed.
constexpr std::uint64_t kMatchLengths = std::uint64_t{1} << 32;

bool IsSeconds(double value) { return value >= 0 && value <= kMaxTimeS; }

Status CheckOptions(const SimulationOptions& options) {
  if (!IsSeconds(options.round_s) || options.round_s == 0) {
    return InvalidArgumentError("round: must be above 0 and at most 1e9 seconds");
  }
  const std::pair<const char*, double> times[] = {
      {"patience", options.patience_s},
      {"drain", options.drain_s},
      {"match length", options.match_s},
      {"deviation of the match length", options.match_deviation_s}};
  for (const auto& [name, value] : times) {
    if (!IsSeconds(value)) {
      return InvalidArgumentError(std::string(name) + ": must be from 0 to 1e9 seconds");
    }
  }
  return OkStatus();
}

// The number of the first round at or after `end_s`; the first of all, 0, is at 0.
double RoundAfter(double end_s, double round_s) {
  const double round = std::ceil(end_s / round_s);
  return round * round_s < end_s ? round + 1 : round;  // the quotient may have been rounded down
}

class Simulation {
 public:
  Simulation(const Arrivals& arrivals, RoundMatcher& matcher, const SimulationOptions& options,
             WaitingRoom room, std::size_t rounds)
      : arrivals_(arrivals),
        matcher_(matcher),
        options_(options),
        room_(std::move(room)),
        rounds_(rounds),
        recorder_(matcher.regions(), options),
        lengths_(options.seed, kMatchLengths) {
    for (const std::string& region : matcher.regions()) {
      const auto found = options.servers.find(region);
      servers_.emplace_back(found == options.servers.end() ? 0 : found->second);
    }
  }

  StatusOr<SimulationResult> Run() {
    for (std::size_t round = 0; round < rounds_; ++round) {
      now_s_ = static_cast<double>(round) * options_.round_s;
      if (const Status status = Step(round); !status.ok()) return status;
      if (room_.AllCame() && room_.size() == 0) break;
      const double over = static_cast<double>(round + 1) / static_cast<double>(rounds_);
      if (options_.progress && !options_.progress(over)) return CancelledError("stopped");
    }
    for (std::size_t place = 0; place < room_.size(); ++place) {
      recorder_.StillWaiting(room_.Reason(place));
    }
    std::vector<std::size_t> peaks;
    peaks.reserve(servers_.size());
    for (const Servers& servers : servers_) peaks.push_back(servers.peak());
    SimulationResult result = recorder_.Finish(peaks);
    result.tickets = arrivals_.size();
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
      result.players += static_cast<std::size_t>(arrivals_.PartySize(i));
    }
    return result;
  }

 private:
  Status Step(std::size_t round) {
    for (Servers& servers : servers_) servers.Advance(now_s_);
    recorder_.Arrived(room_.Admit(now_s_));
    LetTheImpatientGo();
    if (room_.size() > 0) {
      if (const Status status = Match(round); !status.ok()) return status;
    }
    std::size_t busy = 0;
    for (const Servers& servers : servers_) busy += servers.busy();
    recorder_.RoundOver(now_s_, room_.size(), busy);
    return OkStatus();
  }

  void LetTheImpatientGo() {
    if (options_.patience_s <= 0) return;
    std::vector<bool> gone(room_.size());
    for (std::size_t place = 0; place < room_.size(); ++place) {
      if (room_.WaitSeconds(place, now_s_) <= options_.patience_s)
        break;  // those behind came later
      gone[place] = true;
      recorder_.Left(room_.Reason(place));
    }
    room_.Remove(gone);
  }

  Status Match(std::size_t round) {
    const StatusOr<RoundResult> result = matcher_.Match(room_.Columns(now_s_), round);
    if (!result.ok()) return result.status();
    if (const Status status = CheckResult(*result); !status.ok()) return status;
    for (std::size_t place = 0; place < room_.size(); ++place) {
      room_.SetReason(place, result->reasons[place]);
    }
    std::vector<bool> gone(room_.size());
    std::size_t matched = 0;
    for (const RoundMatch& match : result->matches) {
      if (Begin(match, *result, gone)) matched += match.size;
    }
    recorder_.RoundHeld(room_.Arrival(0), room_.size(), matched);
    room_.Remove(gone);
    return OkStatus();
  }

  // A wrong matcher must not pass for a good one.
  Status CheckResult(const RoundResult& result) const {
    std::vector<bool> used(room_.size());
    if (result.reasons.size() != room_.size()) return InternalError("matcher: reasons are missing");
    for (const RoundMatch& match : result.matches) {
      if (match.region >= servers_.size()) return InternalError("matcher: unknown region");
      if (match.size == 0) return InternalError("matcher: an empty match");
      if (std::size_t{match.first_member} + match.size > result.members.size()) {
        return InternalError("matcher: unknown members");
      }
      for (const std::uint32_t member : Members(match, result)) {
        if (member >= used.size()) return InternalError("matcher: unknown ticket");
        if (used[member]) return InternalError("matcher: a ticket is matched twice");
        used[member] = true;
      }
    }
    return OkStatus();
  }

  static std::span<const std::uint32_t> Members(const RoundMatch& match,
                                                const RoundResult& result) {
    return std::span(result.members).subspan(match.first_member, match.size);
  }

  double DrawLength() {
    if (options_.match_deviation_s <= 0) return options_.match_s;
    const double length = options_.match_s + options_.match_deviation_s * Normal(lengths_);
    return std::max(length, options_.match_s / 10);
  }

  // False if there is no server: its tickets stay.
  bool Begin(const RoundMatch& match, const RoundResult& result, std::vector<bool>& gone) {
    const std::span<const std::uint32_t> members = Members(match, result);
    if (!servers_[match.region].Start(now_s_ + DrawLength())) {
      recorder_.TurnedAway(match.region);
      for (const std::uint32_t place : members) room_.SetReason(place, kNoServer);
      return false;
    }
    float lowest = room_.LatencyMs(members[0], match.region);
    float highest = lowest;
    for (const std::uint32_t place : members) {
      const float latency = room_.LatencyMs(place, match.region);
      lowest = std::min(lowest, latency);
      highest = std::max(highest, latency);
      recorder_.Matched(match.region, room_.WaitSeconds(place, now_s_), latency,
                        arrivals_.PartySize(room_.Arrival(place)));
      gone[place] = true;
    }
    recorder_.MatchBegan(match.region, highest - lowest);
    RecordSkill(match, result);
    return true;
  }

  void RecordSkill(const RoundMatch& match, const RoundResult& result) {
    if (arrivals_.skill.empty() || result.teams.empty()) return;
    struct Team {
      double skill = 0;
      double players = 0;
    };
    std::map<std::uint16_t, Team> teams;
    for (std::size_t i = match.first_member; i < match.first_member + match.size; ++i) {
      const std::uint32_t ticket = room_.Arrival(result.members[i]);
      const double players = arrivals_.PartySize(ticket);
      Team& team = teams[result.teams[i]];
      team.skill += players * static_cast<double>(arrivals_.skill[ticket]);
      team.players += players;
    }
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const auto& [number, team] : teams) {
      least = std::min(least, team.skill / team.players);
      most = std::max(most, team.skill / team.players);
    }
    recorder_.SkillGap(static_cast<float>(most - least));
  }

  const Arrivals& arrivals_;
  RoundMatcher& matcher_;
  const SimulationOptions& options_;
  WaitingRoom room_;
  std::size_t rounds_;
  Recorder recorder_;
  SeededRng lengths_;
  std::vector<Servers> servers_;  // by region
  double now_s_ = 0;
};

}  // namespace

StatusOr<SimulationResult> Simulate(const Arrivals& arrivals, RoundMatcher& matcher,
                                    const SimulationOptions& options) {
  if (const Status status = CheckOptions(options); !status.ok()) return status;
  const double last_s = arrivals.size() == 0 ? 0 : arrivals.time_s.back();
  const double rounds = RoundAfter(last_s + options.drain_s, options.round_s) + 1;
  if (rounds > static_cast<double>(kMaxRounds)) {
    return InvalidArgumentError("round: " + std::to_string(kMaxRounds) +
                                " rounds would not be enough; take longer ones");
  }
  StatusOr<WaitingRoom> room = WaitingRoom::Make(arrivals, matcher);
  if (!room.ok()) return room.status();
  return Simulation(arrivals, matcher, options, *std::move(room), static_cast<std::size_t>(rounds))
      .Run();
}

}  // namespace gsh::matchsim
