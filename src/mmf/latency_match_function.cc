#include "gsh/mmf/latency_match_function.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/mmf/columns.h"
#include "src/mmf/profile_rules.h"
#include "src/mmf/profile_run.h"
#include "src/mmf/running_matches.h"
#include "src/openmatch/wire_match_function.h"
#include "src/openmatch/wire_ticket.h"

namespace gsh::mmf {
namespace {

using openmatch::EmitProposal;
using openmatch::MatchRequest;

// What Open Match's backend and evaluator receive at most (gRPC's default), less what a match
// holds beside its tickets.
constexpr std::size_t kMaxProposalBytes = (std::size_t{4} << 20) - (std::size_t{64} << 10);

TicketBounds BoundsOf(const LatencyMatchFunctionOptions& options, const matcher::Rules& rules) {
  TicketBounds bounds{.bytes = kMaxProposalBytes / static_cast<std::size_t>(rules.match_size)};
  if (options.max_ticket_tags > 0) bounds.tags = options.max_ticket_tags;
  if (options.max_ticket_bytes > 0) bounds.bytes = std::min(bounds.bytes, options.max_ticket_bytes);
  return bounds;
}

// Matches the request's tickets and hands each proposal, without its tickets, to `emit` with the
// columns and the indices of its tickets there; false from it ends the run.
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
  Columns columns(request, {.rules = *rules,
                            .bounds = BoundsOf(options, *rules),
                            .now = options.clock->Now(),
                            .with_waits = static_cast<bool>(options.on_run)});
  const RunningMatches running(request.backfills, *rules, columns.attribute_values(), options.log);
  ProfileRun run(options, request.profile, *rules, running, columns);
  if (Status status = run.Match(); !status.ok()) return status;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (request.stop.stop_requested()) return CancelledError("nobody waits for the proposals");
    if (!emit(columns, run.Proposal(i), run.Members(i))) break;
  }
  return OkStatus();
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
