#include "tests/faults/matchmaking.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "gsh/mmf/latency_match_function.h"

namespace gsh::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string& Or(const std::string& given, const std::string& otherwise) {
  return given.empty() ? otherwise : given;
}

template <typename Port>
std::unique_ptr<Port> Made(StatusOr<std::unique_ptr<Port>> made) {
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

}  // namespace

Matchmaking::Matchmaking(const Arena& arena, const MatchmakingEndpoints& endpoints) {
  StartMatchFunction(arena, Or(endpoints.query, arena.sandbox->endpoints().query));
  Connect(arena, endpoints);
  director_ = Made(director::Director::Make(Options(arena)));
  thread_ = std::jthread([this](const std::stop_token& stop) {
    const Status status = director_->Run(stop);
    EXPECT_TRUE(status.ok()) << status;
  });
}

Matchmaking::~Matchmaking() {
  thread_.request_stop();
  thread_.join();
}

void Matchmaking::StartMatchFunction(const Arena& arena, const std::string& query) {
  query_ = Made(openmatch::MakeQuery({.client = arena.OpenMatchClient(query)}));
  TlsOptions tls = arena.sandbox->open_match_tls();
  tls.ca_file.clear();  // callers need no certificate
  match_function_ = Made(openmatch::StartMatchFunctionServer(
      {.listen = "127.0.0.1:0",
       .tls = tls,
       .query = query_.get(),
       .function = mmf::MakeLatencyMatchFunction({.match_size = Arena::kMatchSize}),
       .query_timeout = seconds(5)}));
}

void Matchmaking::Connect(const Arena& arena, const MatchmakingEndpoints& endpoints) {
  const testing::SandboxEndpoints& own = arena.sandbox->endpoints();
  backend_ = Made(openmatch::MakeBackend(
      {.client = arena.OpenMatchClient(Or(endpoints.backend, own.backend))}));
  frontend_ = Made(openmatch::MakeFrontend(
      {.client = arena.OpenMatchClient(Or(endpoints.frontend, own.frontend))}));
  allocator_ = Made(agones::MakeAllocator(
      {.client = arena.AllocatorClient(Or(endpoints.allocator, arena.allocator()))}));
}

director::DirectorOptions Matchmaking::Options(const Arena& arena) {
  director::DirectorOptions options{.backend = backend_.get(),
                                    .allocator = allocator_.get(),
                                    .frontend = frontend_.get(),
                                    .function = {.host = "127.0.0.1"},
                                    .regions = arena.regions,
                                    .max_in_flight = 64,
                                    .assign_batch = 10,
                                    .fetch_timeout = seconds(10),
                                    .allocate_timeout = seconds(5),
                                    .unclear_pause = milliseconds(250)};
  options.function.port = match_function_->port();
  options.on_event = [this](const director::Event& event) {
    std::lock_guard lock(mutex_);
    ++events_[event.kind];
    tickets_[event.kind] += event.count;
  };
  return options;
}

int Matchmaking::Count(director::Event::Kind kind) const {
  std::lock_guard lock(mutex_);
  const auto found = events_.find(kind);
  return found == events_.end() ? 0 : found->second;
}

std::size_t Matchmaking::Tickets(director::Event::Kind kind) const {
  std::lock_guard lock(mutex_);
  const auto found = tickets_.find(kind);
  return found == tickets_.end() ? 0 : found->second;
}

}  // namespace gsh::faults
