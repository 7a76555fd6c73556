// The profile's gsh.rules and gsh-mmf's --rules file: what is read is usable, and is written back
// as the same.
#include "gsh/any.h"
#include "gsh/matcher/rules_json.h"
#include "gsh/mmf/latency_match_function.h"
#include "src/mmf/profile_rules.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

void CheckProfile(std::string_view json) {
  openmatch::MatchProfile profile{.name = "p"};
  profile.extensions[mmf::kRulesExtension] = AnyString(json);
  const auto rules = mmf::RulesOf(profile, {});
  if (rules.ok()) {
    Require(matcher::CheckRules(*rules).ok(), "a profile's rules are fit for the matcher");
  } else {
    Require(rules.status().message().starts_with("profile p"), "errors name the profile");
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json = gsh::fuzz::TextOf(data, size);
  gsh::CheckProfile(json);
  const auto rules = gsh::matcher::RulesFromJson(json);
  if (!rules.ok()) {
    gsh::fuzz::Require(rules.status().code() == gsh::StatusCode::kInvalidArgument, "bad input");
    gsh::fuzz::Require(rules.status().message().starts_with('$'), "errors give the JSON path");
    return 0;
  }
  if (rules->regions.empty() || rules->band_bounds_ms.empty()) return 0;  // left to the defaults
  gsh::fuzz::Require(gsh::matcher::CheckRules(*rules).ok(), "what is read is right");
  const auto again = gsh::matcher::RulesFromJson(gsh::matcher::RulesToJson(*rules));
  gsh::fuzz::Require(again.ok() && *rules == *again, "rules survive being written");
  return 0;
}
