// The profiles that the director asks for.
#ifndef GSH_SRC_DIRECTOR_PROFILES_H_
#define GSH_SRC_DIRECTOR_PROFILES_H_

#include <chrono>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/matcher/bands.h"
#include "gsh/openmatch/types.h"

namespace gsh::director {

// Keys of extensions, each an Any(google.protobuf.StringValue), that the match function shares.
inline constexpr char kRulesExtension[] = "gsh.rules";    // profile: rules as JSON
inline constexpr char kRegionExtension[] = "gsh.region";  // match: where to allocate

inline constexpr char kSessionTag[] = "mode.session";
inline constexpr char kJointProfile[] = "joint";

struct ProfileSpec {
  std::vector<std::string> regions = {};
  matcher::Bands bands = {};
  std::chrono::seconds max_ticket_age{0};  // 0: none
};

// `profile_double_arg:"latency-<region>" max:<max> min:<min>`, bounds as typed, a min of zero left
// out: the text form of the sample's filter, with the single spaces that its own documents show.
std::string BandProfileName(const std::string& region, const matcher::Band& band);

// One profile for each region and band, with one pool whose range ends where the next one begins.
std::vector<openmatch::MatchProfile> BandProfiles(const ProfileSpec& spec, WallTime now);

// One profile for all: the match function chooses among the regions by the rules that travel along.
openmatch::MatchProfile JointProfile(const ProfileSpec& spec, WallTime now);

// {"version":1,"regions":[...],"bands":[...]}
std::string JointRules(const ProfileSpec& spec);

// Rules have bounds, each band ending where the next begins: a list with a gap cannot be said so.
bool HasGap(const matcher::Bands& bands);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_PROFILES_H_
