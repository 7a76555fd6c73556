// gsh-mmf: the match function as a service. It groups the tickets of each profile's pools by
// latency; see gsh/mmf/latency_match_function.h.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/rules_file.h"
#include "gsh/mmf/run_log.h"
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
    "  curl 'localhost:9090/explain?ticket=ID'    (with --metrics-address localhost:9090: JSON of\n"
    "    what the last 100 runs said about the ticket, as far as 64 MiB hold them)\n";

struct Flags {
  std::string query_host = "open-match-query.open-match.svc.cluster.local";
  int query_port = 50503;
  int server_port = 50502;
  int players = 4;
  std::string bind;
  std::string rules_path;
  bool backfills = true;
  Program::TlsFlags openmatch{.dir = "./openmatch-tls", .server_name = {}, .insecure = false};
};

void AddFlags(Program& program, Flags& flags) {
  program.Flag("queryServiceAddr", flags.query_host, "host of Open Match's query service");
  program.Flag("queryServicePort", flags.query_port, "its port")->check(CLI::Range(1, 65535));
  program.Flag("serverPort", flags.server_port, "port to serve on; 0: any free one")
      ->check(CLI::Range(0, 65535));
  program.Flag("players", flags.players, "players a match, where no rules say otherwise")
      ->check(CLI::Range(1, 10'000));
  program.Flag("bind", flags.bind,
               "address to serve on; empty: all, or 127.0.0.1 with --openmatch-insecure");
  program.Flag("rules", flags.rules_path,
               "JSON file with the matcher's rules, read again when it changes; a profile's own "
               "rules go before it, and it before -players");
  program.Switch("backfills", flags.backfills,
                 "fill running matches that offer open slots; on unless --backfills=false");
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

Program::Reply JsonReply(int code, std::string body) {
  return {.code = code, .content_type = "application/json", .body = std::move(body)};
}

// GET /explain?ticket=ID: what the last runs said about the ticket.
Program::Reply Explain(const mmf::RunLog& runs, const std::string& query) {
  const std::string ticket = http::QueryValue(query, "ticket");
  if (ticket.empty()) return JsonReply(400, "{\"error\":\"wanted: /explain?ticket=ID\"}\n");
  const std::vector<mmf::TicketRun> found = runs.Find(ticket);
  if (found.empty()) {
    return JsonReply(404, "{\"error\":\"no run that is still remembered had this ticket\"}\n");
  }
  return JsonReply(200, mmf::ExplainJson(ticket, found, SystemClock().Now()));
}

void WaitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

Status Serve(Program& program, const Flags& flags, mmf::RunLog& runs) {
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
  function.on_run = [&program, &runs](const mmf::RunReport& run) {
    runs.Record(run, SystemClock().Now());
    LogRun(program, run);
  };
  program.Serve("/explain", [&runs](const std::string& asked) { return Explain(runs, asked); });

  auto server = openmatch::StartMatchFunctionServer(
      {.listen = ListenAddress(flags),
       .tls = ServerTls(flags),
       .query = query->get(),
       .function = mmf::MakeLatencyMatchFunction(std::move(function)),
       .query_backfills = flags.backfills,
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
  gsh::mmf::RunLog runs;  // outlives the metrics server, which asks it
  gsh::service::Program program(
      "gsh-mmf", "Match function for Open Match: groups tickets by latency.", gsh::kExamples);
  gsh::Flags flags;
  gsh::AddFlags(program, flags);
  return program.Main(
      argc, argv, [&](gsh::service::Program& running) { return gsh::Serve(running, flags, runs); });
}
