#include "src/director/region_of.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "gsh/any.h"
#include "src/director/profiles.h"

namespace gsh::director {
namespace {

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "us-east-1" is in "latency-us-east-1\"" but not in "us-east-10" or "aus-east-1".
bool ContainsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !IsAlphanumeric(text[at - 1]);
    const bool ends = end == text.size() || !IsAlphanumeric(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

// The mean latency of the match's tickets to the region, if all of them have one in [lowest,
// highest].
std::optional<double> MeanLatency(const openmatch::Match& match, const std::string& region,
                                  double lowest, double highest) {
  const std::string key = "latency-" + region;
  double sum = 0;
  for (const openmatch::Ticket& ticket : match.tickets) {
    const auto found = ticket.search_fields.double_args.find(key);
    if (found == ticket.search_fields.double_args.end()) return std::nullopt;
    if (!(found->second >= lowest && found->second <= highest)) return std::nullopt;  // NaN too
    sum += found->second;
  }
  if (match.tickets.empty()) return std::nullopt;
  return sum / static_cast<double>(match.tickets.size());
}

}  // namespace

bool IsLabelValue(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  if (!IsAlphanumeric(text.front()) || !IsAlphanumeric(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::optional<std::string> ExplicitRegion(const openmatch::Match& match) {
  const auto found = match.extensions.find(kRegionExtension);
  if (found == match.extensions.end()) return std::nullopt;
  std::optional<std::string> region = StringOf(found->second);
  if (!region || !IsLabelValue(*region)) return std::nullopt;
  return region;
}

std::optional<std::string> RegionIn(std::string_view text,
                                    const std::vector<std::string>& regions) {
  const std::string* best = nullptr;
  for (const std::string& region : regions) {
    if (best != nullptr && region.size() <= best->size()) continue;
    if (ContainsWord(text, region)) best = &region;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::vector<std::string> ReachableRegions(const openmatch::Match& match,
                                          const std::vector<std::string>& regions,
                                          const matcher::Bands& bands) {
  const bool bounded = !bands.bands.empty();
  const double lowest = bounded ? bands.bands.front().min_ms : 0;
  const double highest = bounded ? bands.bands.back().max_ms : std::numeric_limits<double>::max();
  std::vector<std::pair<double, std::string>> ranked;
  for (const std::string& region : regions) {
    const std::optional<double> mean = MeanLatency(match, region, lowest, highest);
    if (mean) ranked.emplace_back(*mean, region);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> sorted;
  sorted.reserve(ranked.size());
  for (auto& [mean, region] : ranked) sorted.push_back(std::move(region));
  return sorted;
}

std::vector<std::string> RegionsToTry(const openmatch::Match& match,
                                      const std::vector<std::string>& regions,
                                      const matcher::Bands& bands) {
  std::optional<std::string> own = ExplicitRegion(match);
  if (!own) own = RegionIn(match.profile, regions);
  if (!own) own = RegionIn(match.id, regions);
  std::vector<std::string> sorted = ReachableRegions(match, regions, bands);
  if (own) {
    std::erase(sorted, *own);
    sorted.insert(sorted.begin(), *std::move(own));
  }
  return sorted;
}

}  // namespace gsh::director
