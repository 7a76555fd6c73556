#include "src/matchsim/generator.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "src/matchsim/chance.h"
#include "src/matchsim/latency_model.h"

namespace gsh::matchsim {
namespace {

// Each draws numbers of its own.
enum Subject : std::uint64_t {
  kTimes,
  kCity,
  kLastMile,
  kParty,
  kSkill,
  kKey,
  kAttribute,
  kPath = 1000
};

constexpr double kMaxWeight = 1e9;  // and rate, so that sums of them stay finite
constexpr double kMaxSkill = 1e8;   // and deviation: what is drawn has a place in a file of tickets

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

bool IsWeight(double weight) { return weight >= 0 && weight <= kMaxWeight; }

// A file of tickets has no room for it.
bool HasLineBreak(std::string_view text) { return text.find('\n') != std::string_view::npos; }

StatusOr<std::vector<double>> CityWeights(const std::map<std::string, double>& areas) {
  const std::vector<std::string_view> known = Areas();
  for (const auto& [area, weight] : areas) {
    if (std::ranges::find(known, area) == known.end()) {
      return InvalidArgumentError("areas: \"" + area + "\" is none of " + Joined(known));
    }
    if (!IsWeight(weight))
      return InvalidArgumentError("areas: " + area + ": no weight from 0 to 1e9");
  }
  std::vector<double> weights;
  double sum = 0;
  for (const City& city : Cities()) {
    const auto area = areas.find(std::string(city.area));
    const double factor = areas.empty() ? 1 : area == areas.end() ? 0 : area->second;
    sum += weights.emplace_back(city.millions * factor);
  }
  if (sum <= 0) return InvalidArgumentError("areas: no area has a weight above 0");
  return weights;
}

StatusOr<std::vector<Place>> Sites(const std::vector<RegionSite>& regions) {
  if (regions.empty()) return InvalidArgumentError("regions: none is given");
  if (regions.size() > kMaxRegions) {
    return InvalidArgumentError("regions: at most " + std::to_string(kMaxRegions));
  }
  std::vector<Place> places;
  std::set<std::string_view> names;
  for (const RegionSite& region : regions) {
    if (region.name.empty()) return InvalidArgumentError("regions: one has no name");
    if (HasLineBreak(region.name)) {
      return InvalidArgumentError("regions: a name has a line break");
    }
    if (!names.insert(region.name).second) {
      return InvalidArgumentError("regions: \"" + region.name + "\" is there twice");
    }
    const std::optional<Place> place = region.place ? region.place : RegionPlace(region.name);
    if (!place) {
      return InvalidArgumentError("regions: where is \"" + region.name + "\"? Known by name are " +
                                  Joined(KnownRegions()));
    }
    places.push_back(*place);
  }
  return places;
}

Status CheckTraffic(const Traffic& traffic) {
  if (traffic.tickets > kMaxTickets) {
    return InvalidArgumentError("tickets: at most " + std::to_string(kMaxTickets));
  }
  if (!IsWeight(traffic.rate)) return InvalidArgumentError("rate: must be from 0 to 1e9");
  if (traffic.rate > 0 && static_cast<double>(traffic.tickets) / traffic.rate > kMaxTimeS / 2) {
    return InvalidArgumentError("rate: so few tickets a second would take too long");
  }
  double sum = 0;
  for (const double weight : traffic.party_sizes) {
    if (!IsWeight(weight)) return InvalidArgumentError("party_sizes: no weight from 0 to 1e9");
    sum += weight;
  }
  if (!traffic.party_sizes.empty() && !(sum > 0)) {
    return InvalidArgumentError("party_sizes: none has a weight above 0");
  }
  if (traffic.party_sizes.size() > kMaxPartySize) {
    return InvalidArgumentError("party_sizes: at most " + std::to_string(kMaxPartySize));
  }
  const double deviation = traffic.skill_deviation;
  if (!(std::abs(traffic.skill_mean) <= kMaxSkill && deviation >= 0 && deviation <= kMaxSkill)) {
    return InvalidArgumentError(
        "skill: must be a mean from -1e8 to 1e8, a deviation from 0 to 1e8");
  }
  return OkStatus();
}

Status CheckAttributes(const Traffic& traffic) {
  if (traffic.attributes.size() > kMaxAttributes) {
    return InvalidArgumentError("attributes: at most " + std::to_string(kMaxAttributes));
  }
  for (const auto& [name, weights] : traffic.attributes) {
    if (name.empty()) return InvalidArgumentError("attributes: one has no name");
    if (HasLineBreak(name)) return InvalidArgumentError("attributes: a name has a line break");
    double sum = 0;
    for (const auto& [value, weight] : weights) {
      if (HasLineBreak(value)) {
        return InvalidArgumentError("attributes: " + name + ": a value has a line break");
      }
      if (!IsWeight(weight)) {
        return InvalidArgumentError("attributes: " + name + ": " + value +
                                    ": no weight from 0 to 1e9");
      }
      sum += weight;
    }
    if (!(sum > 0)) return InvalidArgumentError("attributes: " + name + ": no weight above 0");
  }
  return OkStatus();
}

void DrawAttributes(const Traffic& traffic, std::uint64_t seed, Arrivals& arrivals) {
  for (const auto& [name, values] : traffic.attributes) {
    Attribute attribute{.name = name};
    std::vector<double> weights;
    for (const auto& [value, weight] : values) {
      attribute.values.push_back(value);
      weights.push_back(weight);
    }
    SeededRng rng(seed, kAttribute + arrivals.attributes.size());
    for (std::size_t i = 0; i < traffic.tickets; ++i) {
      attribute.index.push_back(static_cast<std::uint32_t>(Weighted(rng, weights)));
    }
    arrivals.attributes.push_back(std::move(attribute));
  }
}

double Rounded(double value, double steps) { return std::round(value * steps) / steps; }

void DrawTimes(const Traffic& traffic, std::uint64_t seed, Arrivals& arrivals) {
  arrivals.time_s.resize(traffic.tickets);
  if (traffic.rate <= 0) return;
  SeededRng rng(seed, kTimes);
  double now = 0;
  for (double& time : arrivals.time_s) {
    now += Exponential(rng, 1 / traffic.rate);
    time = Rounded(now, 1000);
  }
}

// Of one city to all regions, so that no distance is computed twice.
class Distances {
 public:
  explicit Distances(const std::vector<Place>& sites) : sites_(sites.size()) {
    for (const City& city : Cities()) {
      for (const Place& site : sites) km_.push_back(DistanceKm(city.place, site));
    }
  }
  double Km(std::size_t city, std::size_t site) const { return km_[city * sites_ + site]; }

