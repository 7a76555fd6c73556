// The sample's match function behind Open Match's default evaluator: the baseline that one replaces
// with libgsh. One profile for each region and range, each matched by itself; what the profiles
// propose twice, the evaluator throws away.
#ifndef GSH_SRC_MATCHSIM_SAMPLE_MATCHER_H_
#define GSH_SRC_MATCHSIM_SAMPLE_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"
#include "src/matchsim/round_matcher.h"

namespace gsh::matchsim {

// The sample director's default.
inline constexpr std::string_view kSampleRanges = "0-24,25-49,50-74,74-99,100-9999";

struct SampleMatcherOptions {
  std::vector<std::string> regions = {};
  std::string ranges = std::string(kSampleRanges);  // as its director's -ranges
  int match_size = 4;
  // False: as it is. A pool's tickets come in the order in which the query service walks a Go map,
  // a new random one for each query, and stay in it, as the sort key (the latency to a region that
  // no ticket names) is 0 for all; the sum of latencies is not set back between matches, so that a
  // profile's n-th match gets about 1/n of its score; ranges include both bounds, so that 24.5 is
  // in none and 74 in two.
  // True: sorted by latency, each match scored 1000 / its mean, ranges without gap or overlap.
  bool corrected = false;
  std::uint64_t seed = 1;  // of the map's order
};

// InvalidArgument for bad ranges, no regions and match sizes below 1. Tickets of several players
// are refused at the match: the sample knows none.
StatusOr<std::unique_ptr<RoundMatcher>> MakeSampleMatcher(SampleMatcherOptions options);

// The default evaluator: indices of the accepted proposals, highest score first, without those that
// share a ticket with one before it. Of equal scores the first comes first.
struct Proposal {
  double score = 0;
  std::uint32_t region = 0;
  std::vector<std::uint32_t> tickets = {};
};
std::vector<std::size_t> Evaluate(const std::vector<Proposal>& proposals, std::size_t tickets);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_SAMPLE_MATCHER_H_
