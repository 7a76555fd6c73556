// Evaluate: Open Match's default evaluator (open-match v1.8: internal/app/evaluator/defaulteval).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/proto/serialised.h"

namespace gsh::sandbox {

// The ids of the match's tickets, valid as long as it. An unreadable ticket has an empty one.
std::vector<std::string_view> TicketIds(const serialised::Match& match);

// The score that extensions["evaluation_input"] carries; minus infinity without that key, nothing
// if it holds another type or broken bytes.
std::optional<double> ScoreOf(const serialised::Match& match);

// What the evaluator wants to know of a proposal, read where it comes in rather than when all have
// come and everybody waits. Valid as long as the match.
struct Candidate {
  std::optional<double> score = {};
  std::vector<std::string_view> tickets = {};
  std::string backfill = {};  // empty: none, or a new one
};
Candidate ReadCandidate(const serialised::Match& match);

// The indices of the accepted proposals, best score first. Equal scores keep their order (the real
// evaluator leaves it open), NaN sorts last. A proposal that shares a ticket or a backfill id with
// an accepted one is dropped, and so is one whose score cannot be read.
std::vector<std::size_t> Evaluate(std::span<const Candidate> candidates);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_
