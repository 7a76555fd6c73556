#include "src/testing/sandbox/open_match/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_set>

#include "src/openmatch/wire_ticket.h"
#include "src/proto/openmatch.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

constexpr double kLowest = -std::numeric_limits<double>::infinity();

struct Candidate {
  double score;
  std::size_t index;
};

// Empty: none, or a new one.
std::string BackfillId(const serialised::Match& match) {
  wire::Backfill backfill;
  backfill.ParseFromString(match.backfill());
  return backfill.id();
}

// The tickets and backfills that accepted proposals use.
class Used {
 public:
  // False, and nothing taken, if any of the proposal's are in use.
  bool Take(const serialised::Match& proposal) {
    const std::string backfill = BackfillId(proposal);
    if (!backfill.empty() && backfills_.contains(backfill)) return false;
    const std::vector<std::string_view> tickets = TicketIds(proposal);
    for (const std::string_view ticket : tickets) {
      if (tickets_.contains(ticket)) return false;
    }
    if (!backfill.empty()) backfills_.insert(backfill);
    tickets_.insert(tickets.begin(), tickets.end());
    return true;
  }

 private:
  std::unordered_set<std::string_view> tickets_;
  std::unordered_set<std::string> backfills_;
};

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
  const auto input = match.extensions().find("evaluation_input");
  if (input == match.extensions().end()) return kLowest;
  // The type's name is what follows the last slash (any.proto).
  const std::string_view url = input->second.type_url();
  if (url.substr(url.rfind('/') + 1) != "openmatch.DefaultEvaluationCriteria") return std::nullopt;
  wire::DefaultEvaluationCriteria criteria;
  if (!criteria.ParseFromString(input->second.value())) return std::nullopt;
  return criteria.score();
}

std::vector<std::size_t> Evaluate(std::span<const serialised::Match* const> proposals) {
  std::vector<Candidate> candidates;
  candidates.reserve(proposals.size());
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    if (const auto score = ScoreOf(*proposals[i])) candidates.push_back({*score, i});
  }
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (std::isnan(a.score) || std::isnan(b.score))
      return !std::isnan(a.score) && std::isnan(b.score);
    return a.score > b.score;
  });
  Used used;
  std::vector<std::size_t> accepted;
  for (const Candidate& candidate : candidates) {
    if (used.Take(*proposals[candidate.index])) accepted.push_back(candidate.index);
  }
  return accepted;
}

}  // namespace gsh::sandbox
