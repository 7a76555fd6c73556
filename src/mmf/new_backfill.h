// The backfill of a new match that is not full.
#ifndef GSH_SRC_MMF_NEW_BACKFILL_H_
#define GSH_SRC_MMF_NEW_BACKFILL_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/rules.h"
#include "gsh/openmatch/types.h"
#include "src/mmf/columns.h"
#include "src/mmf/running_matches.h"

namespace gsh::mmf {

// The ticket's string args of these names; those that it lacks are left out.
GSH_EXPORT std::map<std::string, std::string> AttributesOf(const Columns::Source& ticket,
                                                           const std::vector<std::string>& names);

// Its search fields pass the filters of the profile's pools (where these contradict each other,
// those of the first), so that the next runs see it; `attributes` are what the match has in common.
// It says the seats that `members` leave open in each team, and their latencies.
GSH_EXPORT openmatch::Backfill NewBackfill(const openmatch::MatchProfile& profile,
                                           const matcher::Rules& rules, std::size_t region,
                                           std::span<const Joining> members,
                                           std::map<std::string, std::string> attributes);

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_NEW_BACKFILL_H_
