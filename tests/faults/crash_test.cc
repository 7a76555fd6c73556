// gsh-mmf and gsh-director are killed at their work, again and again, while 1,000 players wait.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/arena.h"
#include "tests/faults/cutting_proxy.h"
#include "tests/support/running_program.h"

namespace gsh::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RunningProgram;
using testing::SandboxFault;
using When = SandboxFault::When;

// A port of 127.0.0.1 that nobody listens on, and that stays so while no match function does: below
// the ports that the system and the sandbox choose from.
int UnusedPort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int port = 10'000 + getpid() % 6'000;
  do {
    address.sin_port = htons(static_cast<std::uint16_t>(++port));
  } while (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && port < 17'000);
  close(fd);
  return port;
}

// Until so many of its lines hold `text`.
bool AwaitLines(const RunningProgram& program, const std::string& text, int count) {
  const SteadyTime deadline = SystemClock().SteadyNow() + seconds(30);
  for (;;) {
    const std::vector<std::string> lines = program.Lines();
    if (std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
          return line.find(text) != std::string::npos;
        }) >= count) {
      return true;
    }
    if (SystemClock().SteadyNow() > deadline) {
      const std::string output = program.Output();
      ADD_FAILURE() << "not " << count << " lines with '" << text << "', but at the end:\n"
                    << output.substr(output.size() - std::min<std::size_t>(output.size(), 2000));
      return false;
    }
    SystemClock().SleepFor(milliseconds(1));
  }
}

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(arena_.AwaitReady(2 * 150));
    arena_.QueuePlayers();
  }

  std::unique_ptr<RunningProgram> StartMatchFunction() {
    const std::string& query = arena_.sandbox->endpoints().query;
    const std::size_t colon = query.rfind(':');
    return Start("gsh-mmf", {"-queryServiceAddr", query.substr(0, colon), "-queryServicePort",
                             query.substr(colon + 1), "-serverPort", std::to_string(mmf_port_),
                             "--bind", "127.0.0.1"});
  }
  std::unique_ptr<RunningProgram> StartDirector() { return StartDirector(arena_.allocator()); }
  std::unique_ptr<RunningProgram> StartDirector(const std::string& allocators) {
    const std::string& backend = arena_.sandbox->endpoints().backend;
    const std::size_t colon = backend.rfind(':');
    return Start(
        "gsh-director",
        {"-backendAddr", backend.substr(0, colon), "-backendPort", backend.substr(colon + 1),
         "-functionAddr", "127.0.0.1", "-functionPort", std::to_string(mmf_port_), "-allocatorAddr",
         allocators, "-frontendAddr", arena_.sandbox->endpoints().frontend, "--max-in-flight", "16",
         "--allocator-tls-dir", arena_.dir.File("agones-tls")});
  }

  std::unique_ptr<RunningProgram> Start(const std::string& name, std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--openmatch-tls-dir", arena_.dir.File("openmatch-tls")});
    return std::make_unique<RunningProgram>(
        testing::ProgramOptions{.program = name, .args = std::move(flags)});
  }
  static void Kill(RunningProgram& program) {
    program.Signal(SIGKILL);
    EXPECT_EQ(program.Wait(), 128 + SIGKILL) << program.Output();
  }

  // From now on, until the faults are cleared.
  void Delay(const std::string& method, When when, Duration delay) {
    arena_.sandbox->InjectFault({.method = method, .when = when, .delay = delay, .times = -1});
  }

  Arena arena_{{.replicas = 150,
                .pending_release_timeout = milliseconds(1500),
                .allocation_batch_wait = milliseconds(50),
                .first_player_timeout = seconds(5)}};
  // Longer than anything here takes: a call that is held ends with its caller.
  static constexpr seconds kHeld{60};
  const int mmf_port_ = UnusedPort();
};

TEST_F(CrashTest, NothingIsLostWhenTheMatchFunctionIsKilled) {
  const auto director = StartDirector();
  {
    Delay("QueryTickets", When::kBefore, seconds(1));
    const auto asking = StartMatchFunction();
    ASSERT_TRUE(AwaitLines(*director, "Fetching matches", 1));
    SystemClock().SleepFor(milliseconds(500));
    Kill(*asking);
    arena_.sandbox->ClearFaults();
  }
  for (int i = 0; i < 2; ++i) {
    const auto proposing = StartMatchFunction();
    ASSERT_TRUE(AwaitLines(*proposing, "Generating proposals", 1));
    Kill(*proposing);
  }
  const auto match_function = StartMatchFunction();
  arena_.ExpectAllPlay();
}

TEST_F(CrashTest, NothingIsLostWhenTheDirectorIsKilled) {
  const auto match_function = StartMatchFunction();
  {
    // After matches were fetched, before anything was allocated. (What is still on the wire when
    // the fault is cleared may take effect: the count comes before.)
    Delay("Allocate", When::kBefore, kHeld);
    const auto director = StartDirector();
    ASSERT_TRUE(AwaitLines(*director, "Generated", 1));
    EXPECT_EQ(arena_.allocated(), 0);
    Kill(*director);
    arena_.sandbox->ClearFaults();
  }
  {
    // Some allocated, none assigned.
    Delay("AssignTickets", When::kBefore, kHeld);
    const auto director = StartDirector();
    ASSERT_TRUE(AwaitLines(*director, "Gameserver: ", 40));
    EXPECT_EQ(arena_.players->assigned(), 0u);
    Kill(*director);
    EXPECT_GE(arena_.allocated(), 40);
    arena_.sandbox->ClearFaults();
  }
  {
    // Some assigned, and the director has not heard of it.
    Delay("AssignTickets", When::kAfter, kHeld);
    const auto director = StartDirector();
    ASSERT_TRUE(arena_.players->AwaitAssigned(1, seconds(20)));
    Kill(*director);
    arena_.sandbox->ClearFaults();
  }
  // Between two of its calls; slowly, so that it does not end before it is killed.
  Delay("Allocate", When::kBefore, milliseconds(300));
  for (int i = 0; i < 2; ++i) {
    const auto director = StartDirector();
    ASSERT_TRUE(AwaitLines(*director, "Assigned server", 1 + 10 * i));
    Kill(*director);
  }
  arena_.sandbox->ClearFaults();
  EXPECT_LT(arena_.players->assigned(), static_cast<std::size_t>(Arena::kPlayers));
  const auto director = StartDirector();
  arena_.ExpectAllPlay();
  EXPECT_GE(arena_.game_servers->ended(), 40);
}

TEST_F(CrashTest, NothingIsLostWhenTheFirstOfTwoAllocatorsIsKilled) {
  CuttingProxy first(arena_.allocator(), {});
  CuttingProxy second(arena_.allocator(), {});
  const auto match_function = StartMatchFunction();
  // Servers are taken a while before the answer comes: there are such calls when it is cut.
  Delay("Allocate", When::kAfter, milliseconds(100));
  const auto director = StartDirector(first.endpoint() + "," + second.endpoint());
  ASSERT_TRUE(AwaitLines(*director, "Gameserver: ", 40));
  first.Kill(std::chrono::hours(1));
  EXPECT_LT(arena_.players->assigned(), static_cast<std::size_t>(Arena::kPlayers));
  arena_.ExpectAllPlay();
  EXPECT_EQ(first.cuts(), 1);
  EXPECT_EQ(second.cuts(), 0);
}

}  // namespace
}  // namespace gsh::faults
