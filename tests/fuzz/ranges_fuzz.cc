// -ranges and -regions of the director: what it takes, the match function must take too.
#include <cmath>
#include <string>

#include "gsh/matcher/bands.h"
#include "gsh/matcher/rules_json.h"
#include "src/director/profiles.h"
#include "src/director/region_of.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

void CheckBands(const matcher::Bands& bands) {
  Require(!bands.bands.empty(), "at least one band");
  for (std::size_t i = 0; i < bands.bands.size(); ++i) {
    const matcher::Band& band = bands.bands[i];
    Require(std::isfinite(band.min_ms) && band.min_ms >= 0, "bands begin at 0 or above");
    Require(std::isfinite(band.max_ms) && band.min_ms < band.max_ms, "a band is not empty");
    if (i > 0) Require(bands.bands[i - 1].max_ms <= band.min_ms, "bands do not overlap");
  }
}

void CheckProfiles(const director::ProfileSpec& spec) {
  const auto profiles = director::BandProfiles(spec, WallTime{});
  Require(profiles.size() == spec.regions.size() * spec.bands.bands.size(), "one profile a band");
  for (const openmatch::MatchProfile& profile : profiles) {
    Require(profile.pools.size() == 1, "one pool a profile");
    Require(director::RegionIn(profile.name, spec.regions).has_value(), "names tell the region");
  }
}

void CheckJointRules(const director::ProfileSpec& spec) {
  if (director::HasGap(spec.bands)) return;
  const auto rules = matcher::RulesFromJson(director::JointRules(spec));
  Require(rules.ok(), "the match function reads the director's rules");
  Require(matcher::CheckRules(*rules).ok(), "the matcher takes the director's rules");
  Require(rules->band_bounds_ms.size() == spec.bands.bands.size() + 1, "no band is lost");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const std::string region = input.TakeWord();
  const auto bands = gsh::matcher::ParseBands(input.Rest());
  if (!bands.ok()) {
    gsh::fuzz::Require(!bands.status().message().empty(), "an error says what is wrong");
    return 0;
  }
  gsh::CheckBands(*bands);
  if (!gsh::director::IsLabelValue(region)) return 0;
  const gsh::director::ProfileSpec spec{.regions = {region}, .bands = *bands};
  gsh::CheckProfiles(spec);
  gsh::CheckJointRules(spec);
  return 0;
}
