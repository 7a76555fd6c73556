// What a director writes on the game server that it allocates, and the game server reads: which
// match it is for.
#ifndef GSH_AGONES_MATCH_ANNOTATION_H_
#define GSH_AGONES_MATCH_ANNOTATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/export.h"

namespace gsh::agones {

// The match that a director allocated this server for.
struct MatchInfo {
  std::string id = {};
  std::string region = {};
  std::vector<std::string> ticket_ids = {};  // may be cut short: see roster_complete
  bool roster_complete = true;
  // The backfill that the match function made for the match's open seats; empty: none. The server
  // acknowledges it (openmatch::BackfillKeeper).
  std::string backfill_id = {};
};

inline constexpr char kMatchAnnotation[] = "gsh.dev/match";  // the match's id
inline constexpr char kRosterAnnotation[] =
    "gsh.dev/roster";  // JSON: region, tickets, complete, backfill
// A label: which allocation a server belongs to, new for each.
inline constexpr char kAllocationLabel[] = "gsh.dev/allocation";
// "true": the director has no use for the server any more. Each allocation sets it to "false".
inline constexpr char kReleaseAnnotation[] = "gsh.dev/release";

// The annotations that say it. Tickets are left off the end, and roster_complete becomes false,
// until the roster's text has no more than `max_roster_bytes` (all annotations of a Kubernetes
// object together have 256 KiB).
GSH_EXPORT Labels EncodeMatch(const MatchInfo& match,
                              std::size_t max_roster_bytes = std::size_t{16} << 10);

}  // namespace gsh::agones

#endif  // GSH_AGONES_MATCH_ANNOTATION_H_
