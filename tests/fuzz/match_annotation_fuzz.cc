// What a game server reads off its annotations, which anybody in the cluster may have written.
#include "gsh/agones/game_server_sdk.h"
#include "gsh/agones/match_annotation.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using agones::MatchInfo;
using fuzz::Require;

agones::GameServer With(agones::Labels annotations) {
  return {.annotations = std::move(annotations)};
}

void CheckAgain(const MatchInfo& match, std::size_t max_roster_bytes) {
  const agones::Labels labels = agones::EncodeMatch(match, max_roster_bytes);
  const auto again = agones::MatchOf(With(labels));
  Require(again.has_value(), "what was read can be written");
  Require(again->id == match.id && again->region == match.region &&
              again->backfill_id == match.backfill_id,
          "id, region and backfill stay");
  Require(again->ticket_ids.size() <= match.ticket_ids.size(), "nobody joins the roster");
  for (std::size_t i = 0; i < again->ticket_ids.size(); ++i) {
    Require(again->ticket_ids[i] == match.ticket_ids[i], "tickets stay, in order");
  }
  const bool whole = again->ticket_ids.size() == match.ticket_ids.size();
  Require(again->roster_complete == (match.roster_complete && whole), "a cut roster says so");
  const std::size_t bytes = labels.at(agones::kRosterAnnotation).size();
  const std::size_t bare =
      agones::EncodeMatch(
          {.id = match.id, .region = match.region, .backfill_id = match.backfill_id}, 0)
          .at(agones::kRosterAnnotation)
          .size();
  Require(bytes <= std::max(max_roster_bytes, bare + 1), "a roster is bounded");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const std::size_t max_roster_bytes = input.Take<std::uint16_t>();
  const std::string id = input.TakeWord();
  const std::string roster(input.Rest());
  const auto match = gsh::agones::MatchOf(
      gsh::With({{gsh::agones::kMatchAnnotation, id}, {gsh::agones::kRosterAnnotation, roster}}));
  gsh::fuzz::Require(match.has_value() == !id.empty(), "an id is what makes a match");
  if (match) gsh::CheckAgain(*match, max_roster_bytes);
  return 0;
}
