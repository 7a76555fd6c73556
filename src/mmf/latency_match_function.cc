#include "gsh/mmf/latency_match_function.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/mmf/columns.h"
#include "src/mmf/profile_rules.h"
#include "src/mmf/proposal.h"
#include "src/openmatch/wire_match_function.h"
#include "src/openmatch/wire_ticket.h"

namespace gsh::mmf {
namespace {

using openmatch::EmitProposal;
using openmatch::MatchRequest;

constexpr char kFunctionName[] = "basic-matchfunction";
// What Open Match's backend and evaluator receive at most (gRPC's default), less what a match
// holds beside its tickets.
constexpr std::size_t kMaxProposalBytes = (std::size_t{4} << 20) - (std::size_t{64} << 10);

TicketBounds BoundsOf(const LatencyMatchFunctionOptions& options, const matcher::Rules& rules) {
  TicketBounds bounds{.bytes = kMaxProposalBytes / static_cast<std::size_t>(rules.match_size)};
  if (options.max_ticket_tags > 0) bounds.tags = options.max_ticket_tags;
  if (options.max_ticket_bytes > 0) bounds.bytes = std::min(bounds.bytes, options.max_ticket_bytes);
  return bounds;
}

// One run over one request's tickets. What it is made from must outlive it.
class Run {
 public:
  Run(const LatencyMatchFunctionOptions& options, const openmatch::MatchProfile& profile,
      const matcher::Rules& rules, Columns columns)
      : options_(options), profile_(profile), rules_(rules), columns_(std::move(columns)) {}

  Status Match() {
    const SteadyTime begin = options_.clock->SteadyNow();
    StatusOr<matcher::Result> result = matcher::MatchTickets(columns_.ForMatcher(), rules_);
    if (!result.ok()) return result.status().WithContext("profile " + profile_.name);
    result_ = *std::move(result);
    for (const std::size_t i : columns_.refused())
      result_.reasons[i] = matcher::Unmatched::kRefused;
    Measure(options_.clock->SteadyNow() - begin);
    if (options_.on_run) {
      options_.on_run({.profile = profile_.name,
                       .proposals = result_.matches.size(),
                       .ticket_ids = columns_.ids(),
                       .reasons = result_.reasons});
    }
    return OkStatus();
  }

  // Hands each match, and its tickets' indices, to `emit`.
  template <typename EmitMatch>
  Status Emit(const std::stop_token& stop, const EmitMatch& emit) const {
    const std::string time = MatchTime(options_.clock->Now());
    for (std::size_t i = 0; i < result_.matches.size(); ++i) {
      if (stop.stop_requested()) return CancelledError("nobody waits for the proposals");
      const matcher::Match& match = result_.matches[i];
      const auto members = std::span(result_.members).subspan(match.first_member, match.size);
      if (!emit(Proposal(i, members, time), members)) break;
    }
    return OkStatus();
  }

  const Columns& columns() const { return columns_; }

 private:
  // Without its tickets.
  openmatch::Match Proposal(std::size_t index, std::span<const std::uint32_t> members,
                            const std::string& time) const {
    const std::size_t region = result_.matches[index].region;
    double latency_sum = 0;
    for (const std::uint32_t member : members) latency_sum += columns_.latency(member, region);
    openmatch::Match proposal{
        .id = MatchId(profile_.name, time, index, options_.rng->Next()),
        .profile = profile_.name,
        .function = kFunctionName,
    };
    const double mean = latency_sum / static_cast<double>(members.size());
    proposal.extensions[kEvaluationExtension] = EvaluationInput(SampleScore(mean));
    proposal.extensions[kRegionExtension] = AnyString(rules_.regions[region]);
    return proposal;
  }

  void Measure(Duration took) const {
    if (options_.metrics == nullptr) return;
    std::array<double, 5> tickets{};
    for (const matcher::Unmatched reason : result_.reasons) {
      ++tickets[static_cast<std::size_t>(reason)];
    }
    MetricsSink& metrics = *options_.metrics;
    metrics.Observe("gsh_mmf_match_seconds", std::chrono::duration<double>(took).count(), {});
    metrics.Add("gsh_mmf_tickets", static_cast<double>(result_.reasons.size()), {});
    metrics.Add("gsh_mmf_proposals", static_cast<double>(result_.matches.size()), {});
    for (std::size_t i = 1; i < tickets.size(); ++i) {
      const MetricLabel label{"reason", UnmatchedName(static_cast<matcher::Unmatched>(i))};
      if (tickets[i] > 0) metrics.Add("gsh_mmf_unmatched", tickets[i], {&label, 1});
    }
  }

  const LatencyMatchFunctionOptions& options_;
  const openmatch::MatchProfile& profile_;
  const matcher::Rules& rules_;
  const Columns columns_;
  matcher::Result result_;
};

// Matches the request's tickets; `emit` as Run::Emit's, with the run before it.
template <typename Request, typename EmitMatch>
Status RunOnce(const LatencyMatchFunctionOptions& options, const Request& request,
               const EmitMatch& emit) {
  const matcher::Rules defaults =
      options.rules ? options.rules() : matcher::Rules{.match_size = options.match_size};
  const StatusOr<matcher::Rules> rules = RulesOf(request.profile, defaults);
  if (!rules.ok()) {
    Log(options.log, LogLevel::kError, "The profile cannot be matched",
        {{"profile", request.profile.name}, {"error", rules.status().message()}});
    return rules.status();
  }
  Run run(options, request.profile, *rules,
          Columns(request, rules->regions, BoundsOf(options, *rules)));
  if (Status status = run.Match(); !status.ok()) return status;
  return run.Emit(request.stop, [&](openmatch::Match proposal, auto members) {
    return emit(run.columns(), std::move(proposal), members);
  });
}

Status RunOnTickets(const LatencyMatchFunctionOptions& options, const MatchRequest& request,
                    const EmitProposal& emit) {
  return RunOnce(options, request,
                 [&](const Columns& columns, openmatch::Match proposal, auto members) {
                   proposal.tickets.reserve(members.size());
                   for (const std::uint32_t member : members) {
                     proposal.tickets.push_back(*columns.source(member).ticket);
                   }
                   return emit(std::move(proposal));
                 });
}

Status RunOnWire(const LatencyMatchFunctionOptions& options,
                 const openmatch::WireMatchRequest& request,
                 const openmatch::EmitWireProposal& emit) {
  std::vector<std::string_view> tickets;
  return RunOnce(options, request,
                 [&](const Columns& columns, openmatch::Match proposal, auto members) {
                   tickets.clear();
                   for (const std::uint32_t member : members) {
                     tickets.push_back(*columns.source(member).wire);
                   }
                   return emit(openmatch::WireProposal(std::move(proposal), tickets));
                 });
}

}  // namespace

openmatch::MatchFunction MakeLatencyMatchFunction(LatencyMatchFunctionOptions options) {
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  const auto shared = std::make_shared<const LatencyMatchFunctionOptions>(std::move(options));
  return openmatch::DualMatchFunction{
      .on_tickets = [shared](
                        const MatchRequest& request,
                        const EmitProposal& emit) { return RunOnTickets(*shared, request, emit); },
      .on_wire =
          [shared](const openmatch::WireMatchRequest& request,
                   const openmatch::EmitWireProposal& emit) {
            return RunOnWire(*shared, request, emit);
          }};
}

}  // namespace gsh::mmf
