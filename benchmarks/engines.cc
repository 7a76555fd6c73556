#include "benchmarks/engines.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "src/testing/temporary_directory.h"

namespace gsh::benchmarks {
namespace {

TlsOptions TlsFrom(const std::string& dir, const std::string& client, const std::string& name) {
  if (dir.empty()) return {.insecure = true};
  return {.ca_file = dir + "/ca.crt",
          .cert_file = dir + "/" + client + ".crt",
          .key_file = dir + "/" + client + ".key",
          .server_name = name};
}

Engines NamedEngines() {
  Engines engines;
  engines.frontend = FromEnvironment("GSH_BENCH_FRONTEND", "");
  engines.backend = FromEnvironment("GSH_BENCH_BACKEND", "");
  engines.query = FromEnvironment("GSH_BENCH_QUERY", "");
  engines.allocator = FromEnvironment("GSH_BENCH_ALLOCATOR", "");
  engines.mmf_listen = FromEnvironment("GSH_BENCH_MMF", "127.0.0.1:50502");
  engines.open_match_tls = TlsFrom(FromEnvironment("GSH_BENCH_TLS_DIR", ""), "tls",
                                   FromEnvironment("GSH_BENCH_TLS_NAME", ""));
  engines.allocator_tls = TlsFrom(FromEnvironment("GSH_BENCH_ALLOCATOR_TLS_DIR", ""), "client",
                                  FromEnvironment("GSH_BENCH_ALLOCATOR_TLS_NAME", ""));
  if (engines.query.empty() || engines.allocator.empty()) engines.backend.clear();
  return engines;
}

bool AllReady(const std::vector<testing::SandboxGameServer>& servers, std::size_t wanted) {
  std::size_t ready = 0;
  for (const testing::SandboxGameServer& server : servers) ready += server.state == "Ready";
  return ready == wanted;
}

}  // namespace

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

double FromEnvironment(const char* name, double otherwise) {
  const std::string text = FromEnvironment(name, std::string());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

const std::vector<std::string>& Regions() {
  static const std::vector<std::string> kNames = {"us-east-1", "us-east-2"};
  return kNames;
}

StatusOr<Engines> StartSandbox(int servers) {
  const auto dir = std::make_shared<const testing::TemporaryDirectory>();
  auto sandbox = testing::Sandbox::Start({.dir = dir->string(),
                                          .regions = Regions(),
                                          .replicas = servers,
                                          .fleet = {.side_cars = false}});
  if (!sandbox.ok()) return sandbox.status();
  Engines engines;
  // The directory goes after it.
  engines.sandbox = {sandbox->release(), [dir](testing::Sandbox* ended) { delete ended; }};
  const std::size_t wanted = static_cast<std::size_t>(servers) * Regions().size();
  const auto all_ready = [wanted](const auto& current) { return AllReady(current, wanted); };
  if (!engines.sandbox->WaitForGameServers(all_ready, std::chrono::minutes(1))) {
    return UnavailableError("the sandbox's game servers do not become Ready");
  }
  const testing::SandboxEndpoints& endpoints = engines.sandbox->endpoints();
  engines.frontend = endpoints.frontend;
  engines.backend = endpoints.backend;
  engines.query = endpoints.query;
  engines.allocator = endpoints.allocators.begin()->second;
  engines.open_match_tls = engines.sandbox->open_match_tls();
  engines.allocator_tls = engines.sandbox->allocator_tls();
  return engines;
}

StatusOr<Engines> StartEngines(int servers) {
  Engines named = NamedEngines();
  if (named.frontend.empty()) return StartSandbox(servers);
  return named;
}

}  // namespace gsh::benchmarks
