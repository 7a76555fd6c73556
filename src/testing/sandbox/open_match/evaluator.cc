#include "src/testing/sandbox/open_match/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_set>

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

constexpr double kLowest = -std::numeric_limits<double>::infinity();

struct Candidate {
  double score;
  std::size_t index;
};

// The tickets and backfills that accepted proposals use.
class Used {
 public:
  // False, and nothing taken, if any of the proposal's are in use.
  bool Take(const wire::Match& proposal) {
    const std::string_view backfill = proposal.backfill().id();  // empty: none, or a new one
    if (!backfill.empty() && backfills_.contains(backfill)) return false;
    for (const wire::Ticket& ticket : proposal.tickets()) {
      if (tickets_.contains(ticket.id())) return false;
    }
    if (!backfill.empty()) backfills_.insert(backfill);
    for (const wire::Ticket& ticket : proposal.tickets()) tickets_.insert(ticket.id());
    return true;
  }

 private:
  std::unordered_set<std::string_view> tickets_;
  std::unordered_set<std::string_view> backfills_;
};

}  // namespace

std::optional<double> ScoreOf(const wire::Match& match) {
  const auto input = match.extensions().find("evaluation_input");
  if (input == match.extensions().end()) return kLowest;
  // The type's name is what follows the last slash (any.proto).
  const std::string_view url = input->second.type_url();
  if (url.substr(url.rfind('/') + 1) != "openmatch.DefaultEvaluationCriteria") return std::nullopt;
  wire::DefaultEvaluationCriteria criteria;
  if (!criteria.ParseFromString(input->second.value())) return std::nullopt;
  return criteria.score();
}

std::vector<std::size_t> Evaluate(std::span<const wire::Match* const> proposals) {
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
