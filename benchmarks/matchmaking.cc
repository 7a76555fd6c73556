#include "benchmarks/matchmaking.h"

#include <string>
#include <utility>

#include "gsh/mmf/latency_match_function.h"

namespace gsh::benchmarks {
namespace {

TlsOptions ServerTls(TlsOptions tls) {
  tls.ca_file.clear();
  tls.server_name.clear();
  return tls;
}

}  // namespace

StatusOr<std::unique_ptr<Matchmaking>> Matchmaking::Make(const Engines& engines,
                                                         director::DirectorOptions options) {
  std::unique_ptr<Matchmaking> made(new Matchmaking);
  auto query =
      openmatch::MakeQuery({.client = {.endpoint = engines.query, .tls = engines.open_match_tls}});
  if (!query.ok()) return query.status();
  made->query_ = *std::move(query);
  auto server = openmatch::StartMatchFunctionServer({.listen = engines.mmf_listen,
                                                     .tls = ServerTls(engines.open_match_tls),
                                                     .query = made->query_.get(),
                                                     .function = mmf::MakeLatencyMatchFunction()});
  if (!server.ok()) return server.status();
  made->match_function_ = *std::move(server);
  auto backend = openmatch::MakeBackend(
      {.client = {.endpoint = engines.backend, .tls = engines.open_match_tls}});
  if (!backend.ok()) return backend.status();
  made->backend_ = *std::move(backend);
  if (options.allocator == nullptr) {
    auto allocator = agones::MakeAllocator(
        {.client = {.endpoint = engines.allocator, .tls = engines.allocator_tls}});
    if (!allocator.ok()) return allocator.status();
    made->allocator_ = *std::move(allocator);
    options.allocator = made->allocator_.get();
  }
  options.backend = made->backend_.get();
  options.function = {.host = engines.mmf_listen.substr(0, engines.mmf_listen.rfind(':')),
                      .port = made->match_function_->port()};
  options.regions = Regions();
  auto director = director::Director::Make(std::move(options));
  if (!director.ok()) return director.status();
  made->director_ = *std::move(director);
  return made;
}

void Matchmaking::Start() {
  thread_ = std::jthread([this](std::stop_token stop) {
    // Ends by `stop` alone: a round that fails is tried again.
    if (const Status ended = director_->Run(std::move(stop)); !ended.ok()) std::abort();
  });
}

void Matchmaking::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace gsh::benchmarks
