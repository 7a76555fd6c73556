#include "src/testing/sandbox/open_match/evaluator.h"

#include <limits>
#include <string>

#include "src/openmatch/default_evaluation.h"
#include "src/openmatch/wire_ticket.h"
#include "src/proto/openmatch.h"

namespace gsh::sandbox {
namespace {

// Empty: none, or a new one.
std::string BackfillId(const serialised::Match& match) {
  wire_openmatch::Backfill backfill;
  backfill.ParseFromString(match.backfill());
  return backfill.id();
}

}  // namespace

std::vector<std::string_view> TicketIds(const serialised::Match& match) {
  std::vector<std::string_view> ids;
  ids.reserve(static_cast<std::size_t>(match.tickets_size()));
  for (const std::string& bytes : match.tickets()) {
    openmatch::WireTicket ticket;
    const bool readable = openmatch::ReadWireTicket(bytes, {}, {}, ticket);
    ids.push_back(readable ? ticket.id : std::string_view());
  }
  return ids;
}

std::optional<double> ScoreOf(const serialised::Match& match) {
  const auto input = match.extensions().find(openmatch::kEvaluationInput);
  if (input == match.extensions().end()) return -std::numeric_limits<double>::infinity();
  return openmatch::ReadEvaluationScore(input->second.type_url(), input->second.value());
}

Candidate ReadCandidate(const serialised::Match& match) {
  return {.score = ScoreOf(match), .tickets = TicketIds(match), .backfill = BackfillId(match)};
}

std::vector<std::size_t> Evaluate(std::span<const Candidate> candidates) {
  std::vector<std::optional<double>> scores;
  scores.reserve(candidates.size());
  std::size_t tickets = 0;
  for (const Candidate& candidate : candidates) {
    scores.push_back(candidate.score);
    tickets += candidate.tickets.size();
  }
  openmatch::UsedTickets used(tickets);
  std::vector<std::size_t> accepted;
  for (const std::size_t i : openmatch::ByScore(scores)) {
    if (used.Take(candidates[i].tickets, candidates[i].backfill)) accepted.push_back(i);
  }
  return accepted;
}

}  // namespace gsh::sandbox
