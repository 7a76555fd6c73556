#include "src/agones/failover/failover_core.h"

#include <array>

namespace gsh::agones {

void FailoverCore::Report(const EndpointBoard::Pick& pick, EndpointBoard::Verdict verdict,
                          const Status& status) {
  using State = CircuitBreaker::State;
  const auto state = board.Report(pick, verdict, options.clock->SteadyNow());
  if (!state) return;
  const std::string& name = targets[pick.endpoint].name;
  const bool open = *state == State::kOpen;
  if (options.metrics != nullptr) {
    const std::array<MetricLabel, 1> labels{{{"endpoint", name}}};
    options.metrics->Set("gsh_allocator_endpoint_closed_off", open ? 1 : 0, labels);
  }
  if (!open) {
    Log(options.log, LogLevel::kInfo, "allocator endpoint is back", {{"endpoint", name}});
    return;
  }
  Log(options.log, pick.probe ? LogLevel::kDebug : LogLevel::kWarning,
      "allocator endpoint is closed off", {{"endpoint", name}, {"error", status.message()}});
}

void FailoverCore::CountFailover(const EndpointBoard::Pick& from) const {
  if (options.metrics == nullptr) return;
  const std::array<MetricLabel, 1> labels{{{"endpoint", targets[from.endpoint].name}}};
  options.metrics->Add("gsh_allocator_failovers_total", 1, labels);
}

}  // namespace gsh::agones
