// What Open Match's default evaluator chooses (open-match v1.8:
// internal/app/evaluator/defaulteval), for our evaluator and for the sandbox's.
#ifndef GSH_SRC_OPENMATCH_DEFAULT_EVALUATION_H_
#define GSH_SRC_OPENMATCH_DEFAULT_EVALUATION_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "gsh/export.h"

namespace gsh::openmatch {

inline constexpr char kEvaluationInput[] = "evaluation_input";

// Of an extension evaluation_input; nothing if it is of another type or its bytes are broken.
GSH_EXPORT std::optional<double> ReadEvaluationScore(std::string_view type_url,
                                                     const std::string& value);

// The tickets and backfills that accepted proposals use. What is given to it must outlive it.
class GSH_EXPORT UsedTickets {
 public:
  explicit UsedTickets(std::size_t expected = 0) { tickets_.reserve(expected); }

  // False, and nothing taken, if any of them is in use. An empty backfill is none, or a new one.
  bool Take(std::span<const std::string_view> tickets, std::string_view backfill);

 private:
  std::unordered_set<std::string_view> tickets_;
  std::unordered_set<std::string> backfills_;
};

// Indices of `scores`, the best first, NaN last; equal ones keep their order. Those without a score
// are left out.
GSH_EXPORT std::vector<std::size_t> ByScore(std::span<const std::optional<double>> scores);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_DEFAULT_EVALUATION_H_
