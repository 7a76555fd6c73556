// gsh-stk-server with servers that know nothing of Agones: the real ncat, and a script that says
// what SuperTuxKart says; gsh-stk-client with a script in the game's place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/openmatch/backend.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::ProgramOptions;
using testing::RunningProgram;
using testing::RunToEnd;
using testing::SandboxGameServer;

constexpr char kNcat[] = "/usr/bin/ncat";
constexpr auto kPatience = RunningProgram::kPatience;
const std::string kWrapper = GSH_BIN_DIR "/gsh-stk-server";

class ServerWrapperTest : public ::testing::Test {
 protected:
  void StartSandbox(const std::string& game_server) {
    auto sandbox = testing::Sandbox::Start({.dir = dir_.File("sandbox"),
                                            .regions = {"eu"},
                                            .replicas = 1,
                                            .game_server = game_server,
                                            .allocation_batch_wait = Duration::zero()});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
  }
  // The one server, once it is in that state.
  SandboxGameServer WaitFor(const std::string& state, const std::string& other_than = "") {
    SandboxGameServer found;
    const bool came = sandbox_->WaitForGameServers(
        [&](const std::vector<SandboxGameServer>& servers) {
          for (const SandboxGameServer& server : servers) {
            if (server.state != state || server.name == other_than) continue;
            found = server;
            return true;
          }
          return false;
        },
        kPatience);
    EXPECT_TRUE(came) << "no server is " << state << "\n" << Logs();
    return found;
  }
  SandboxGameServer Allocate() {
    WaitFor("Ready");
    const auto allocator =
        agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at("eu"),
                                          .tls = sandbox_->allocator_tls()}});
    EXPECT_THAT(allocator, IsOk());
    EXPECT_THAT((*allocator)->Allocate({.selectors = {{}}}), IsOk());
    return WaitFor("Allocated");
  }
  std::string Logs() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.File("sandbox/logs"))) {
      std::ifstream file(entry.path());
      all += std::string(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  std::string Script(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name)) << "#!/bin/sh\n" << text;
    chmod(dir_.File(name).c_str(), 0755);
    return dir_.File(name);
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<testing::Sandbox> sandbox_;
};

TEST_F(ServerWrapperTest, TheRealNcatChats) {
  StartSandbox(kWrapper + " --profile ncat -- " + kNcat + " -l --chat -vv 127.0.0.1 {port}");
  const SandboxGameServer server = Allocate();
  const auto player = [&] {
    return std::make_unique<RunningProgram>(
        ProgramOptions{.program = kNcat, .args = {"127.0.0.1", std::to_string(server.port)}});
  };
  const auto ann = player();
  ASSERT_TRUE(ann->WaitForText("<announce> 127.0.0.1 is connected as <user")) << Logs();
  const auto bob = player();
  ASSERT_TRUE(bob->WaitForText("<announce> already connected: 127.0.0.1 as"));
  ann->Type("hello bob\n");
  EXPECT_TRUE(bob->WaitForText("> hello bob"));
  ann->Signal(SIGKILL);
  EXPECT_TRUE(bob->WaitForText(" is disconnected."));
  EXPECT_EQ(WaitFor("Allocated").name, server.name) << "somebody is still there";
  bob->Signal(SIGTERM);
  EXPECT_NE(WaitFor("Ready").name, server.name) << "the last one left, and the fleet has a new one";
  EXPECT_THAT(Logs(), HasSubstr("reason=\"the last player left\""));
  EXPECT_THAT(Logs(), HasSubstr("Ncat: Listening on 127.0.0.1:"));  // lines pass through
}

TEST_F(ServerWrapperTest, AServerThatNobodyJoinsEnds) {
  StartSandbox(kWrapper + " --profile ncat --first-player-timeout 1 -- " + kNcat +
               " -l --chat -vv 127.0.0.1 {port}");
  const SandboxGameServer server = Allocate();
  EXPECT_NE(WaitFor("Ready").name, server.name);
  EXPECT_THAT(Logs(), HasSubstr("nobody joined"));
}

// A script that prints the real server's lines, as it is told through a named pipe.
constexpr char kFakeStk[] = R"(
stamp='\033[0;;m\033[0mSat Nov 21 23:58:28 2026 [info   ] STKHost:'
test -t 1 || exit 9
printf "$stamp Host initialized.\n$stamp Listening has been started.\n"
while true; do
  while read -r who what count; do
    printf "$stamp $who has just $what. There are now $count peers.\n"
  done < "$1"
done
)";

TEST_F(ServerWrapperTest, SuperTuxKartsLinesDriveTheServer) {
  const std::string pipe = dir_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  StartSandbox(kWrapper + " --profile stk -- " + Script("stk", kFakeStk) + " " + pipe);
  const SandboxGameServer server = Allocate();
  std::ofstream tell(pipe);
  tell << "192.0.2.1:1234 connected 1\n192.0.2.2:1234 connected 2\n" << std::flush;
  tell << "192.0.2.1:1234 disconnected 1\n" << std::flush;
  EXPECT_EQ(WaitFor("Allocated").name, server.name);
  tell << "192.0.2.2:1234 disconnected 0\n" << std::flush;
  EXPECT_NE(WaitFor("Ready").name, server.name);
  EXPECT_THAT(Logs(), HasSubstr("reason=\"the last player left\""));
}

