// gsh-ncat-client: a player of the ncat game. Asks Open Match for a game server, then talks to it
// as nc would.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/frontend.h"
#include "src/service/flags.h"
#include "src/service/program.h"
#include "src/service/socket_pump.h"

namespace {

using gsh::Status;
using gsh::StatusOr;
using gsh::openmatch::Frontend;
using gsh::service::Program;

constexpr char kExamples[] =
    "  gsh-ncat-client -frontend $FRONTEND:50504 -latencyUsEast1 10 -latencyUsEast2 30\n"
    "  gsh-ncat-client --insecure --latency eu-west-2=25 --latency eu-north-1=40\n";

struct Options {
  std::string frontend = "localhost:50504";
  std::string region1 = "us-east-1";
  std::string region2 = "us-east-2";
  double latency1 = 100;
  double latency2 = 100;
  std::vector<std::string> latencies;
  Program::TlsFlags tls{.dir = ".", .server_name = "open-match-evaluator"};
  double timeout = 0;
  bool half_close = false;
};

void AddFlags(Program& program, Options& options) {
  program.Flag("frontend", options.frontend, "host:port of Open Match's frontend");
  program.Flag("region1", options.region1, "first region");
  program.Flag("latencyRegion1", options.latency1, "milliseconds to the first region");
  program.Flag("region2", options.region2, "second region");
  program.Flag("latencyRegion2", options.latency2, "milliseconds to the second region");
  program.Flag("latency", options.latencies,
               "region=milliseconds, repeatable; also -latencyUsEast1 10 for any region");
  program.AddTlsFlags("", options.tls);
  program.Flag("timeout", options.timeout, "seconds to wait for a game server; 0: for ever");
  program.Switch("half-close", options.half_close,
                 "tell the server when stdin ends (it then takes you for gone)");
}

// The two regions' flags, and --latency on top. When --latency is all that was given, the two
// regions' defaults, which nobody measured, do not count.
StatusOr<std::map<std::string, double>> Latencies(const Program& program, const Options& options) {
  std::map<std::string, double> latencies;
  const bool explicit_only = !options.latencies.empty();
  if (!explicit_only || program.Given("region1") || program.Given("latencyRegion1")) {
    latencies[options.region1] = options.latency1;
  }
  if (!explicit_only || program.Given("region2") || program.Given("latencyRegion2")) {
    latencies[options.region2] = options.latency2;
  }
  auto more = gsh::service::ParseLatencies(options.latencies);
  if (!more.ok()) return more.status();
  for (const auto& [region, milliseconds] : *more) latencies[region] = milliseconds;
  if (latencies.contains("")) return gsh::InvalidArgumentError("-region1, -region2: no name");
  return latencies;
}

gsh::openmatch::Ticket MakeTicket(const std::map<std::string, double>& latencies) {
  gsh::openmatch::Ticket ticket;
  ticket.search_fields.tags = {"mode.session"};
  for (const auto& [region, milliseconds] : latencies) {
    ticket.search_fields.double_args["latency-" + region] = milliseconds;
  }
  return ticket;
}

// "host:port" of the game server. The ticket of a player who gives up is deleted.
StatusOr<std::string> FindServer(Program& program, const Options& options,
                                 const std::map<std::string, double>& latencies) {
  gsh::openmatch::FrontendOptions frontend_options;
  frontend_options.client.endpoint = options.frontend;
  frontend_options.client.tls =
      options.tls.ToOptions("public.cert", "private.key", "publicCA.cert");
  frontend_options.client.log = &program.log();
  frontend_options.client.metrics = &program.metrics();
  program.Line("Connecting to Open Match Frontend", {{"frontend", options.frontend}});
  StatusOr<std::unique_ptr<Frontend>> frontend = gsh::openmatch::MakeFrontend(frontend_options);
  if (!frontend.ok()) return frontend.status().WithContext("-frontend");

  gsh::CallOptions wait{.stop = program.stop()};
  if (options.timeout > 0) {
    wait.timeout =
        std::chrono::duration_cast<gsh::Duration>(std::chrono::duration<double>(options.timeout));
  }
  // Not stopped by a signal: a ticket whose id nobody knows could not be deleted.
  auto ticket = (*frontend)->CreateTicket(MakeTicket(latencies));
  if (!ticket.ok()) return ticket.status();
  program.Line("Ticket ID: " + ticket->id, {{"ticket", ticket->id}});
  program.Line("Waiting for ticket assignment", {{"ticket", ticket->id}});
  auto assignment = (*frontend)->WaitForAssignment(ticket->id, wait);
  if (!assignment.ok()) {
    if (assignment.status().code() == gsh::StatusCode::kNotFound) return assignment.status();
    const Status deleted = (*frontend)->DeleteTicket(ticket->id);
    if (!deleted.ok()) {
      gsh::Log(&program.log(), gsh::LogLevel::kWarning, "The ticket could not be deleted",
               {{"ticket", ticket->id}, {"error", deleted.ToString()}});
    }
    return assignment.status();
  }
  program.Line("Ticket assignment: connection:\"" + assignment->connection + "\"",
               {{"connection", assignment->connection}});
  program.Line("Disconnecting from Open Match Frontend");
  return assignment->connection;
}

Status Talk(Program& program, const Options& options, const std::string& server) {
  std::cout << server << std::endl;
  auto address = gsh::service::ParseHostPort("assignment", server);
  if (!address.ok()) return gsh::UnavailableError(address.status().message());
  program.Line("Connecting to ncat server", {{"server", server}});
  StatusOr<int> socket = gsh::service::ConnectTcp(address->host, address->port,
                                                  std::chrono::seconds(30), program.stop());
  if (!socket.ok()) return socket.status();
  const Status talked = gsh::service::PumpSocket({.socket = *socket,
                                                  .input = STDIN_FILENO,
                                                  .output = STDOUT_FILENO,
                                                  .half_close = options.half_close},
                                                 program.stop());
  close(*socket);
  std::cout << "Disconnected from the server." << std::endl;
  return talked;
}

Status Run(Program& program, const Options& options) {
  if (!(options.timeout >= 0 && options.timeout <= 1e9)) {
    return gsh::InvalidArgumentError("--timeout: must be from 0 to 1e9 seconds");
  }
  const auto latencies = Latencies(program, options);
  if (!latencies.ok()) return latencies.status();
  program.SetReady(true);
  const auto server = FindServer(program, options, *latencies);
  if (!server.ok()) return server.status();
  return Talk(program, options, *server);
}

}  // namespace

int main(int argc, char** argv) {
  Program program("gsh-ncat-client", "Joins an ncat game that Open Match and Agones arrange.",
                  kExamples);
  Options options;
  AddFlags(program, options);
  const std::vector<std::string> args = gsh::service::RewriteLatencyFlags(
      {argv + 1, argv + argc}, {"latencyRegion1", "latencyRegion2"});
  return program.Main(args, [&](Program& p) { return Run(p, options); });
}
