// Program: what every binary of ours does the same way: flags, log, metrics address, signals, exit
// codes.
#ifndef GSH_SRC_SERVICE_PROGRAM_H_
#define GSH_SRC_SERVICE_PROGRAM_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <string>

#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::service {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // at run time
inline constexpr int kExitUsage = 2;   // bad command line or configuration

// The check of a flag whose values are whole numbers from `least` up: CLI11 has none for unsigned
// ones, and its NonNegativeNumber answers with the largest double, 309 digits.
CLI::Validator WholeNumberFrom(std::uint64_t least);

// A program's frame:
//
//   int main(int argc, char** argv) {
//     Program program("gsh-mmf", "Groups tickets by latency.", "  gsh-mmf -players 4\n");
//     int players = 4;
//     program.Flag("players", players, "in a match");
//     return program.Main(argc, argv, [&](Program& p) -> Status { ... });
//   }
class Program {
 public:
  Program(std::string name, std::string description, std::string examples);
  ~Program();

  // Adds the flag --queryServiceAddr with its other spellings: one dash, kebab case
  // (--query-service-addr), the environment (GSH_QUERY_SERVICE_ADDR), the --config file
  // (query-service-addr=). The name may be given in either spelling. The variable's value is the
  // default that --help shows.
  template <typename T>
  CLI::Option* Flag(const std::string& name, T& value, const std::string& help) {
    CLI::Option* option = cli().add_option(Spellings(name), value, help);
    if constexpr (!std::is_same_v<T, bool>) option->capture_default_str();
    return Register(name, option);
  }
  // A switch: --multicluster, also --multicluster=true.
  CLI::Option* Switch(const std::string& name, bool& value, const std::string& help);

  // The flags of a TLS client: --PREFIX-tls-dir (tls.crt, tls.key, ca.crt in it),
  // --PREFIX-server-name, --PREFIX-insecure.
  struct TlsFlags {
    std::string dir = {};
    std::string server_name = {};
    bool insecure = false;
    // The options they stand for; file names as given, inside dir.
    TlsOptions ToOptions(const std::string& cert = "tls.crt", const std::string& key = "tls.key",
                         const std::string& ca = "ca.crt") const;
  };
  void AddTlsFlags(const std::string& prefix, TlsFlags& flags);

  // Parses, starts log, metrics server (/livez /readyz /metrics on --metrics-address) and signal
  // handling, runs `body`, and turns what it returns into the exit code: OK 0, InvalidArgument 2
  // (unless a server said so), else 1, with the message on stderr. Cancelled after SIGTERM or
  // SIGINT counts as OK.
  int Main(int argc, char** argv, const std::function<Status(Program&)>& body);
  // The same for arguments (without the program's name) that were rewritten before.
  int Main(const std::vector<std::string>& args, const std::function<Status(Program&)>& body);

  CLI::App& cli();
  // How often was the flag given, by whatever way (0: its default is in force).
  bool Given(const std::string& name) const;
  LogSink& log();
  MetricsSink& metrics();
  std::stop_token stop() const;     // asked for by SIGTERM and SIGINT
  void SetReady(bool ready);        // what /readyz answers; false at the start
  int metrics_port() const;         // where the metrics server listens; 0: nowhere
  std::string MetricsText() const;  // what /metrics answers
  // A further GET path on the metrics address (call before Main's body blocks): query string in,
  // {code, body} out.
  struct Reply {
    int code = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
  };
  void Serve(const std::string& path, std::function<Reply(const std::string& query)> handler);
  // As LogSink, but for what people grep for: the message alone with the sample's time stamp in
  // text format.
  void Line(const std::string& message, std::initializer_list<LogField> fields = {});

 private:
  std::string Spellings(const std::string& name) const;
  CLI::Option* Register(const std::string& name, CLI::Option* option);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_PROGRAM_H_
