#include "src/matcher/check_tickets.h"

#include <cstdint>
#include <limits>
#include <string>

#include "src/core/mistakes.h"

namespace gsh::matcher {
namespace {

using internal::Mistakes;

void CheckSize(const std::string& name, std::size_t size, std::size_t expected,
               const std::string& meaning, Mistakes& mistakes) {
  if (size == expected) return;
  mistakes.Add(name + " holds " + std::to_string(size) + " values instead of " + meaning + " = " +
               std::to_string(expected));
}

void CheckOptional(const std::string& name, std::size_t size, std::size_t count,
                   Mistakes& mistakes) {
  if (size > 0) CheckSize(name, size, count, "count", mistakes);
}

void CheckBackfill(const std::string& where, const Backfill& backfill, const Rules& rules,
                   Mistakes& mistakes) {
  if (backfill.region >= rules.regions.size()) mistakes.Add(where + ".region is not in the rules");
  CheckSize(where + ".open_slots", backfill.open_slots.size(),
            static_cast<std::size_t>(rules.teams), "teams", mistakes);
  CheckSize(where + ".attributes", backfill.attributes.size(), rules.equal_attributes.size(),
            "equal_attributes", mistakes);
}

}  // namespace

Status CheckTickets(const Tickets& tickets, const Rules& rules) {
  Mistakes mistakes;
  const std::size_t count = tickets.count;
  if (count > std::numeric_limits<std::uint32_t>::max() - 1) {
    mistakes.Add("count: " + std::to_string(count) + " is too many");
    return mistakes.ToStatus();
  }
  const std::size_t regions = rules.regions.size();
  CheckSize("latency_ms", tickets.latency_ms.size(), count * regions, "count x regions", mistakes);
  CheckOptional("key", tickets.key.size(), count, mistakes);
  CheckOptional("wait_s", tickets.wait_s.size(), count, mistakes);
  CheckOptional("party_size", tickets.party_size.size(), count, mistakes);
  if (!tickets.mean_latency_ms.empty() || rules.party_latency == PartyLatency::kMean) {
    CheckSize("mean_latency_ms", tickets.mean_latency_ms.size(), count * regions, "count x regions",
              mistakes);
  }
  CheckOptional("skill", tickets.skill.size(), count, mistakes);
  CheckOptional("team", tickets.team.size(), count, mistakes);
  CheckSize("attributes", tickets.attributes.size(), count * rules.equal_attributes.size(),
            "count x equal_attributes", mistakes);
  for (std::size_t i = 0; i < tickets.backfills.size(); ++i) {
    CheckBackfill("backfills[" + std::to_string(i) + "]", tickets.backfills[i], rules, mistakes);
  }
  return mistakes.ToStatus();
}

}  // namespace gsh::matcher
