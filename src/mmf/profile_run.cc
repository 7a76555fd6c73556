#include "src/mmf/profile_run.h"

#include <array>
#include <chrono>
#include <utility>

#include "gsh/rng.h"
#include "src/mmf/new_backfill.h"
#include "src/mmf/proposal.h"

namespace gsh::mmf {
namespace {

constexpr char kFunctionName[] = "basic-matchfunction";

}  // namespace

ProfileRun::ProfileRun(const LatencyMatchFunctionOptions& options,
                       const openmatch::MatchProfile& profile, const matcher::Rules& rules,
                       const RunningMatches& running, const Columns& columns)
    : options_(options), profile_(profile), rules_(rules), running_(running), columns_(columns) {}

Status ProfileRun::Match() {
  const SteadyTime begin = options_.clock->SteadyNow();
  matcher::Tickets tickets = columns_.ForMatcher();
  tickets.backfills = running_.for_matcher();
  StatusOr<matcher::Result> result = matcher::MatchTickets(tickets, rules_);
  if (!result.ok()) return result.status().WithContext("profile " + profile_.name);
  result_ = *std::move(result);
  for (const Refusal& refusal : columns_.refused()) {
    result_.reasons[refusal.ticket] = matcher::Unmatched::kRefused;
  }
  Measure(options_.clock->SteadyNow() - begin);
  NameMatches();
  Report();
  return OkStatus();
}

void ProfileRun::NameMatches() {
  const std::string time = MatchTime(options_.clock->Now());
  match_ids_.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    match_ids_.push_back(MatchId(profile_.name, time, i, options_.rng->Next()));
  }
}

void ProfileRun::Report() const {
  if (!options_.on_run) return;
  options_.on_run({.profile = profile_.name,
                   .proposals = size(),
                   .ticket_ids = columns_.ids(),
                   .reasons = result_.reasons,
                   .rules = &rules_,
                   .latency_ms = columns_.latencies(),
                   .wait_s = columns_.waits_s(),
                   .party_size = columns_.party_sizes(),
                   .refusals = columns_.refused(),
                   .result = &result_,
                   .match_ids = match_ids_,
                   .backfill_ids = running_.ids()});
}

void ProfileRun::Measure(Duration took) const {
  if (options_.metrics == nullptr) return;
  std::array<double, matcher::kUnmatchedReasons> tickets{};
  for (const matcher::Unmatched reason : result_.reasons) {
    ++tickets[static_cast<std::size_t>(reason)];
  }
  MetricsSink& metrics = *options_.metrics;
  metrics.Observe("gsh_mmf_match_seconds", std::chrono::duration<double>(took).count(), {});
  metrics.Add("gsh_mmf_tickets", static_cast<double>(result_.reasons.size()), {});
  metrics.Add("gsh_mmf_proposals", static_cast<double>(size()), {});
  for (std::size_t i = 1; i < tickets.size(); ++i) {  // 0 is matched
    const MetricLabel label{"reason", UnmatchedName(static_cast<matcher::Unmatched>(i))};
    metrics.Add("gsh_mmf_unmatched", tickets[i], {&label, 1});  // 0 too: it shows that it is known
  }
}

double ProfileRun::MeanLatency(std::size_t match) const {
  const std::size_t region = result_.matches[match].region;
  double sum = 0;
  double players = 0;
  for (const std::uint32_t member : Members(match)) {
    const double size = columns_.party_size(member);
    sum += size * static_cast<double>(columns_.latency(member, region));
    players += size;
  }
  return sum / players;
}

std::size_t ProfileRun::TeamOf(std::size_t match, std::size_t member) const {
  if (result_.teams.empty()) return 0;
  return result_.teams[result_.matches[match].first_member + member];
}

std::string ProfileRun::TeamsJson(std::size_t match) const {
  std::vector<std::vector<std::string_view>> teams(static_cast<std::size_t>(rules_.teams));
  const std::span<const std::uint32_t> members = Members(match);
  for (std::size_t i = 0; i < members.size(); ++i) {
    teams[TeamOf(match, i)].push_back(columns_.ids()[members[i]]);
  }
  return JsonOfTeams(teams);
}

std::vector<Joining> ProfileRun::JoiningOf(std::size_t match) const {
  const matcher::Match& found = result_.matches[match];
  std::vector<Joining> joining;
  const std::span<const std::uint32_t> members = Members(match);
  for (std::size_t i = 0; i < members.size(); ++i) {
    joining.push_back({.players = columns_.party_size(members[i]),
                       .team = TeamOf(match, i),
                       .latency_ms = columns_.latency(members[i], found.region)});
  }
  return joining;
}

openmatch::Backfill ProfileRun::JoinedBackfill(std::size_t match) const {
  return running_.Joined(result_.matches[match].backfill, JoiningOf(match));
}

bool ProfileRun::NeedsBackfill(const matcher::Match& match) const {
  return rules_.backfill && match.backfill == matcher::kNoBackfill &&
         match.players < static_cast<std::uint32_t>(rules_.match_size);
}

openmatch::Backfill ProfileRun::OpenSeats(std::size_t match) const {
  return NewBackfill(
      profile_, rules_, result_.matches[match].region, JoiningOf(match),
      AttributesOf(columns_.source(Members(match).front()), rules_.equal_attributes));
}

openmatch::Match ProfileRun::Proposal(std::size_t match) const {
  openmatch::Match proposal{
      .id = match_ids_[match], .profile = profile_.name, .function = kFunctionName};
  const matcher::Match& found = result_.matches[match];
  proposal.extensions[kEvaluationExtension] = EvaluationInput(SampleScore(MeanLatency(match)));
  proposal.extensions[kRegionExtension] = AnyString(rules_.regions[found.region]);
  if (!result_.teams.empty()) proposal.extensions[kTeamsExtension] = AnyString(TeamsJson(match));
  if (found.backfill != matcher::kNoBackfill) proposal.backfill = JoinedBackfill(match);
  if (NeedsBackfill(found)) {
    proposal.backfill = OpenSeats(match);
    proposal.allocate_gameserver = true;
  }
  return proposal;
}

}  // namespace gsh::mmf
