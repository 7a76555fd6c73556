// Evaluate: Open Match's default evaluator (open-match v1.8: internal/app/evaluator/defaulteval).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "src/proto/openmatch.h"

namespace gsh::sandbox {

// The score that extensions["evaluation_input"] carries; minus infinity without that key, nothing
// if it holds another type or broken bytes.
std::optional<double> ScoreOf(const wire_openmatch::Match& match);

// The indices of the accepted proposals, best score first. Equal scores keep their order (the real
// evaluator leaves it open), NaN sorts last. A proposal that shares a ticket or a backfill id with
// an accepted one is dropped, and so is one whose score cannot be read.
std::vector<std::size_t> Evaluate(std::span<const wire_openmatch::Match* const> proposals);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_EVALUATOR_H_
