#include "src/director/profiles.h"

#include <array>
#include <charconv>
#include <cstddef>

#include "gsh/any.h"

namespace gsh::director {
namespace {

// The shortest text that reads back as the same number, as JSON writes it.
std::string Number(double value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

// The sample's text form of a range filter.
std::string FilterText(const std::string& region, const matcher::Band& band) {
  std::string text = "double_arg:\"latency-" + region + "\"";
  if (band.max_ms != 0) text += " max:" + band.typed_max;
  if (band.min_ms != 0) text += " min:" + band.typed_min;
  return text;
}

openmatch::Pool SessionPool(std::string name, const ProfileSpec& spec, WallTime now) {
  openmatch::Pool pool{.name = std::move(name), .tags_present = {kSessionTag}};
  if (spec.max_ticket_age.count() > 0) pool.created_after = now - spec.max_ticket_age;
  return pool;
}

bool EndsWhereNextBegins(const matcher::Bands& bands, std::size_t i) {
  return i + 1 < bands.bands.size() && bands.bands[i].max_ms == bands.bands[i + 1].min_ms;
}

openmatch::MatchProfile BandProfile(const ProfileSpec& spec, const std::string& region,
                                    std::size_t i, WallTime now) {
  const matcher::Band& band = spec.bands.bands[i];
  openmatch::Pool pool = SessionPool("pool_mode_" + FilterText(region, band), spec, now);
  // A bound that two bands share belongs to the later one.
  const openmatch::Exclude exclude =
      EndsWhereNextBegins(spec.bands, i) ? openmatch::Exclude::kMax : openmatch::Exclude::kNone;
  pool.double_range_filters.push_back({.double_arg = "latency-" + region,
                                       .max = band.max_ms,
                                       .min = band.min_ms,
                                       .exclude = exclude});
  return {.name = BandProfileName(region, band), .pools = {std::move(pool)}};
}

}  // namespace

std::string BandProfileName(const std::string& region, const matcher::Band& band) {
  return "profile_" + FilterText(region, band);
}

std::vector<openmatch::MatchProfile> BandProfiles(const ProfileSpec& spec, WallTime now) {
  std::vector<openmatch::MatchProfile> profiles;
  profiles.reserve(spec.regions.size() * spec.bands.bands.size());
  for (const std::string& region : spec.regions) {
    for (std::size_t i = 0; i < spec.bands.bands.size(); ++i) {
      profiles.push_back(BandProfile(spec, region, i, now));
    }
  }
  return profiles;
}

openmatch::MatchProfile JointProfile(const ProfileSpec& spec, WallTime now) {
  openmatch::MatchProfile profile{.name = kJointProfile, .pools = {SessionPool("all", spec, now)}};
  profile.extensions[kRulesExtension] = AnyString(JointRules(spec));
  return profile;
}

std::string JointRules(const ProfileSpec& spec) {
  std::string json = "{\"version\":1,\"regions\":[";
  for (const std::string& region : spec.regions) {
    if (json.back() != '[') json += ",";
    json += "\"" + region + "\"";  // regions are label values (CheckOptions): nothing to escape
  }
  json += "],\"bands\":[";
  for (const matcher::Band& band : spec.bands.bands) json += Number(band.min_ms) + ",";
  if (!spec.bands.bands.empty()) json += Number(spec.bands.bands.back().max_ms);
  return json + "]}";
}

bool HasGap(const matcher::Bands& bands) {
  for (std::size_t i = 0; i + 1 < bands.bands.size(); ++i) {
    if (!EndsWhereNextBegins(bands, i)) return true;
  }
  return false;
}

}  // namespace gsh::director
