#include "src/matchsim/scenario.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "src/matchsim/json_reader.h"

namespace gsh::matchsim {
namespace {

using Json = nlohmann::ordered_json;

Status Unknown() { return NotFoundError(""); }

Status ReadWeights(const JsonValue& value, std::map<std::string, double>& weights) {
  weights.clear();
  return value.ReadObject(
      [&](const std::string& name, const JsonValue& weight) { return weight.Read(weights[name]); });
}

Status ReadPartySizes(const JsonValue& value, std::vector<double>& sizes) {
  sizes.clear();
  return value.ReadArray(
      [&](const JsonValue& weight) { return weight.Read(sizes.emplace_back()); });
}

Status ReadAttributes(const JsonValue& value,
                      std::map<std::string, std::map<std::string, double>>& attributes) {
  attributes.clear();
  return value.ReadObject([&](const std::string& name, const JsonValue& weights) {
    return ReadWeights(weights, attributes[name]);
  });
}

Status ReadSkill(const JsonValue& value, Traffic& traffic) {
  return value.ReadObject([&](const std::string& name, const JsonValue& number) {
    if (name == "mean") return number.Read(traffic.skill_mean);
    if (name == "deviation") return number.Read(traffic.skill_deviation);
    return Unknown();
  });
}

Status ReadTickets(const JsonValue& value, std::size_t& tickets) {
  std::uint64_t count = 0;
  const Status status = value.Read(count);
  tickets = count;
  return status;
}

Status ReadTraffic(const JsonValue& value, Traffic& traffic) {
  return value.ReadObject([&](const std::string& name, const JsonValue& member) {
    if (name == "tickets") return ReadTickets(member, traffic.tickets);
    if (name == "rate") return member.Read(traffic.rate);
    if (name == "areas") return ReadWeights(member, traffic.areas);
    if (name == "party_sizes") return ReadPartySizes(member, traffic.party_sizes);
    if (name == "skill") return ReadSkill(member, traffic);
    if (name == "attributes") return ReadAttributes(member, traffic.attributes);
    if (name == "whole_ms") return member.Read(traffic.whole_ms);
    return Unknown();
  });
}

// Degrees from -bound to bound.
Status ReadDegrees(const JsonValue& value, double bound, std::optional<double>& degrees) {
  double read = 0;
  if (const Status status = value.Read(read); !status.ok()) return status;
  if (!(std::abs(read) <= bound)) return value.Mistake("is not on the globe");
  degrees = read;
  return OkStatus();
}

Status ReadRegion(const JsonValue& value, Scenario& scenario) {
  RegionSite site;
  std::uint64_t servers = 0;
  std::optional<double> latitude;
  std::optional<double> longitude;
  Status status = value.ReadObject([&](const std::string& name, const JsonValue& member) {
    if (name == "name") return member.Read(site.name);
    if (name == "servers") return member.Read(servers);
    if (name == "latitude") return ReadDegrees(member, 90, latitude);
    if (name == "longitude") return ReadDegrees(member, 180, longitude);
    return Unknown();
  });
  if (!status.ok()) return status;
  if (site.name.empty()) return value.Mistake("has no name");
  if (latitude.has_value() != longitude.has_value()) {
    return value.Mistake("has only one of latitude and longitude");
  }
  if (latitude) site.place = Place{*latitude, *longitude};
  if (servers > 0) scenario.simulation.servers[site.name] = servers;
  scenario.regions.push_back(std::move(site));
  return OkStatus();
}

Status ReadRegions(const JsonValue& value, Scenario& scenario) {
  scenario.regions.clear();
  scenario.simulation.servers.clear();
  return value.ReadArray([&](const JsonValue& region) { return ReadRegion(region, scenario); });
}

Status ReadVersion(const JsonValue& value) {
  std::uint64_t version = 0;
  if (const Status status = value.Read(version); !status.ok()) return status;
  return version == 1 ? OkStatus() : value.Mistake("must be 1, which is understood here");
}

Status ReadMember(const std::string& name, const JsonValue& value, Scenario& scenario) {
  SimulationOptions& simulation = scenario.simulation;
  if (name == "version") return ReadVersion(value);
  if (name == "description") return value.Read(scenario.description);
  if (name == "seed") return value.Read(scenario.seed);
  if (name == "traffic") return ReadTraffic(value, scenario.traffic);
  if (name == "regions") return ReadRegions(value, scenario);
  if (name == "round_seconds") return value.Read(simulation.round_s);
  if (name == "patience_seconds") return value.Read(simulation.patience_s);
  if (name == "drain_seconds") return value.Read(simulation.drain_s);
  if (name == "match_seconds") return value.Read(simulation.match_s);
  if (name == "match_deviation_seconds") return value.Read(simulation.match_deviation_s);
  if (name == "sample_ranges") return value.Read(scenario.sample_ranges);
  return Unknown();
}

Json TrafficJson(const Traffic& traffic) {
  Json json;
  json["tickets"] = traffic.tickets;
  json["rate"] = traffic.rate;
  json["areas"] = traffic.areas;
  json["party_sizes"] = traffic.party_sizes;
  json["skill"] = {{"mean", traffic.skill_mean}, {"deviation", traffic.skill_deviation}};
  json["attributes"] = traffic.attributes;
  json["whole_ms"] = traffic.whole_ms;
  return json;
}

Json RegionsJson(const Scenario& scenario) {
  Json regions = Json::array();
  for (const RegionSite& site : scenario.regions) {
    Json region;
    region["name"] = site.name;
    const auto servers = scenario.simulation.servers.find(site.name);
    region["servers"] = servers == scenario.simulation.servers.end() ? 0 : servers->second;
    if (site.place) {
      region["latitude"] = site.place->latitude;
      region["longitude"] = site.place->longitude;
    }
    regions.push_back(std::move(region));
  }
  return regions;
}

}  // namespace

StatusOr<Scenario> ScenarioFromJson(std::string_view json) {
  const StatusOr<nlohmann::json> parsed = ParseJson(json);
  if (!parsed.ok()) return parsed.status();
  Scenario scenario;
  const Status status =
      JsonValue(*parsed, "$").ReadObject([&](const std::string& name, const JsonValue& value) {
        return ReadMember(name, value, scenario);
      });
  if (!status.ok()) return status;
  return scenario;
}

std::string ScenarioToJson(const Scenario& scenario) {
  Json json;
  json["version"] = 1;
  json["description"] = scenario.description;
  json["seed"] = scenario.seed;
  json["traffic"] = TrafficJson(scenario.traffic);
  json["regions"] = RegionsJson(scenario);
  json["round_seconds"] = scenario.simulation.round_s;
  json["patience_seconds"] = scenario.simulation.patience_s;
  json["drain_seconds"] = scenario.simulation.drain_s;
  json["match_seconds"] = scenario.simulation.match_s;
  json["match_deviation_seconds"] = scenario.simulation.match_deviation_s;
  json["sample_ranges"] = scenario.sample_ranges;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gsh::matchsim
