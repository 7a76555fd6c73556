#include "gsh/mmf/latency_match_function.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "src/mmf/columns.h"
#include "src/mmf/profile_rules.h"
#include "src/mmf/proposal.h"

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

// One run over one request.
class Run {
 public:
  Run(const LatencyMatchFunctionOptions& options, const MatchRequest& request,
      const matcher::Rules& rules)
      : options_(options),
        request_(request),
        rules_(rules),
        columns_(request, rules.regions, BoundsOf(options, rules)) {}

  Status Match() {
    const SteadyTime begin = options_.clock->SteadyNow();
    StatusOr<matcher::Result> result = matcher::MatchTickets(columns_.ForMatcher(), rules_);
    if (!result.ok()) return result.status().WithContext("profile " + request_.profile.name);
    result_ = *std::move(result);
    for (const std::size_t i : columns_.refused())
      result_.reasons[i] = matcher::Unmatched::kRefused;
    Measure(options_.clock->SteadyNow() - begin);
    if (options_.on_run) {
      options_.on_run({.profile = request_.profile.name,
                       .proposals = result_.matches.size(),
                       .tickets = columns_.tickets(),
                       .reasons = result_.reasons});
    }
    return OkStatus();
  }

  Status Emit(const EmitProposal& emit) const {
    const std::string time = MatchTime(options_.clock->Now());
    for (std::size_t i = 0; i < result_.matches.size(); ++i) {
      if (request_.stop.stop_requested()) return CancelledError("nobody waits for the proposals");
      if (!emit(Proposal(i, time))) break;
    }
    return OkStatus();
  }

 private:
  openmatch::Match Proposal(std::size_t index, const std::string& time) const {
    const matcher::Match& match = result_.matches[index];
    const std::string& region = rules_.regions[match.region];
    const std::string latency_arg = kLatencyPrefix + region;
    openmatch::Match proposal;
    proposal.id = MatchId(request_.profile.name, time, index, options_.rng->Next());
    proposal.profile = request_.profile.name;
    proposal.function = kFunctionName;
    proposal.tickets.reserve(match.size);
    double latency_sum = 0;
    for (std::uint32_t i = 0; i < match.size; ++i) {
      const auto* ticket = columns_.tickets()[result_.members[match.first_member + i]];
      latency_sum += LatencyTo(*ticket, latency_arg);
      proposal.tickets.push_back(*ticket);
    }
    proposal.extensions[kEvaluationExtension] =
        EvaluationInput(SampleScore(latency_sum / match.size));
    proposal.extensions[kRegionExtension] = AnyString(region);
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
  const MatchRequest& request_;
  const matcher::Rules& rules_;
  const Columns columns_;
  matcher::Result result_;
};

Status RunOnce(const LatencyMatchFunctionOptions& options, const MatchRequest& request,
               const EmitProposal& emit) {
  const matcher::Rules defaults =
      options.rules ? options.rules() : matcher::Rules{.match_size = options.match_size};
  const StatusOr<matcher::Rules> rules = RulesOf(request.profile, defaults);
  if (!rules.ok()) {
    Log(options.log, LogLevel::kError, "The profile cannot be matched",
        {{"profile", request.profile.name}, {"error", rules.status().message()}});
    return rules.status();
  }
  Run run(options, request, *rules);
  if (Status status = run.Match(); !status.ok()) return status;
  return run.Emit(emit);
}

}  // namespace

openmatch::MatchFunction MakeLatencyMatchFunction(LatencyMatchFunctionOptions options) {
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  return [options = std::move(options)](const MatchRequest& request, const EmitProposal& emit) {
    return RunOnce(options, request, emit);
  };
}

}  // namespace gsh::mmf
