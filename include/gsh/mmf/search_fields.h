// Names of the search fields that the match function reads from tickets. docs/mmf.md has a table.
#ifndef GSH_MMF_SEARCH_FIELDS_H_
#define GSH_MMF_SEARCH_FIELDS_H_

namespace gsh::mmf {

// Double args. A party is one ticket; its latency is its worst member's.
inline constexpr char kLatencyPrefix[] = "latency-";  // latency-<region>: milliseconds
// mean-latency-<region>: of the party's members; latency-<region> where it is missing.
inline constexpr char kMeanLatencyPrefix[] = "mean-latency-";
inline constexpr char kPartySizeArg[] = "party-size";  // players: a whole number from 1; missing: 1
inline constexpr int kMaxPartySize = 65'535;
inline constexpr char kSkillArg[] = "skill";  // mean of the party's players, any scale; missing: 0

// String args. Rules' equal_attributes name further ones.
inline constexpr char kTeamArg[] = "team";  // number of the team, from 0; missing: any

}  // namespace gsh::mmf

#endif  // GSH_MMF_SEARCH_FIELDS_H_
