// gsh-director: fetches matches from Open Match, takes a game server for each from Agones, and
// tells the players.
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "examples/director/leading.h"
#include "gsh/director/director.h"
#include "gsh/matcher/bands.h"
#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/frontend.h"
#include "src/allocator_flags/allocator_flags.h"
#include "src/service/flags.h"
#include "src/service/last_counts.h"
#include "src/service/program.h"

namespace gsh {
namespace {

using director::Director;
using director::DirectorOptions;
using director::Event;
using director::ProfileMode;
using service::JoinHostPort;
using service::Program;

constexpr int kFrontendPort = 50504;

struct Flags {
  std::string backend_host = "open-match-backend.open-match.svc.cluster.local";
  int backend_port = 50505;
  std::string frontend;
  std::string function_host = "agones-openmatch-mmf.agones-openmatch.svc.cluster.local";
  int function_port = 50502;
  allocator_flags::AllocatorFlags allocator;
  bool multicluster = false;
  std::string ns = "default";
  std::string regions = "us-east-1,us-east-2";
  std::string ranges = "0-24,25-49,50-74,74-99,100-9999";
  int interval = 5;
  std::string profile_mode = "auto";
  int max_ticket_age = 0;
  int max_in_flight = 256;
  std::int64_t rounds = 0;
  Program::TlsFlags openmatch_tls{"./openmatch-tls", "", false};
  LeadingFlags leading;
};

void AddFlags(Program& program, Flags& flags) {
  program.Flag("backendAddr", flags.backend_host, "host of Open Match's backend");
  program.Flag("backendPort", flags.backend_port, "its port")->check(CLI::Range(1, 65535));
  program.Flag("functionAddr", flags.function_host, "host of the match function");
  program.Flag("functionPort", flags.function_port, "its port")->check(CLI::Range(1, 65535));
  allocator_flags::AddAllocatorFlags(program, flags.allocator);
  program.Switch("multicluster", flags.multicluster, "multi-cluster allocation");
  program.Flag("namespace", flags.ns, "of the game servers");
  program.Flag("regions", flags.regions, "regions, separated by commas");
  program.Flag("ranges", flags.ranges, "latency ranges min-max in ms, separated by commas");
  program
      .Flag("interval", flags.interval, "seconds between rounds, 0: none; adaptive when not given")
      ->check(service::WholeNumberFrom(0));
  program.Flag("profile-mode", flags.profile_mode, "auto, joint or bands")
      ->check(CLI::IsMember({"auto", "joint", "bands"}));
  program.Flag("max-ticket-age", flags.max_ticket_age, "seconds; 0: no limit")
      ->check(service::WholeNumberFrom(0));
  program.Flag("frontendAddr", flags.frontend,
               "host[:port] of Open Match's frontend: look tickets up before allocating");
  program.Flag("max-in-flight", flags.max_in_flight, "allocations at a time")
      ->check(service::WholeNumberFrom(1));
  program.Flag("rounds", flags.rounds, "stop after so many; 0: never")
      ->check(service::WholeNumberFrom(0));
  program.AddTlsFlags("openmatch", flags.openmatch_tls);
  AddLeadingFlags(program, flags.leading);
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream stream(text + ",");  // an empty last item is an item
  for (std::string item; std::getline(stream, item, ',');) items.push_back(item);
  return items;
}

ProfileMode ParseMode(const std::string& text) {  // the parser lets nothing else pass
  if (text == "joint") return ProfileMode::kJoint;
  return text == "bands" ? ProfileMode::kBands : ProfileMode::kAuto;
}

// What the director does not need a connection for.
StatusOr<DirectorOptions> ToOptions(Program& program, const Flags& flags) {
  StatusOr<matcher::Bands> bands = matcher::ParseBands(flags.ranges);
  if (!bands.ok()) return bands.status().WithContext("-ranges");
  for (const std::string& warning : bands->warnings) {
    Log(&program.log(), LogLevel::kWarning, "-ranges: " + warning);
  }
  DirectorOptions options{
      .function = {.host = flags.function_host, .port = flags.function_port},
      .regions = Split(flags.regions),
      .bands = *std::move(bands),
      .profile_mode = ParseMode(flags.profile_mode),
      .ns = flags.ns,
      .multicluster = flags.multicluster,
      .max_ticket_age = std::chrono::seconds(flags.max_ticket_age),
      .max_in_flight = flags.max_in_flight,
      .log = &program.log(),
      .metrics = &program.metrics(),
  };
  if (program.Given("interval")) options.interval = std::chrono::seconds(flags.interval);
  return options;
}

// The lines that people grep for.
void PrintEvent(Program& program, const Event& event) {
  static service::LastCounts matches;
  const std::size_t colon = event.connection.rfind(':');
  switch (event.kind) {
    case Event::Kind::kFetched:
      program.SetReady(true);
      if (!matches.IsNews(event.detail, event.count)) return;
      return program.Line(
          "Generated " + std::to_string(event.count) + " matches for profile " + event.detail,
          {{"profile", event.detail}, {"matches", std::to_string(event.count)}});
    case Event::Kind::kAllocated:
      program.Line("Gameserver: " + event.connection.substr(0, colon), {{"match", event.match_id}});
      return program.Line("Port: " + event.connection.substr(colon + 1),
                          {{"match", event.match_id}});
    case Event::Kind::kAssigned:
      return program.Line("Assigned server " + event.connection + " to match " + event.match_id,
                          {{"connection", event.connection},
                           {"match", event.match_id},
                           {"tickets", std::to_string(event.count)}});
    default:
      return;
  }
}

Status Run(Program& program, const Flags& flags) {
  StatusOr<DirectorOptions> options = ToOptions(program, flags);
  if (!options.ok()) return options.status();
  ClientOptions openmatch{.endpoint = JoinHostPort(flags.backend_host, flags.backend_port),
                          .tls = flags.openmatch_tls.ToOptions(),
                          .log = &program.log(),
                          .metrics = &program.metrics()};
  const auto backend = openmatch::MakeBackend({.client = openmatch});
  if (!backend.ok()) return backend.status().WithContext("-backendAddr");
  const auto allocator = allocator_flags::ConnectAllocator(program, flags.allocator);
  if (!allocator.ok()) return allocator.status();
  std::unique_ptr<openmatch::Frontend> frontend;
  if (!flags.frontend.empty()) {
    openmatch.endpoint = service::WithDefaultPort(flags.frontend, kFrontendPort);
    auto made = openmatch::MakeFrontend({.client = openmatch});
    if (!made.ok()) return made.status().WithContext("-frontendAddr");
    frontend = *std::move(made);
  }
  options->backend = backend->get();
  options->allocator = allocator->get();
  options->frontend = frontend.get();
  options->on_event = [&program, profiles = std::size_t{0}](const Event& event) mutable {
    if (event.kind != Event::Kind::kRoundStarted) return PrintEvent(program, event);
    if (std::exchange(profiles, event.count) == event.count) return;  // rounds begin on one thread
    program.Line("Fetching matches for " + std::to_string(event.count) + " profiles",
                 {{"profiles", std::to_string(event.count)}});
  };
  return RunElected(program, flags.leading, [&](std::stop_token stop) -> Status {
    const auto made = Director::Make(*options);
    if (!made.ok()) return made.status();
    return (*made)->Run(std::move(stop), flags.rounds);
  });
}

}  // namespace
}  // namespace gsh

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-director", "Fetches matches, allocates game servers and assigns players to them.",
      "  gsh-director -regions us-east-1,us-east-2 -ranges 0-24,25-49,50-9999 -namespace "
      "gameservers\n");
  gsh::Flags flags;
  gsh::AddFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& p) { return gsh::Run(p, flags); });
}
