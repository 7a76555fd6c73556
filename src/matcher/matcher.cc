#include "gsh/matcher/matcher.h"

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "src/matcher/grid.h"
#include "src/matcher/limits.h"
#include "src/matcher/round.h"
#include "src/matcher/sorted_tickets.h"

namespace gsh::matcher {
namespace {

// Collects mistakes, so that all are named at once.
class Mistakes {
 public:
  void Add(const std::string& mistake) { text_ += (text_.empty() ? "" : "; ") + mistake; }
  Status ToStatus() const { return text_.empty() ? OkStatus() : InvalidArgumentError(text_); }

 private:
  std::string text_;
};

std::string Text(float x) {
  std::string text = std::to_string(x);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void CheckRegions(const std::vector<std::string>& regions, Mistakes& mistakes) {
  if (regions.empty()) mistakes.Add("regions: none is given");
  if (regions.size() > kMaxRegions) {
    mistakes.Add("regions: more than " + std::to_string(kMaxRegions));
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const std::string where = "regions[" + std::to_string(i) + "]";
    if (regions[i].empty()) mistakes.Add(where + " is empty");
    if (!seen.insert(regions[i]).second) mistakes.Add(where + " repeats '" + regions[i] + "'");
  }
}

void CheckBands(const std::vector<float>& bounds, Mistakes& mistakes) {
  if (bounds.size() < 2) mistakes.Add("band_bounds_ms: at least two bounds are needed");
  if (bounds.size() > kMaxBands + 1) {
    mistakes.Add("band_bounds_ms: more than " + std::to_string(kMaxBands) + " bands");
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const std::string where = "band_bounds_ms[" + std::to_string(i) + "]";
    const bool last = i + 1 == bounds.size();
    if (std::isnan(bounds[i]) || bounds[i] < 0) {
      mistakes.Add(where + " is not a number from 0 up");
    } else if (std::isinf(bounds[i]) && !last) {
      mistakes.Add(where + " is infinite, which only the last bound may be");
    } else if (i > 0 && !(bounds[i - 1] < bounds[i])) {
      mistakes.Add(where + " (" + Text(bounds[i]) + ") is not above the bound before it");
    }
  }
}

Status CheckArrays(const Tickets& tickets, std::size_t regions) {
  Mistakes mistakes;
  if (tickets.count > std::numeric_limits<std::uint32_t>::max() - 1) {
    mistakes.Add("count: " + std::to_string(tickets.count) + " is too many");
  } else if (tickets.latency_ms.size() != tickets.count * regions) {
    mistakes.Add("latency_ms holds " + std::to_string(tickets.latency_ms.size()) +
                 " values instead of count x regions = " + std::to_string(tickets.count * regions));
  }
  if (!tickets.key.empty() && tickets.key.size() != tickets.count) {
    mistakes.Add("key holds " + std::to_string(tickets.key.size()) +
                 " values instead of count = " + std::to_string(tickets.count));
  }
  return mistakes.ToStatus();
}

}  // namespace

Status CheckRules(const Rules& rules) {
  Mistakes mistakes;
  CheckRegions(rules.regions, mistakes);
  CheckBands(rules.band_bounds_ms, mistakes);
  if (rules.match_size < 1 || rules.match_size > kMaxMatchSize) {
    mistakes.Add("match_size: " + std::to_string(rules.match_size) + " is not in 1 to " +
                 std::to_string(kMaxMatchSize));
  }
  return mistakes.ToStatus();
}

std::string_view UnmatchedName(Unmatched reason) {
  switch (reason) {
    case Unmatched::kMatched:
      return "matched";
    case Unmatched::kUnreachable:
      return "unreachable";
    case Unmatched::kOutsideBands:
      return "outside_bands";
    case Unmatched::kNotEnoughNeighbours:
      return "not_enough_neighbours";
    case Unmatched::kRefused:
      return "refused";
  }
  return "unknown";
}

StatusOr<Result> MatchTickets(const Tickets& tickets, const Rules& rules) {
  if (Status status = CheckRules(rules); !status.ok()) return status;
  if (Status status = CheckArrays(tickets, rules.regions.size()); !status.ok()) return status;
  const Grid grid(rules);
  const Packing packing(grid, tickets.count);
  if (!packing.fits()) {
    return InvalidArgumentError("count: too many tickets for so many regions");
  }
  Round round(tickets, rules, grid, packing);
  round.MatchBestRegions();
  if (rules.try_next_best_region) {
    round.MatchNextBestRegions();
    round.KeepUpWithEachRegion();
  }
  return round.TakeResult();
}

}  // namespace gsh::matcher
