#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "gsh/mmf/run_log.h"
#include "src/core/json_number.h"
#include "src/mmf/proposal.h"

namespace gsh::mmf {
namespace {

using Json = nlohmann::ordered_json;
using internal::JsonNumber;  // null for what is not known or not bounded
using matcher::Unmatched;

std::string Seconds(float seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f s", static_cast<double>(seconds));
  return text;
}

std::string WhenItWidens(const TicketRun& run) {
  if (!std::isfinite(run.widens_at_s)) return "its limits will widen";
  if (run.widens_at_s <= run.wait_s) return "its limits widen all the time";
  std::string text = "its limits widen when it has waited " + Seconds(run.widens_at_s);
  if (!std::isnan(run.wait_s)) text += ", in " + Seconds(run.widens_at_s - run.wait_s);
  return text;
}

std::string InWords(const TicketRun& run) {
  switch (run.reason) {
    case Unmatched::kMatched:
      return run.backfill.empty() ? "proposed in a new match" : "proposed for a running match";
    case Unmatched::kUnreachable:
      return "no region of the rules has a usable latency";
    case Unmatched::kOutsideBands:
      return "every usable latency lies outside the bands";
    case Unmatched::kNotEnoughNeighbours:
      return "too few tickets were left that it may play with";
    case Unmatched::kRefused:
      return run.refusal.empty() ? "not looked at" : "not looked at: " + run.refusal;
    case Unmatched::kOverLimit:
      return "no region's limits let it in, however long it waits";
    case Unmatched::kWaitsForWidening:
      return WhenItWidens(run);
    case Unmatched::kPartyTooLarge:
      return "its party of " + std::to_string(run.party_size) +
             " has more players than a team has places";
    case Unmatched::kNoSuchTeam:
      return "it must be on a team that the rules do not have";
  }
  return "";
}

Json MatchJson(const TicketRun& run) {
  Json match;
  match["id"] = run.match_id;
  match["region"] = run.region;
  match["band_ms"] = {JsonNumber(run.band_min_ms), JsonNumber(run.band_max_ms)};
  if (!run.team.empty()) match["team"] = run.team;
  if (!run.backfill.empty()) match["backfill"] = run.backfill;
  return match;
}

Json RegionsJson(const TicketRun& run) {
  Json regions = Json::object();
  for (const TicketRun::Region& region : run.regions) {
    regions[region.name]["latency_ms"] = JsonNumber(region.latency_ms);
    regions[region.name]["limit_ms"] = JsonNumber(region.limit_ms);
  }
  return regions;
}

Json RunJson(const TicketRun& run, WallTime now) {
  Json json;
  json["profile"] = run.profile;
  json["when"] = MatchTime(run.when) + "Z";
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - run.when);
  json["age_ms"] = age.count();
  json["reason"] = UnmatchedName(run.reason);
  json["explanation"] = InWords(run);
  if (run.reason == Unmatched::kMatched) json["match"] = MatchJson(run);
  json["party_size"] = run.party_size;
  json["wait_s"] = JsonNumber(run.wait_s);
  json["widens_at_s"] = JsonNumber(run.widens_at_s);
  json["regions"] = RegionsJson(run);
  return json;
}

}  // namespace

std::string ExplainJson(std::string_view ticket, const std::vector<TicketRun>& runs, WallTime now) {
  Json json;
  json["ticket"] = ticket;
  json["runs"] = Json::array();
  for (const TicketRun& run : runs) json["runs"].push_back(RunJson(run, now));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gsh::mmf
