// Latency ranges as the samples write them ("0-24,25-49,50-74,74-99,100-9999"), as bands without
// gap or overlap.
#ifndef GSH_MATCHER_BANDS_H_
#define GSH_MATCHER_BANDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::matcher {

// One band, [min, max), the last of a list [min, max].
struct Band {
  double min_ms = 0;
  double max_ms = 0;  // where the band really ends: the next band's min when that is at most 1 away
  std::string typed_min = {};  // as typed, for names that people's dashboards know
  std::string typed_max = {};

  friend bool operator==(const Band&, const Band&) = default;
};

struct Bands {
  std::vector<Band> bands = {};
  std::vector<std::string> warnings =
      {};  // one for each gap wider than 1, naming the lost interval
};

// "a-b" followed by "c-d" with c - b at most 1 means [a, c); a bound that two bands share belongs
// to the later one; a wider gap is a warning. InvalidArgument, naming the item, for "25-", "9-3",
// "a-b", negative or non-finite numbers, ranges that are not in rising order, overlaps wider than
// one bound, and bounds that the matcher's floats cannot hold or tell apart.
GSH_EXPORT StatusOr<Bands> ParseBands(std::string_view text);

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_BANDS_H_
