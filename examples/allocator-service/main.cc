// gsh-allocator-service: gives game clients a server over HTTPS, with Basic authentication.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "examples/allocator-service/new_user.h"
#include "gsh/clock.h"
#include "src/allocator_flags/allocator_flags.h"
#include "src/allocator_service/service.h"
#include "src/http/server.h"
#include "src/http/server_tls_files.h"
#include "src/service/program.h"

namespace gsh {
namespace {

using allocator_service::Service;
using service::Program;
using std::chrono::seconds;

constexpr char kExamples[] =
    "  gsh-allocator-service --hash-password v1GameClientKey >> users    (asks for the password)\n"
    "  gsh-allocator-service --users-file users --tls-cert tls.crt --tls-key tls.key --fleet udp\n"
    "  curl -u v1GameClientKey:PASSWORD 'https://HOST:8000/address?region=us-east-1'\n";

struct Flags {
  std::string listen = ":8000";
  std::string tls_cert = "/home/service/certs/tls.crt";
  std::string tls_key = "/home/service/certs/tls.key";
  bool insecure = false;
  std::string users_file;
  std::string hash_password;
  std::string ns = "default";
  std::string fleet;
  std::string region;
  std::vector<std::string> labels;
  bool multicluster = false;
  allocator_flags::AllocatorFlags allocator;
  int timeout = 10;
  double rate_limit = 10;
  int max_failures = 10;
  std::vector<std::string> trusted_proxies;
  int max_in_flight = 256;
  int max_connections = 1024;
  int idle_timeout = 75;
  int stop_delay = 0;
};

void AddServerFlags(Program& program, Flags& flags) {
  program.Flag("listen", flags.listen, "[host]:port to serve on; no host: all addresses");
  program.Flag("tls-cert", flags.tls_cert, "certificate, read again when it changes");
  program.Flag("tls-key", flags.tls_key, "its key, likewise");
  program.Switch("insecure", flags.insecure, "serve plain HTTP, no TLS");
  program.Flag("users-file", flags.users_file,
               "lines of name:hash (crypt(3)), read again when they change; without it "
               "GSH_USERS holds such entries, separated by spaces");
  program.Flag("hash-password", flags.hash_password,
               "NAME: read a password from stdin, print its line for the users file, and end");
  program
      .Flag("rate-limit", flags.rate_limit,
            "GET /address a second and client, twice as many at once; 0: no limit")
      ->check(CLI::Range(0.0, 1e6));
  program.Flag("max-failures", flags.max_failures, "wrong credentials a minute and client")
      ->check(CLI::Range(1, 10'000));
  program.Flag("trusted-proxy", flags.trusted_proxies,
               "network of load balancers whose X-Forwarded-For is believed, repeatable");
  program.Flag("max-connections", flags.max_connections, "those beyond are closed at once")
      ->check(CLI::Range(1, 100'000));
  program
      .Flag("idle-timeout", flags.idle_timeout,
            "seconds between two requests of a connection; longer than the load balancer's")
      ->check(CLI::Range(1, 86'400));
  program
      .Flag("stop-delay", flags.stop_delay,
            "seconds after SIGTERM in which /healthz fails and the rest goes on")
      ->check(CLI::Range(0, 600));
}

void AddAllocationFlags(Program& program, Flags& flags) {
  program.Flag("namespace", flags.ns, "of the game servers");
  program.Flag("fleet", flags.fleet, "fleet to allocate from; empty: any");
  program.Flag("region", flags.region, "label region, unless ?region= names one; empty: any");
  program.Flag("label", flags.labels, "key=value that servers must have, repeatable");
  program.Switch("multicluster", flags.multicluster, "multi-cluster allocation");
  allocator_flags::AddAllocatorFlags(program, flags.allocator);
  program.Flag("timeout", flags.timeout, "seconds for an allocation")->check(CLI::Range(1, 300));
  program.Flag("max-in-flight", flags.max_in_flight, "allocations at a time; 503 beyond")
      ->check(gsh::service::WholeNumberFrom(1));
}

StatusOr<allocator_service::Selection> SelectionOf(const Flags& flags) {
  allocator_service::Selection selection{.ns = flags.ns,
                                         .fleet = flags.fleet,
                                         .region = flags.region,
                                         .multicluster = flags.multicluster};
  for (const std::string& text : flags.labels) {
    auto label = allocator_service::ParseLabel(text);
    if (!label.ok()) return label.status().WithContext("--label " + text);
    selection.labels.insert(*std::move(label));
  }
  if (Status checked = CheckSelection(selection); !checked.ok()) return checked;
  return selection;
}

StatusOr<allocator_service::ServiceOptions> ToOptions(Program& program, const Flags& flags) {
  auto selection = SelectionOf(flags);
  if (!selection.ok()) return selection.status();
  allocator_service::ServiceOptions options{
      .selection = *std::move(selection),
      .rate_limit = flags.rate_limit,
      .max_in_flight = flags.max_in_flight,
      .metrics_text = [&program] { return program.MetricsText(); },
      .authenticator = {.failures_per_minute = flags.max_failures, .metrics = &program.metrics()},
      .taker = {.timeout = seconds(flags.timeout), .log = &program.log()},
      .log = &program.log(),
      .metrics = &program.metrics()};
  for (const std::string& text : flags.trusted_proxies) {
    auto network = allocator_service::Network::Parse(text);
    if (!network.ok()) return network.status().WithContext("--trusted-proxy");
    options.trusted_proxies.push_back(*network);
  }
  return options;
}

StatusOr<std::unique_ptr<http::Server>> Serve(Program& program, const Flags& flags,
                                              Service& service) {
  http::ServerOptions options{
      .address = flags.listen,
      .async_handler =
          [&service](http::Request request, http::Respond respond) {
            service.Handle(std::move(request), std::move(respond));
          },
      .max_header_bytes = 8u << 10,
      .max_body_bytes = 1u << 10,
      .max_connections = static_cast<std::size_t>(flags.max_connections),
      .request_timeout = seconds(flags.timeout + 5),  // the allocation, and a slow client
      .idle_timeout = seconds(flags.idle_timeout),
      .log = &program.log()};
  if (!flags.insecure) {
    const auto files = http::ServerTlsFiles::Open({.cert_file = flags.tls_cert,
                                                   .key_file = flags.tls_key,
                                                   .log = &program.log(),
                                                   .metrics = &program.metrics()});
    if (!files.ok()) return files.status().WithContext("--tls-cert, --tls-key");
    options.tls = [shared = *files] { return shared->Context(); };
  }
  auto server = http::Server::Start(std::move(options));
  if (!server.ok()) return server.status().WithContext("--listen");
  return server;
}

Status Run(Program& program, const Flags& flags) {
  if (!flags.hash_password.empty()) {
    return allocator_service::PrintNewUser(flags.hash_password, std::cin, std::cout);
  }
  auto options = ToOptions(program, flags);
  if (!options.ok()) return options.status();
  auto users =
      allocator_service::UserSource::Open({.file = flags.users_file, .log = &program.log()});
  if (!users.ok()) return users.status();
  const auto allocator = allocator_flags::ConnectAllocator(program, flags.allocator);
  if (!allocator.ok()) return allocator.status();
  Service service(**allocator, *std::move(users), *std::move(options));
  const auto server = Serve(program, flags, service);
  if (!server.ok()) return server.status();
  const std::string port = std::to_string((*server)->port());
  program.Line(
      std::string(flags.insecure ? "HTTP" : "HTTPS") + " server is running on port " + port,
      {{"port", port}});
  program.SetReady(true);
  SystemClock().SleepFor(Duration::max(), program.stop());
  program.SetReady(false);
  service.BeginStop();
  SystemClock().SleepFor(seconds(flags.stop_delay));
  (*server)->Stop();
  return OkStatus();
}

}  // namespace
}  // namespace gsh

int main(int argc, char** argv) {
  gsh::service::Program program("gsh-allocator-service",
                                "Gives a game server to whoever may have one: GET /address.",
                                gsh::kExamples);
  gsh::Flags flags;
  gsh::AddServerFlags(program, flags);
  gsh::AddAllocationFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& p) { return gsh::Run(p, flags); });
}
