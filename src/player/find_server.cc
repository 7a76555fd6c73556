#include "src/player/find_server.h"

#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "gsh/openmatch/frontend.h"
#include "src/player/measure.h"
#include "src/service/flags.h"

namespace gsh::player {
namespace {

using openmatch::Frontend;
using service::Program;

// The two regions' flags, --latency on top, and above all what is measured. When --latency or
// --measure is all that was given, the two regions' defaults, which nobody measured, do not count.
StatusOr<std::map<std::string, double>> Latencies(Program& program, const PlayerFlags& flags) {
  std::map<std::string, double> latencies;
  const bool explicit_only = !flags.latencies.empty() || !flags.measure.empty();
  if (!explicit_only || program.Given("region1") || program.Given("latencyRegion1")) {
    latencies[flags.region1] = flags.latency1;
  }
  if (!explicit_only || program.Given("region2") || program.Given("latencyRegion2")) {
    latencies[flags.region2] = flags.latency2;
  }
  auto more = service::ParseLatencies(flags.latencies);
  if (!more.ok()) return more.status();
  for (const auto& [region, milliseconds] : *more) latencies[region] = milliseconds;
  if (!flags.measure.empty()) {
    auto measured = Measure(program, flags.measure);
    if (!measured.ok()) return measured.status();
    for (const auto& [region, milliseconds] : *measured) latencies[region] = milliseconds;
    if (latencies.empty()) return UnavailableError("--measure: no region answered");
  }
  if (latencies.contains("")) return InvalidArgumentError("-region1, -region2: no name");
  return latencies;
}

openmatch::Ticket MakeTicket(const std::map<std::string, double>& latencies) {
  openmatch::Ticket ticket;
  ticket.search_fields.tags = {"mode.session"};
  for (const auto& [region, milliseconds] : latencies) {
    ticket.search_fields.double_args["latency-" + region] = milliseconds;
  }
  return ticket;
}

StatusOr<std::unique_ptr<Frontend>> Connect(Program& program, const PlayerFlags& flags) {
  openmatch::FrontendOptions options;
  options.client.endpoint = flags.frontend;
  options.client.tls = flags.tls.ToOptions("public.cert", "private.key", "publicCA.cert");
  options.client.log = &program.log();
  options.client.metrics = &program.metrics();
  program.Line("Connecting to Open Match Frontend", {{"frontend", flags.frontend}});
  StatusOr<std::unique_ptr<Frontend>> frontend = openmatch::MakeFrontend(options);
  if (!frontend.ok()) return frontend.status().WithContext("-frontend");
  return frontend;
}

void GiveUp(Program& program, Frontend& frontend, const std::string& ticket) {
  const Status deleted = frontend.DeleteTicket(ticket);
  if (deleted.ok()) return;
  Log(&program.log(), LogLevel::kWarning, "The ticket could not be deleted",
      {{"ticket", ticket}, {"error", deleted.ToString()}});
}

}  // namespace

void AddPlayerFlags(Program& program, PlayerFlags& flags) {
  program.Flag("frontend", flags.frontend, "host:port of Open Match's frontend");
  program.Flag("region1", flags.region1, "first region");
  program.Flag("latencyRegion1", flags.latency1, "milliseconds to the first region");
  program.Flag("region2", flags.region2, "second region");
  program.Flag("latencyRegion2", flags.latency2, "milliseconds to the second region");
  program.Flag("latency", flags.latencies,
               "region=milliseconds, repeatable; also -latencyUsEast1 10 for any region");
  program.Flag("measure", flags.measure,
               "region=host:port of Agones' UDP ping service, or region=http://host:port, "
               "repeatable: the latency is measured; others only count if that fails");
  program.AddTlsFlags("", flags.tls);
  program.Flag("timeout", flags.timeout, "seconds to wait for a game server; 0: for ever");
}

std::vector<std::string> PlayerArgs(int argc, char** argv) {
  return service::RewriteLatencyFlags({argv + 1, argv + argc},
                                      {"latencyRegion1", "latencyRegion2"});
}

StatusOr<std::string> FindServer(Program& program, const PlayerFlags& flags) {
  if (!(flags.timeout >= 0 && flags.timeout <= 1e9)) {
    return InvalidArgumentError("--timeout: must be from 0 to 1e9 seconds");
  }
  const auto latencies = Latencies(program, flags);
  if (!latencies.ok()) return latencies.status();
  program.SetReady(true);
  const auto frontend = Connect(program, flags);
  if (!frontend.ok()) return frontend.status();

  CallOptions wait{.stop = program.stop()};
  if (flags.timeout > 0) {
    wait.timeout =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(flags.timeout));
  }
  // Not stopped by a signal: a ticket whose id nobody knows could not be deleted.
  auto ticket = (*frontend)->CreateTicket(MakeTicket(*latencies));
  if (!ticket.ok()) return ticket.status();
  program.Line("Ticket ID: " + ticket->id, {{"ticket", ticket->id}});
  program.Line("Waiting for ticket assignment", {{"ticket", ticket->id}});
  auto assignment = (*frontend)->WaitForAssignment(ticket->id, wait);
  if (!assignment.ok()) {
    if (assignment.status().code() != StatusCode::kNotFound) {
      GiveUp(program, **frontend, ticket->id);
    }
    return assignment.status();
  }
  program.Line("Ticket assignment: connection:\"" + assignment->connection + "\"",
               {{"connection", assignment->connection}});
  program.Line("Disconnecting from Open Match Frontend");
  return assignment->connection;
}

}  // namespace gsh::player
