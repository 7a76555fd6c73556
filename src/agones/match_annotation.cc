#include "gsh/agones/match_annotation.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "gsh/agones/game_server_sdk.h"
#include "src/core/json_text.h"

namespace gsh::agones {
namespace {

using Json = nlohmann::json;

// No annotation can be longer: Kubernetes' limit for all of an object's annotations together.
constexpr std::size_t kMaxAnnotationBytes = std::size_t{256} << 10;

// The texts are JSON; an empty backfill is left out.
std::string RosterJson(bool complete, const std::string& region, const std::string& backfill,
                       const std::string& tickets) {
  std::string json = "{\"complete\":";
  json.append(complete ? "true" : "false").append(",\"region\":").append(region);
  if (!backfill.empty()) json.append(",\"backfill\":").append(backfill);
  return json.append(",\"tickets\":[").append(tickets).append("]}");
}

// Fills in what the roster says; one that makes no sense is an incomplete one, not an error, for
// the match is known without it.
void ReadRoster(const std::string& text, MatchInfo& match) {
  match.roster_complete = false;
  if (text.size() > kMaxAnnotationBytes) return;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return;
  if (const auto region = json.find("region"); region != json.end() && region->is_string()) {
    match.region = region->get<std::string>();
  }
  if (const auto backfill = json.find("backfill");
      backfill != json.end() && backfill->is_string()) {
    match.backfill_id = backfill->get<std::string>();
  }
  const auto tickets = json.find("tickets");
  if (tickets == json.end() || !tickets->is_array()) return;
  bool all_read = true;
  for (const Json& ticket : *tickets) {
    if (ticket.is_string()) {
      match.ticket_ids.push_back(ticket.get<std::string>());
    } else {
      all_read = false;
    }
  }
  const auto complete = json.find("complete");
  match.roster_complete =
      all_read && complete != json.end() && complete->is_boolean() && complete->get<bool>();
}

}  // namespace

// A director encodes every match: put together by hand, which is several times as fast.
Labels EncodeMatch(const MatchInfo& match, std::size_t max_roster_bytes) {
  const std::string region = internal::JsonText(match.region);
  const std::string backfill =
      match.backfill_id.empty() ? "" : internal::JsonText(match.backfill_id);
  std::size_t bytes = RosterJson(false, region, backfill, "").size();  // with the longer "false"
  std::string tickets;
  bool complete = match.roster_complete;
  for (const std::string& id : match.ticket_ids) {
    const std::string text = internal::JsonText(id);
    if (bytes + text.size() + 1 > max_roster_bytes) {  // and a comma
      complete = false;
      break;
    }
    bytes += text.size() + 1;
    if (!tickets.empty()) tickets += ',';
    tickets += text;
  }
  return {{kMatchAnnotation, match.id},
          {kRosterAnnotation, RosterJson(complete, region, backfill, tickets)}};
}

std::optional<MatchInfo> MatchOf(const GameServer& game_server) {
  const auto id = game_server.annotations.find(kMatchAnnotation);
  if (id == game_server.annotations.end() || id->second.empty()) return std::nullopt;
  MatchInfo match{.id = id->second, .roster_complete = false};
  if (const auto roster = game_server.annotations.find(kRosterAnnotation);
      roster != game_server.annotations.end()) {
    ReadRoster(roster->second, match);
  }
  return match;
}

}  // namespace gsh::agones