// Whoever kills the wrapper has no server left over.
TEST_F(ServerWrapperTest, TheServerDiesWithItsWrapper) {
  RunningProgram wrapper(
      {.program = "gsh-stk-server",
       .args = {"--profile", "ncat", "--", "sh", "-c", "echo pid $$; exec sleep 1000"}});
  ASSERT_TRUE(wrapper.WaitForText("pid "));
  int pid = 0;
  for (const std::string& line : wrapper.Lines()) {
    if (line.starts_with("pid ")) pid = std::stoi(line.substr(4));
  }
  ASSERT_GT(pid, 0);
  wrapper.Signal(SIGKILL);
  wrapper.Wait();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto runs = [&] {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return stat >> id >> name >> state && state != "Z" && state != "X";
  };
  while (runs() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(runs());
}

TEST_F(ServerWrapperTest, TheServersExitCodeIsTheWrappers) {
  EXPECT_EQ(RunToEnd({.program = "gsh-stk-server",
                      .args = {"--profile", "ncat", "--", "sh", "-c", "exit 5"}})
                .exit_code,
            5);
  EXPECT_EQ(RunToEnd({.program = "gsh-stk-server", .args = {"--", "/nowhere"}}).exit_code, 1);
}

TEST_F(ServerWrapperTest, BadCommandLines) {
  const auto fails = [&](const std::vector<std::string>& args, const std::string& message) {
    const testing::Outcome outcome = RunToEnd({.program = "gsh-stk-server", .args = args});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr(message));
  };
  fails({}, "no command: wanted gsh-stk-server [FLAG...] -- COMMAND...");
  fails({"--profile", "quake", "--", "true"}, "--profile: no profile is built in as 'quake'");
  std::ofstream(dir_.File("bad.ini")) << "joined = (\n";
  fails({"--profile", dir_.File("bad.ini"), "--", "true"}, dir_.File("bad.ini") + ":1: joined: ");
}

class StkClientTest : public ServerWrapperTest {
 protected:
  // A client that got its ticket and is told where to play.
  std::unique_ptr<RunningProgram> Play(const std::string& game,
                                       const std::vector<std::string>& more = {}) {
    StartSandbox("");
    std::vector<std::string> args = {
        "-frontend", sandbox_->endpoints().frontend, "-latencyUsEast1", "10", "-path", game};
    args.insert(args.end(), more.begin(), more.end());
    auto client = std::make_unique<RunningProgram>(ProgramOptions{
        .program = "gsh-stk-client", .args = args, .directory = dir_.File("sandbox/client-tls")});
    const std::string mark = "Ticket ID: ";
    EXPECT_TRUE(client->WaitForText("Waiting for ticket assignment")) << client->Output();
    const std::string output = client->Output();
    const std::size_t begin = output.find(mark) + mark.size();
    const std::string ticket = output.substr(begin, output.find('\n', begin) - begin);
    const auto backend = openmatch::MakeBackend(
        {.client = {.endpoint = sandbox_->endpoints().backend, .tls = sandbox_->open_match_tls()}});
    EXPECT_THAT(backend, IsOk());
    EXPECT_THAT((*backend)->AssignTickets(
                    {{.ticket_ids = {ticket}, .assignment = {.connection = "192.0.2.7:7000"}}}),
                IsOk());
    return client;
  }
};

TEST_F(StkClientTest, RunsTheGameAtTheServer) {
  const auto client = Play(Script("supertuxkart", "echo \"game: $*\"\n"), {"--", "--network-ai=1"});
  EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_THAT(client->Output(), HasSubstr("Ticket assignment: connection:\"192.0.2.7:7000\"\n"));
  EXPECT_THAT(client->Output(),
              HasSubstr("game: --owner-less --connect-now=192.0.2.7:7000 --network-ai=1\n"
                        "Disconnected from the server.\n"));
}

TEST_F(StkClientTest, SaysHowTheGameEnded) {
  const auto client = Play(Script("supertuxkart", "exit 3\n"));
  EXPECT_EQ(client->Wait(), 1);
  EXPECT_THAT(client->Output(), HasSubstr("supertuxkart: exit status 3"));
}

TEST_F(StkClientTest, NoSuchGame) {
  const auto client = Play("/nowhere/supertuxkart");
  EXPECT_EQ(client->Wait(), 1);
  EXPECT_THAT(client->Output(), HasSubstr("-path: cannot run /nowhere/supertuxkart"));
}

TEST_F(StkClientTest, StopEndsTheGame) {
  const auto client = Play(Script("supertuxkart", "echo playing; exec sleep 1000\n"));
  ASSERT_TRUE(client->WaitForText("playing"));
  client->Signal(SIGTERM);
  EXPECT_EQ(client->Wait(), 0) << client->Output();
}

}  // namespace
}  // namespace gsh
