// The real SuperTuxKart: its server under gsh-stk-server, and two players without a screen. Only in
// the suite `supertuxkart`, which installs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::RunningProgram;
using testing::SandboxGameServer;

constexpr char kGame[] = "/usr/games/supertuxkart";
constexpr auto kPatience = std::chrono::seconds(120);

class SuperTuxKartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(kGame)) << "apt-get install supertuxkart";
    std::ofstream(dir_.File("server.xml")) << R"(<?xml version="1.0"?>
<server-config version="6">
  <server-name value="gsh" />
  <wan-server value="false" />
  <firewalled-server value="false" />
  <ipv6-connection value="false" />
  <owner-less value="true" />
  <min-start-game-players value="8" />
</server-config>
)";
    setenv("HOME", dir_.string().c_str(), 1);  // of the server: its settings
    auto sandbox = testing::Sandbox::Start(
        {.dir = dir_.File("sandbox"),
         .regions = {"eu"},
         .replicas = 1,
         .game_server = std::string(GSH_BIN_DIR "/gsh-stk-server --profile stk -- ") + kGame +
                        " --server-config=" + dir_.File("server.xml") +
                        " --port={port} --no-graphics",
         .allocation_batch_wait = Duration::zero()});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
  }
  SandboxGameServer WaitFor(const std::string& state, const std::string& other_than = "") {
    SandboxGameServer found;
    EXPECT_TRUE(sandbox_->WaitForGameServers(
        [&](const std::vector<SandboxGameServer>& servers) {
          for (const SandboxGameServer& server : servers) {
            if (server.state != state || server.name == other_than) continue;
            found = server;
            return true;
          }
          return false;
        },
        kPatience))
        << state << "\n"
        << Logs();
    return found;
  }
  std::string Logs() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.File("sandbox/logs"))) {
      std::ifstream file(entry.path());
      all += std::string(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  bool WaitForLog(const std::string& text) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (Logs().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      SystemClock().SleepFor(std::chrono::milliseconds(100));
    }
    return true;
  }
  std::unique_ptr<RunningProgram> Join(int number, int port) const {
    const std::string home = dir_.File("player" + std::to_string(number));
    std::filesystem::create_directory(home);
    return std::make_unique<RunningProgram>(testing::ProgramOptions{
        .program = kGame,
        .args = {"--owner-less", "--connect-now=127.0.0.1:" + std::to_string(port),
                 "--network-ai=1", "--no-graphics"},
        .environment = {"HOME=" + home}});
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<testing::Sandbox> sandbox_;
};

TEST_F(SuperTuxKartTest, PlayersComeAndGo) {
  WaitFor("Ready");
  const auto allocator =
      agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at("eu"),
                                        .tls = sandbox_->allocator_tls()}});
  ASSERT_THAT(allocator, IsOk());
  ASSERT_THAT((*allocator)->Allocate({.selectors = {{}}}), IsOk());
  const SandboxGameServer server = WaitFor("Allocated");
  const auto first = Join(1, server.port);
  ASSERT_TRUE(WaitForLog(" has just connected. There are now 1 peers.")) << Logs();
  const auto second = Join(2, server.port);
  ASSERT_TRUE(WaitForLog(" has just connected. There are now 2 peers.")) << Logs();
  first->Signal(SIGTERM);
  ASSERT_TRUE(WaitForLog(" has just disconnected. There are now 1 peers.")) << Logs();
  EXPECT_EQ(WaitFor("Allocated").name, server.name);
  second->Signal(SIGTERM);
  EXPECT_NE(WaitFor("Ready", server.name).name, server.name);
  EXPECT_THAT(Logs(), HasSubstr("reason=\"the last player left\""));
}

}  // namespace
}  // namespace gsh
