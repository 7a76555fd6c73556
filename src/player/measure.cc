#include "src/player/measure.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gsh/agones_rest/latency.h"

namespace gsh::player {

StatusOr<std::map<std::string, double>> Measure(service::Program& program,
                                                const std::vector<std::string>& endpoints) {
  std::vector<agones_rest::PingEndpoint> parsed;
  for (const std::string& text : endpoints) {
    auto endpoint = agones_rest::ParsePingEndpoint(text);
    if (!endpoint.ok()) return endpoint.status().WithContext("--measure");
    parsed.push_back(*std::move(endpoint));
  }
  const auto results = agones_rest::MeasureLatency(std::move(parsed), {}, {.stop = program.stop()});
  if (!results.ok()) return results.status().WithContext("--measure");
  if (program.stop().stop_requested()) return CancelledError("stopped while measuring");
  std::map<std::string, double> latencies;
  for (const agones_rest::RegionLatency& result : *results) {
    if (!result.median) {
      Log(&program.log(), LogLevel::kWarning, "A region's latency could not be measured",
          {{"region", result.region}, {"error", result.error.ToString()}});
      continue;
    }
    const double ms = std::chrono::duration<double, std::milli>(*result.median).count();
    const auto [known, is_new] = latencies.try_emplace(result.region, ms);
    if (!is_new) known->second = std::min(known->second, ms);
  }
  for (const auto& [region, ms] : latencies) {
    program.Line("Latency to " + region + ": " + std::to_string(ms) + " ms",
                 {{"region", region}, {"milliseconds", std::to_string(ms)}});
  }
  return latencies;
}

}  // namespace gsh::player
