// The whole way with real processes: two players get a match with a seat left, its game server
// keeps the backfill that the match function made, and a third player joins their running chat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gsh/openmatch/query.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using testing::IsOk;
using testing::RunningProgram;
using testing::SandboxGameServer;

constexpr auto kPatience = std::chrono::seconds(60);

std::string Host(const std::string& endpoint) { return endpoint.substr(0, endpoint.rfind(':')); }
std::string Port(const std::string& endpoint) { return endpoint.substr(endpoint.rfind(':') + 1); }

// What follows `start` on the last line that has it.
std::string After(const RunningProgram& program, const std::string& start) {
  std::string found;
  for (const std::string& line : program.Lines()) {
    const std::size_t at = line.find(start);
    if (at != std::string::npos) found = line.substr(at + start.size());
  }
  return found;
}

class LateJoinProcessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = testing::Sandbox::Start(
        {.dir = dir_.string(),
         .regions = {"us-east-1"},
         .replicas = 2,
         .game_server = GSH_BIN_DIR "/gsh-ncat-server -p {port} --frontend-addr {frontend} --seats "
                                    "3 --openmatch-tls-dir " +
                        dir_.File("openmatch-tls"),
         .open_match = {.registration_interval = std::chrono::milliseconds(50)},
         .allocation_batch_wait = Duration::zero(),
         .log = &log_});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [](const auto& servers) { return Count(servers, "Ready") == 2; }, kPatience));
    std::ofstream(dir_.File("rules.json"))
        << R"({"version":1,"match_size":{"min":2,"max":3},"backfill":true})";
    StartServices();
  }

  static int Count(const std::vector<SandboxGameServer>& servers, const std::string& state) {
    return static_cast<int>(std::ranges::count(servers, state, &SandboxGameServer::state));
  }

  void StartServices() {
    const auto& endpoints = sandbox_->endpoints();
    match_function_ = std::make_unique<RunningProgram>(testing::ProgramOptions{
        .program = "gsh-mmf",
        .args = {"-queryServiceAddr", Host(endpoints.query), "-queryServicePort",
                 Port(endpoints.query), "-serverPort", "0", "--bind", "127.0.0.1", "--rules",
                 dir_.File("rules.json")},
        .directory = dir_.string()});
    const std::string listens = "TCP net listener initialized for port ";
    ASSERT_TRUE(match_function_->WaitForText(listens)) << match_function_->Output();
    const std::string& allocator = endpoints.allocators.at("us-east-1");
    director_ = std::make_unique<RunningProgram>(
        testing::ProgramOptions{.program = "gsh-director",
                                .args = {"-backendAddr",   Host(endpoints.backend),
                                         "-backendPort",   Port(endpoints.backend),
                                         "-functionAddr",  "127.0.0.1",
                                         "-functionPort",  After(*match_function_, listens),
                                         "-allocatorAddr", Host(allocator),
                                         "-allocatorPort", Port(allocator),
                                         "-namespace",     "default",
                                         "-regions",       "us-east-1",
                                         "--profile-mode", "joint",
                                         "-frontendAddr",  endpoints.frontend},
                                .directory = dir_.string()});
    ASSERT_TRUE(director_->WaitForText("Fetching matches")) << director_->Output();
  }

  std::unique_ptr<RunningProgram> Play(int latency_ms) {
    return std::make_unique<RunningProgram>(
        testing::ProgramOptions{.program = "gsh-ncat-client",
                                .args = {"-frontend", sandbox_->endpoints().frontend, "--latency",
                                         "us-east-1=" + std::to_string(latency_ms)},
                                .directory = dir_.File("client-tls")});
  }
  std::size_t Backfills() {
    auto query = openmatch::MakeQuery(
        {.client = {.endpoint = sandbox_->endpoints().query, .tls = sandbox_->open_match_tls()}});
    EXPECT_THAT(query, IsOk());
    const auto found = (*query)->QueryBackfills({.tags_present = {"mode.session"}});
    EXPECT_THAT(found, IsOk());
    return found.ok() ? found->size() : 0;
  }
  bool Eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      SystemClock().SleepFor(std::chrono::milliseconds(20));
    }
    return true;
  }

  const testing::TemporaryDirectory dir_;
  testing::RecordingLog log_;
  std::unique_ptr<testing::Sandbox> sandbox_;
  std::unique_ptr<RunningProgram> match_function_;
  std::unique_ptr<RunningProgram> director_;
};

TEST_F(LateJoinProcessTest, AThirdPlayerJoinsTheChatOfTwo) {
  const auto first = Play(10);
  const auto second = Play(12);
  for (RunningProgram* player : {first.get(), second.get()}) {
    ASSERT_TRUE(player->WaitForText("<announce> already connected: ")) << player->Output();
  }
  EXPECT_TRUE(Eventually([this] { return Backfills() == 1; }));
  EXPECT_EQ(Count(sandbox_->game_servers(), "Allocated"), 1);

  const auto late = Play(14);
  ASSERT_TRUE(late->WaitForText("<announce> already connected: ")) << late->Output();
  late->Type("am I late?\n");
  EXPECT_TRUE(first->WaitForText("> am I late?")) << first->Output();
  EXPECT_TRUE(second->WaitForText("> am I late?")) << second->Output();
  EXPECT_EQ(Count(sandbox_->game_servers(), "Allocated"), 1) << "no further server was allocated";
  EXPECT_TRUE(Eventually([this] { return Backfills() == 0; })) << "full: nobody else is sent there";

  // One leaves: the seat is offered again, and the next player takes it.
  second->Signal(SIGINT);
  EXPECT_EQ(second->Wait(), 0);
  EXPECT_TRUE(Eventually([this] { return Backfills() == 1; }));
  const auto next = Play(16);
  ASSERT_TRUE(next->WaitForText("<announce> already connected: ")) << next->Output();
  EXPECT_EQ(Count(sandbox_->game_servers(), "Allocated"), 1);

  // All leave: the server ends, and its backfill with it.
  for (const auto& player : {&first, &late, &next}) (*player)->Signal(SIGINT);
  EXPECT_TRUE(sandbox_->WaitForGameServers(
      [](const auto& servers) { return Count(servers, "Ready") == 2; }, kPatience));
  EXPECT_TRUE(Eventually([this] { return Backfills() == 0; }));
  director_->Signal(SIGTERM);
  EXPECT_EQ(director_->Wait(), 0);
}

}  // namespace
}  // namespace gsh
