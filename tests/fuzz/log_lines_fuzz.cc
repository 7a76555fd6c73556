// A profile of a game server's log, and the log.
#include <string>
#include <string_view>

#include "src/server_wrapper/line_matcher.h"
#include "src/server_wrapper/line_splitter.h"
#include "src/server_wrapper/roster.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::server_wrapper {
namespace {

using fuzz::Require;

void Follow(const Profile& profile, std::string_view log) {
  const auto matcher = LineMatcher::Make(profile);
  Require(matcher.ok(), "a profile that was read can be used");
  Roster roster;
  LineSplitter lines([&](std::string_view line) {
    Require(line.size() <= LineSplitter::kMaxLine, "lines are bounded");
    std::size_t before = roster.size();
    for (const RosterChange& change : roster.Apply(matcher->Match(line))) {
      before = change.joined ? before + 1 : before - 1;
      Require(change.remaining == before, "changes come one after the other");
      Require(!change.player.empty(), "everybody has a name");
    }
    Require(roster.size() == before && before <= Roster::kMaxPlayers, "nobody is forgotten");
  });
  lines.Add(log);
  lines.End();
}

}  // namespace
}  // namespace gsh::server_wrapper

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gsh::server_wrapper;  // NOLINT
  gsh::fuzz::Input input(data, size);
  const std::string text = input.TakeWord();
  for (const std::string& name : BuiltInProfiles()) Follow(*LoadProfile(name), input.Rest());
  if (const auto profile = ParseProfile(text, "p"); profile.ok()) Follow(*profile, input.Rest());
  return 0;
}
