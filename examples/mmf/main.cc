// gsh-mmf: the match function as a service. It groups the tickets of each profile's pools by
// latency; see gsh/mmf/latency_match_function.h.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/rules_file.h"
#include "gsh/mmf/unmatched_log.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/query.h"
#include "src/http/url.h"
#include "src/service/flags.h"
#include "src/service/last_counts.h"
#include "src/service/program.h"

namespace gsh {
namespace {

using service::JoinHostPort;
using service::Program;

constexpr char kExamples[] =
    "  gsh-mmf -queryServiceAddr open-match-query.open-match -players 8\n"
    "  gsh-mmf --openmatch-insecure -queryServiceAddr localhost --rules rules.json\n"
    "  curl 'localhost:9090/explain?ticket=ID'    (with --metrics-address localhost:9090)\n";

struct Flags {
  std::string query_host = "open-match-query.open-match.svc.cluster.local";
  int query_port = 50503;
  int server_port = 50502;
  int players = 4;
  std::string bind;
  std::string rules_path;
  Program::TlsFlags openmatch{.dir = "./openmatch-tls", .server_name = {}, .insecure = false};
};

void AddFlags(Program& program, Flags& flags) {
  program.Flag("queryServiceAddr", flags.query_host, "host of Open Match's query service");
  program.Flag("queryServicePort", flags.query_port, "its port")->check(CLI::Range(1, 65535));
  program.Flag("serverPort", flags.server_port, "port to serve on; 0: any free one")
      ->check(CLI::Range(0, 65535));
  program.Flag("players", flags.players, "tickets a match, where no rules say otherwise")
      ->check(CLI::Range(1, 10'000));
  program.Flag("bind", flags.bind,
               "address to serve on; empty: all, or 127.0.0.1 with --openmatch-insecure");
  program.Flag("rules", flags.rules_path,
               "JSON file with the matcher's rules, read again when it changes; a profile's own "
               "rules go before it, and it before -players");
  program.AddTlsFlags("openmatch", flags.openmatch);
}

std::string ListenAddress(const Flags& flags) {
  if (!flags.bind.empty()) return JoinHostPort(flags.bind, flags.server_port);
  return JoinHostPort(flags.openmatch.insecure ? "127.0.0.1" : "0.0.0.0", flags.server_port);
}

StatusOr<std::unique_ptr<openmatch::Query>> ConnectQuery(Program& program, const Flags& flags) {
  return openmatch::MakeQuery(
      {.client = {.endpoint = JoinHostPort(flags.query_host, flags.query_port),
                  .tls = flags.openmatch.ToOptions(),
                  .log = &program.log(),
                  .metrics = &program.metrics()}});
}

// The same certificate as towards the query service; as with the samples, callers need none.
TlsOptions ServerTls(const Flags& flags) {
  TlsOptions tls = flags.openmatch.ToOptions();
  tls.ca_file.clear();
  tls.server_name.clear();
  return tls;
}

void LogRun(Program& program, const mmf::RunReport& run) {
  static service::LastCounts news;
  if (!news.IsNews(run.profile, run.proposals)) return;
  const std::string profile(run.profile);
  const std::string proposals = std::to_string(run.proposals);
  program.Line("Generating proposals for function " + profile, {{"profile", profile}});
  program.Line("Streaming " + proposals + " proposals to Open Match",
               {{"profile", profile}, {"proposals", proposals}});
}

// GET /explain?ticket=ID: why the ticket was left over, last time.
Program::Reply Explain(const mmf::UnmatchedLog& unmatched, const std::string& query) {
  const std::string ticket = http::QueryValue(query, "ticket");
  if (ticket.empty()) return {.code = 400, .body = "wanted: /explain?ticket=ID\n"};
  const std::optional<mmf::UnmatchedLog::Entry> entry = unmatched.Find(ticket);
  if (!entry) {
    return {.code = 404, .body = "not left over lately: proposed, forgotten, or never seen here\n"};
  }
  const auto age =
      std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().Now() - entry->when);
  return {.body = "ticket: " + entry->ticket +
                  "\nreason: " + std::string(matcher::UnmatchedName(entry->reason)) +
                  "\nprofile: " + entry->profile + "\nage_ms: " + std::to_string(age.count()) +
                  "\n"};
}

void WaitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

Status Serve(Program& program, const Flags& flags, mmf::UnmatchedLog& unmatched) {
  std::unique_ptr<mmf::RulesFile> rules;
  if (!flags.rules_path.empty()) {
    auto opened = mmf::OpenRulesFile({.path = flags.rules_path,
                                      .defaults = {.match_size = flags.players},
                                      .log = &program.log()});
    // A wrong path is a mistake of the command line, as wrong rules are.
    if (!opened.ok()) return InvalidArgumentError(opened.status().message());
    rules = *std::move(opened);
  }
  StatusOr<std::unique_ptr<openmatch::Query>> query = ConnectQuery(program, flags);
  if (!query.ok()) return query.status().WithContext("-queryServiceAddr");

  mmf::LatencyMatchFunctionOptions function{
      .match_size = flags.players, .log = &program.log(), .metrics = &program.metrics()};
  if (rules) function.rules = [&rules] { return rules->Current(); };
  function.on_run = [&program, &unmatched](const mmf::RunReport& run) {
    unmatched.Record(run, SystemClock().Now());
    LogRun(program, run);
  };
  program.Serve("/explain",
                [&unmatched](const std::string& asked) { return Explain(unmatched, asked); });

  auto server = openmatch::StartMatchFunctionServer(
      {.listen = ListenAddress(flags),
       .tls = ServerTls(flags),
       .query = query->get(),
       .function = mmf::MakeLatencyMatchFunction(std::move(function)),
       .log = &program.log(),
       .metrics = &program.metrics()});
  if (!server.ok()) return server.status();
  const std::string port = std::to_string((*server)->port());
  program.Line("TCP net listener initialized for port " + port, {{"port", port}});
  program.SetReady(true);
  WaitFor(program.stop());
  program.SetReady(false);
  (*server)->Stop();
  return OkStatus();
}

}  // namespace
}  // namespace gsh

int main(int argc, char** argv) {
  gsh::mmf::UnmatchedLog unmatched;  // outlives the metrics server, which asks it
  gsh::service::Program program(
      "gsh-mmf", "Match function for Open Match: groups tickets by latency.", gsh::kExamples);
  gsh::Flags flags;
  gsh::AddFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& running) {
    return gsh::Serve(running, flags, unmatched);
  });
}
