#include "tests/faults/arena.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "gsh/agones/match_annotation.h"

namespace gsh::faults {
namespace {

using ::testing::IsEmpty;
using testing::Sandbox;
using testing::SandboxGameServer;
using Servers = std::vector<SandboxGameServer>;

long Count(const Servers& servers, const std::string& state) {
  return std::count_if(servers.begin(), servers.end(),
                       [&](const SandboxGameServer& server) { return server.state == state; });
}

std::string ConnectionOf(const SandboxGameServer& server) {
  return server.address + ":" + std::to_string(server.port);
}

std::unique_ptr<openmatch::Frontend> Connect(ClientOptions client) {
  auto frontend = openmatch::MakeFrontend({.client = std::move(client)});
  EXPECT_TRUE(frontend.ok()) << frontend.status();
  return *std::move(frontend);
}

}  // namespace

Arena::Arena(ArenaOptions options) {
  auto started =
      Sandbox::Start({.dir = dir.string(),
                      .insecure = options.insecure,
                      .regions = regions,
                      .replicas = options.replicas,
                      .open_match = {.registration_interval = std::chrono::milliseconds(20),
                                     .pending_release_timeout = options.pending_release_timeout},
                      .allocation_batch_wait = options.allocation_batch_wait});
  EXPECT_TRUE(started.ok()) << started.status();
  sandbox = *std::move(started);
  game_servers = std::make_unique<GameServers>(*sandbox, options.first_player_timeout);
  players = std::make_unique<Players>(
      [this](const std::string& connection) { return game_servers->Join(connection); });
  frontend_ = Connect(OpenMatchClient(sandbox->endpoints().frontend));
}

Arena::~Arena() {
  watching_.reset();
  game_servers.reset();
  frontend_.reset();
  sandbox.reset();
}

ClientOptions Arena::OpenMatchClient(const std::string& endpoint) const {
  return {.endpoint = endpoint, .tls = sandbox->open_match_tls()};
}

ClientOptions Arena::AllocatorClient(const std::string& endpoint) const {
  return {.endpoint = endpoint, .tls = sandbox->allocator_tls()};
}

void Arena::QueuePlayers(const std::string& endpoint) {
  players->Queue(*frontend_, kPlayers, regions);
  watching_ = Connect(OpenMatchClient(endpoint.empty() ? sandbox->endpoints().frontend : endpoint));
  players->Watch(*watching_);
}

bool Arena::AwaitReady(int servers, Duration timeout) {
  return sandbox->WaitForGameServers(
      [&](const Servers& all) { return Count(all, "Ready") >= servers; }, timeout);
}

int Arena::allocated() const {
  return static_cast<int>(Count(sandbox->game_servers(), "Allocated"));
}

void Arena::ExpectAllPlay(Duration timeout) {
  EXPECT_TRUE(players->AwaitAssigned(kPlayers, timeout))
      << players->assigned() << " of " << kPlayers << " players were assigned";
  EXPECT_TRUE(sandbox->WaitForGameServers(
      [&](const Servers& all) { return Count(all, "Allocated") == kMatches; }, timeout))
      << allocated() << " servers are allocated for " << kMatches << " matches";
  EXPECT_THAT(players->complaints(), IsEmpty());
  EXPECT_EQ(sandbox->ticket_count(), static_cast<std::size_t>(kPlayers));
  ExpectServersAreUsed();
  ExpectTicketsAgree();
}

// Each ticket was given one address, and the server there is allocated for a match that has it.
void Arena::ExpectServersAreUsed() const {
  std::map<std::string, std::set<std::string>> seated;  // by connection
  for (const auto& [ticket, connections] : players->connections()) {
    EXPECT_EQ(connections.size(), 1u) << ticket << " was assigned more than once";
    for (const std::string& connection : connections) seated[connection].insert(ticket);
  }
  EXPECT_EQ(seated.size(), static_cast<std::size_t>(kMatches));
  for (const SandboxGameServer& server : sandbox->game_servers()) {
    if (server.state != "Allocated") continue;
    const auto match = agones::MatchOf(
        {.annotations = server.annotations, .labels = server.labels, .state = server.state});
    ASSERT_TRUE(match) << server.name << " does not know its match";
    const std::set<std::string> roster(match->ticket_ids.begin(), match->ticket_ids.end());
    EXPECT_EQ(roster, seated[ConnectionOf(server)]) << server.name << ", match " << match->id;
    EXPECT_EQ(roster.size(), static_cast<std::size_t>(kMatchSize)) << server.name;
    seated.erase(ConnectionOf(server));
  }
  for (const auto& [connection, tickets] : seated) {
    ADD_FAILURE() << tickets.size() << " players sit on " << connection << ", not allocated";
  }
}

// Nobody was told otherwise since.
void Arena::ExpectTicketsAgree() {
  const auto connections = players->connections();
  for (const std::string& id : players->tickets()) {
    const auto ticket = frontend_->GetTicket(id);
    ASSERT_TRUE(ticket.ok()) << id << " is lost: " << ticket.status();
    ASSERT_TRUE(ticket->assignment) << id;
    const auto told = connections.find(id);
    ASSERT_NE(told, connections.end()) << id;
    EXPECT_TRUE(told->second.contains(ticket->assignment->connection)) << id;
  }
}

}  // namespace gsh::faults