 private:
  std::size_t sites_;
  std::vector<double> km_;
};

class LatencyDrawer {
 public:
  LatencyDrawer(const Traffic& traffic, const std::vector<Place>& sites,
                std::vector<double> city_weights, std::uint64_t seed)
      : steps_(traffic.whole_ms ? 1 : 1000),
        sites_(sites.size()),
        distances_(sites),
        city_weights_(std::move(city_weights)),
        seed_(seed) {}

  void Draw(std::size_t ticket, std::vector<float>& latency_ms) const {
    SeededRng home(seed_, kCity, ticket);
    const std::size_t city = Weighted(home, city_weights_);
    SeededRng access(seed_, kLastMile, ticket);
    const double last_mile = SampleLastMileMs(access);
    for (std::size_t site = 0; site < sites_; ++site) {
      SeededRng path(seed_, kPath + site, ticket);
      const double ms = last_mile + SamplePathMs(path, distances_.Km(city, site));
      latency_ms.push_back(static_cast<float>(Rounded(ms, steps_)));
    }
  }

 private:
  double steps_;
  std::size_t sites_;
  Distances distances_;
  std::vector<double> city_weights_;
  std::uint64_t seed_;
};

}  // namespace

StatusOr<Arrivals> GenerateArrivals(const Traffic& traffic, const std::vector<RegionSite>& regions,
                                    std::uint64_t seed) {
  if (Status status = CheckTraffic(traffic); !status.ok()) return status;
  if (Status status = CheckAttributes(traffic); !status.ok()) return status;
  const StatusOr<std::vector<Place>> sites = Sites(regions);
  if (!sites.ok()) return sites.status();
  const StatusOr<std::vector<double>> weights = CityWeights(traffic.areas);
  if (!weights.ok()) return weights.status();

  Arrivals arrivals;
  for (const RegionSite& region : regions) arrivals.regions.push_back(region.name);
  DrawTimes(traffic, seed, arrivals);
  DrawAttributes(traffic, seed, arrivals);
  arrivals.latency_ms.reserve(traffic.tickets * regions.size());
  const LatencyDrawer latencies(traffic, *sites, *weights, seed);
  for (std::size_t ticket = 0; ticket < traffic.tickets; ++ticket) {
    latencies.Draw(ticket, arrivals.latency_ms);
    arrivals.key.push_back(SeededRng(seed, kKey, ticket).Next());
    if (!traffic.party_sizes.empty()) {
      SeededRng rng(seed, kParty, ticket);
      const std::size_t more = Weighted(rng, traffic.party_sizes);
      arrivals.party_size.push_back(static_cast<std::uint16_t>(more + 1));
    }
    if (traffic.skill_deviation > 0) {
      SeededRng rng(seed, kSkill, ticket);
      const double skill = traffic.skill_mean + traffic.skill_deviation * Normal(rng);
      arrivals.skill.push_back(static_cast<float>(std::round(skill)));
    }
  }
  return arrivals;
}

}  // namespace gsh::matchsim
