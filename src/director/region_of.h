// In which regions a match can be played.
#ifndef GSH_SRC_DIRECTOR_REGION_OF_H_
#define GSH_SRC_DIRECTOR_REGION_OF_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/matcher/bands.h"
#include "gsh/openmatch/types.h"

namespace gsh::director {

// True for a value that Kubernetes takes for a label and that is not empty (63 characters).
bool IsLabelValue(std::string_view text);

// The region that the match function put on the match, if it did.
std::optional<std::string> ExplicitRegion(const openmatch::Match& match);

// The longest of `regions` that stands as a word of its own in `text`: match ids and profile names
// of match functions that know no gsh.region carry it.
std::optional<std::string> RegionIn(std::string_view text, const std::vector<std::string>& regions);

// Those of `regions` to which every ticket has a latency within the bands, lowest mean first.
std::vector<std::string> ReachableRegions(const openmatch::Match& match,
                                          const std::vector<std::string>& regions,
                                          const matcher::Bands& bands);

// Where to look for a server, best first: the match's own region (explicit, or named by its profile
// or id), then its players' next best ones. Empty if nothing says where.
std::vector<std::string> RegionsToTry(const openmatch::Match& match,
                                      const std::vector<std::string>& regions,
                                      const matcher::Bands& bands);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_REGION_OF_H_
