#include "src/director/check_options.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/core/mistakes.h"
#include "src/director/profiles.h"
#include "src/director/region_of.h"

namespace gsh::director {
namespace {

using internal::Mistakes;

void CheckRegions(const DirectorOptions& options, Mistakes& mistakes) {
  mistakes.Check(!options.regions.empty() || options.make_profiles, "regions: none");
  std::set<std::string> seen;
  for (const std::string& region : options.regions) {
    mistakes.Check(IsLabelValue(region), "regions: '" + region + "' is no label value");
    mistakes.Check(seen.insert(region).second, "regions: '" + region + "' is there twice");
  }
}

void CheckTimes(const DirectorOptions& options, Mistakes& mistakes) {
  const Duration zero{0};
  mistakes.Check(options.max_ticket_age.count() >= 0, "max_ticket_age: negative");
  mistakes.Check(!options.interval || *options.interval >= zero, "interval: negative");
  mistakes.Check(options.fetch_timeout > zero, "fetch_timeout: not positive");
  mistakes.Check(options.allocate_timeout > zero, "allocate_timeout: not positive");
  mistakes.Check(options.unclear_pause >= zero, "unclear_pause: negative");
  mistakes.Check(options.assign_timeout > zero, "assign_timeout: not positive");
  mistakes.Check(options.pending_timeout >= zero, "pending_timeout: negative");
  mistakes.Check(options.drain_timeout >= zero, "drain_timeout: negative");
}

Status Check(const DirectorOptions& options) {
  Mistakes mistakes;
  mistakes.Check(options.backend != nullptr, "backend: missing");
  mistakes.Check(options.allocator != nullptr, "allocator: missing");
  mistakes.Check(!options.function.host.empty(), "function.host: empty");
  mistakes.Check(options.function.port > 0 && options.function.port < 65536,
                 "function.port: not in 1..65535");
  mistakes.Check(!options.ns.empty(), "ns: empty");
  mistakes.Check(options.profile_mode != ProfileMode::kJoint || !HasGap(options.bands),
                 "bands: a joint profile cannot have a gap between its bands");
  mistakes.Check(options.min_tickets >= 0, "min_tickets: negative");
  mistakes.Check(options.max_in_flight > 0, "max_in_flight: not positive");
  mistakes.Check(options.assign_batch > 0, "assign_batch: not positive");
  CheckRegions(options, mistakes);
  CheckTimes(options, mistakes);
  return mistakes.ToStatus();
}

}  // namespace

StatusOr<DirectorOptions> CheckOptions(DirectorOptions options) {
  if (options.bands.bands.empty()) {
    StatusOr<matcher::Bands> bands = matcher::ParseBands(kDefaultRanges);
    if (!bands.ok()) return bands.status();
    options.bands = *std::move(bands);
  }
  if (Status status = Check(options); !status.ok()) return status;
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  return options;
}

}  // namespace gsh::director
