#include "examples/allocator-probe/allocator_commands.h"

#include <chrono>
#include <cstddef>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "src/probe/load.h"
#include "src/probe/probe.h"

namespace gsh::allocator_probe {
namespace {

using probe::Probe;

StatusOr<std::unique_ptr<Probe>> MakeProbe(service::Program& program, const Flags& flags) {
  auto labels = LabelsOf(flags);
  if (!labels.ok()) return labels.status();
  probe::ProbeOptions options{
      .endpoints = flags.endpoints,
      .rest = flags.rest,
      .client = {.tls = flags.tls.ToOptions(),
                 .timeout = std::chrono::seconds(flags.timeout),
                 .log = flags.verbose ? &program.log() : nullptr,
                 .metrics = &program.metrics()},
      .ns = flags.ns,
      .labels = *std::move(labels),
      .output = flags.Form(),
      .print = [](const std::string& line) { std::cout << line << std::endl; }};
  if (flags.verbose) options.explain = [](const std::string& text) { std::cerr << text << '\n'; };
  return Probe::Make(std::move(options));
}

}  // namespace

Status RunTls(service::Program& program, const Flags& flags) {
  const auto probe = MakeProbe(program, flags);
  return probe.ok() ? (*probe)->Tls() : probe.status();
}

Status RunAllocate(service::Program& program, const Flags& flags) {
  const auto probe = MakeProbe(program, flags);
  return probe.ok() ? (*probe)->Allocate(/*multicluster=*/false) : probe.status();
}

Status RunMulticluster(service::Program& program, const Flags& flags) {
  const auto probe = MakeProbe(program, flags);
  return probe.ok() ? (*probe)->Allocate(/*multicluster=*/true) : probe.status();
}

Status RunLoad(service::Program& program, const Flags& flags) {
  const auto probe = MakeProbe(program, flags);
  if (!probe.ok()) return probe.status();
  const probe::LoadReport report =
      probe::RunLoad((*probe)->allocator(), {.request = (*probe)->Request(flags.multicluster),
                                             .count = static_cast<std::size_t>(flags.count),
                                             .rate = flags.rate,
                                             .in_flight = static_cast<std::size_t>(flags.in_flight),
                                             .timeout = std::chrono::seconds(flags.timeout),
                                             .keep = flags.keep,
                                             .clock = &SystemClock(),
                                             .rng = &SystemRng(),
                                             .stop = program.stop()});
  const bool json = flags.Form() == probe::Output::kJson;
  std::cout << (json ? ToJson(report) : ToText(report)) << std::endl;
  if (report.taken == 0) return ResourceExhaustedError("no game server was allocated");
  if (report.not_handed_back > 0) return InternalError("not all game servers were handed back");
  return OkStatus();
}

}  // namespace gsh::allocator_probe
