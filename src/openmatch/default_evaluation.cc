#include "src/openmatch/default_evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gsh/openmatch/evaluator.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

Status EvaluateByScore(const EvaluationRequest& request, const AcceptMatch& accept) {
  std::vector<std::optional<double>> scores;
  scores.reserve(request.proposals.size());
  for (const Match& proposal : request.proposals) scores.push_back(EvaluationScore(proposal));
  for (const std::size_t i : ByScore(scores)) {
    if (request.stop.stop_requested()) return CancelledError("nobody waits for the matches");
    accept(request.proposals[i].id);  // which refuses what collides
  }
  return OkStatus();
}

}  // namespace

std::optional<double> ReadEvaluationScore(std::string_view type_url, const std::string& value) {
  // The type's name is what follows the last slash (any.proto).
  const std::string_view name = type_url.substr(type_url.rfind('/') + 1);
  if (name != "openmatch.DefaultEvaluationCriteria") return std::nullopt;
  wire_openmatch::DefaultEvaluationCriteria criteria;
  if (!criteria.ParseFromString(value)) return std::nullopt;
  return criteria.score();
}

std::optional<double> EvaluationScore(const Match& match) {
  const auto input = match.extensions.find(kEvaluationInput);
  if (input == match.extensions.end()) return -std::numeric_limits<double>::infinity();
  return ReadEvaluationScore(input->second.type_url, input->second.value);
}

bool UsedTickets::Take(std::span<const std::string_view> tickets, std::string_view backfill) {
  const std::string id(backfill);
  if (!id.empty() && backfills_.contains(id)) return false;
  for (const std::string_view ticket : tickets) {
    if (tickets_.contains(ticket)) return false;
  }
  if (!id.empty()) backfills_.insert(id);
  tickets_.insert(tickets.begin(), tickets.end());
  return true;
}

std::vector<std::size_t> ByScore(std::span<const std::optional<double>> scores) {
  std::vector<std::size_t> order;
  order.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i]) order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
    const double a = *scores[i];
    const double b = *scores[j];
    if (a > b || a < b) return a > b;
    if (std::isnan(a) != std::isnan(b)) return std::isnan(b);
    return i < j;
  });
  return order;
}

Evaluator MakeDefaultEvaluator() { return EvaluateByScore; }

}  // namespace gsh::openmatch
