// gsh-mmf and gsh-director are killed at their work, again and again, while 1,000 players wait.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/arena.h"
#include "tests/faults/program.h"

namespace gsh::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SandboxFault;
using When = SandboxFault::When;

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(arena_.AwaitReady(2 * 150));
    arena_.QueuePlayers();
  }

  std::unique_ptr<Program> StartMatchFunction() {
    const std::string& query = arena_.sandbox->endpoints().query;
    const std::size_t colon = query.rfind(':');
    return Start("gsh-mmf", {"-queryServiceAddr", query.substr(0, colon), "-queryServicePort",
                             query.substr(colon + 1), "-serverPort", std::to_string(mmf_port_),
                             "--bind", "127.0.0.1"});
  }
  std::unique_ptr<Program> StartDirector() {
    const std::string& backend = arena_.sandbox->endpoints().backend;
    const std::string allocator = arena_.allocator();
    const std::size_t colon = backend.rfind(':');
    const std::size_t allocator_colon = allocator.rfind(':');
    return Start("gsh-director",
                 {"-backendAddr", backend.substr(0, colon), "-backendPort",
                  backend.substr(colon + 1), "-functionAddr", "127.0.0.1", "-functionPort",
                  std::to_string(mmf_port_), "-allocatorAddr", allocator.substr(0, allocator_colon),
                  "-allocatorPort", allocator.substr(allocator_colon + 1), "-frontendAddr",
                  arena_.sandbox->endpoints().frontend, "--max-in-flight", "16",
                  "--allocator-tls-dir", (arena_.dir / "agones-tls").string()});
  }

  // Each run of a program has a log of its own.
  std::unique_ptr<Program> Start(const std::string& name, std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--openmatch-tls-dir", (arena_.dir / "openmatch-tls").string()});
    const std::string log = arena_.dir / (name + std::to_string(++runs_) + ".log");
    return std::make_unique<Program>(name, std::move(flags), log);
  }

  // From now on, until the faults are cleared.
  void Delay(const std::string& method, When when, Duration delay) {
    arena_.sandbox->InjectFault({.method = method, .when = when, .delay = delay, .times = -1});
  }

  Arena arena_{{.replicas = 150,
                .pending_release_timeout = milliseconds(1500),
                .allocation_batch_wait = milliseconds(50),
                .first_player_timeout = seconds(3)}};
  const int mmf_port_ = FreePort();
  int runs_ = 0;
};

TEST_F(CrashTest, NothingIsLostWhenTheMatchFunctionIsKilled) {
  const auto director = StartDirector();
  {
    Delay("QueryTickets", When::kBefore, seconds(1));
    const auto asking = StartMatchFunction();
    ASSERT_TRUE(director->AwaitLines("Fetching matches", 1));
    SystemClock().SleepFor(milliseconds(500));
    asking->Kill();
    arena_.sandbox->ClearFaults();
  }
  for (int i = 0; i < 2; ++i) {
    const auto proposing = StartMatchFunction();
    ASSERT_TRUE(proposing->AwaitLines("Generating proposals", 1));
    proposing->Kill();
  }
  const auto match_function = StartMatchFunction();
  arena_.ExpectAllPlay();
}

TEST_F(CrashTest, NothingIsLostWhenTheDirectorIsKilled) {
  const auto match_function = StartMatchFunction();
  {
    // After matches were fetched, before anything was allocated.
    Delay("Allocate", When::kBefore, seconds(5));
    const auto director = StartDirector();
    ASSERT_TRUE(director->AwaitLines("Generated", 1));
    director->Kill();
    arena_.sandbox->ClearFaults();
    EXPECT_EQ(arena_.allocated(), 0);
  }
  {
    // Some allocated, none assigned.
    Delay("AssignTickets", When::kBefore, seconds(5));
    const auto director = StartDirector();
    ASSERT_TRUE(director->AwaitLines("Gameserver: ", 40));
    director->Kill();
    arena_.sandbox->ClearFaults();
    EXPECT_GE(arena_.allocated(), 40);
    EXPECT_EQ(arena_.players->assigned(), 0u);
  }
  {
    // Some assigned, and the director has not heard of it.
    Delay("AssignTickets", When::kAfter, seconds(5));
    const auto director = StartDirector();
    ASSERT_TRUE(arena_.players->AwaitAssigned(1, seconds(20)));
    director->Kill();
    arena_.sandbox->ClearFaults();
  }
  for (int i = 0; i < 2; ++i) {
    // Between two of its calls.
    const auto director = StartDirector();
    ASSERT_TRUE(director->AwaitLines("Assigned server", 1 + 10 * i));
    director->Kill();
  }
  EXPECT_LT(arena_.players->assigned(), static_cast<std::size_t>(Arena::kPlayers));
  const auto director = StartDirector();
  arena_.ExpectAllPlay();
  EXPECT_GE(arena_.game_servers->ended(), 40);
}

}  // namespace
}  // namespace gsh::faults
