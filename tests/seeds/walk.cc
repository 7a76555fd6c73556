#include "tests/seeds/walk.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <utility>

namespace gsh::seeds {
namespace {

namespace fs = std::filesystem;
using testing::ProgramOptions;
using testing::RunningProgram;
using testing::RunToEnd;
using testing::SandboxGameServer;

constexpr std::size_t kVoices = static_cast<std::size_t>(Voice::kProbeMulticluster) + 1;
constexpr auto kPatience = std::chrono::seconds(60);
constexpr std::ptrdiff_t kTakenByHand = 2;  // one through the library, one by the probe
const std::vector<std::string> kRegions = {"us-east-1", "us-east-2", "us-west-1", "us-west-2"};

std::string Host(const std::string& endpoint) { return endpoint.substr(0, endpoint.rfind(':')); }
std::string Port(const std::string& endpoint) { return endpoint.substr(endpoint.rfind(':') + 1); }

std::string Help(const std::string& program) {
  return RunToEnd({.program = program, .args = {"--help"}}).output;
}

bool AllReady(const std::vector<SandboxGameServer>& servers) {
  return servers.size() == 2 * kRegions.size() &&
         std::all_of(servers.begin(), servers.end(),
                     [](const auto& server) { return server.state == "Ready"; });
}

// What comes last on the lines of `output` that begin with `start`.
std::string Last(const RunningProgram& program, const std::string& start) {
  std::string found;
  for (const std::string& line : program.Lines()) {
    if (const std::size_t at = line.find(start); at != std::string::npos) {
      found = line.substr(at + start.size());
    }
  }
  return found;
}

}  // namespace

Walk::Walk() : said_(kVoices) { Do(); }

void Walk::Do() {
  Keep(Voice::kDirectorHelp, Help("gsh-director"));
  Keep(Voice::kMatchFunctionHelp, Help("gsh-mmf"));
  Keep(Voice::kClientHelp, Help("gsh-ncat-client"));
  Keep(Voice::kServerHelp, Help("gsh-ncat-server"));
  auto sandbox = testing::Sandbox::Start(
      {.dir = dir_.string(),
       .regions = kRegions,
       .replicas = 0,
       .game_server = GSH_BIN_DIR "/gsh-ncat-server -p {port}",
       .open_match = {.registration_interval = std::chrono::milliseconds(50)},
       .allocation_batch_wait = Duration::zero(),
       .log = &log_});
  ASSERT_TRUE(sandbox.ok()) << sandbox.status();
  sandbox_ = *std::move(sandbox);
  for (const auto& entry : fs::recursive_directory_iterator(dir_.path())) {
    folders_.push_back(fs::relative(entry.path(), dir_.path()).string());
  }
  AskAllocator();
  StartServices();
  if (::testing::Test::HasFatalFailure()) return;
  RunSampleBands();

  auto players = Play({"-latencyUsEast1", "10", "-latencyUsEast2", "30"});
  servers_ = sandbox_->game_servers();
  Chat(players);
  Keep(Voice::kFirstPlayer, players.front()->Output());
  Leave(std::move(players));
  Leave(Play({"-latencyUsEast1", "9000", "-latencyUsEast2", "30"}));

  director_->Signal(SIGTERM);
  EXPECT_EQ(director_->Wait(), 0);
  match_function_->Signal(SIGTERM);
  EXPECT_EQ(match_function_->Wait(), 0);
  Keep(Voice::kDirector, director_->Output());
  Keep(Voice::kMatchFunction, match_function_->Output());
  std::string log;
  for (const auto& [level, line] : log_.lines()) log += line + "\n";
  Keep(Voice::kGameServers, std::move(log));
}

void Walk::AskAllocator() {
  auto allocator = agones::MakeAllocator(
      {.client = {.endpoint = sandbox_->endpoints().allocators.at("us-east-1"),
                  .tls = sandbox_->allocator_tls()}});
  ASSERT_TRUE(allocator.ok()) << allocator.status();
  agones::AllocationRequest request;
  request.selectors.push_back({.match_labels = {{"region", "us-east-2"}}});
  nothing_to_allocate_ = (*allocator)->Allocate(request).status();
  Keep(Voice::kProbeTls, Probe({"tls"}));
  for (const std::string& region : kRegions) sandbox_->ScaleFleet(region, 2);
  ASSERT_TRUE(sandbox_->WaitForGameServers(AllReady, kPatience));
  allocation_ = (*allocator)->Allocate(request);
  for (const SandboxGameServer& server : sandbox_->game_servers()) {
    if (server.state == "Allocated") allocated_ = server;
  }
  request.multicluster = true;
  multicluster_ = (*allocator)->Allocate(request).status();
  Keep(Voice::kProbeMulticluster, Probe({"multicluster", "--rest"}));
  Keep(Voice::kProbeAllocate, Probe({"allocate", "--region", "us-west-2"}));
}

std::string Walk::Probe(std::vector<std::string> args) const {
  const bool rest = std::find(args.begin(), args.end(), "--rest") != args.end();
  const testing::SandboxEndpoints& at = sandbox_->endpoints();
  args.insert(args.end(), {"--endpoint", rest ? at.allocator_rest : at.allocators.at("us-east-1"),
                           "--tls-dir", dir_.File("agones-tls")});
  return RunToEnd({.program = "gsh-allocator-probe", .args = std::move(args)}).output;
}

void Walk::StartServices() {
  match_function_ = std::make_unique<Program>(ProgramOptions{
      .program = "gsh-mmf",
      .args = {"-queryServiceAddr", Host(sandbox_->endpoints().query), "-queryServicePort",
               Port(sandbox_->endpoints().query), "-serverPort", "0", "--bind", "127.0.0.1"},
      .directory = dir_.string()});
  ASSERT_TRUE(match_function_->WaitForText("TCP net listener initialized for port"));
  match_function_port_ =
      std::stoi(Last(*match_function_, "TCP net listener initialized for port "));
  director_ = std::make_unique<Program>(
      ProgramOptions{.program = "gsh-director",
                     .args = DirectorFlags({"-interval", "1", "--profile-mode", "bands"}),
                     .directory = dir_.string()});
  ASSERT_TRUE(director_->WaitForText("Fetching matches for 10 profiles"));
}

std::vector<std::string> Walk::DirectorFlags(std::vector<std::string> more) const {
  const std::string allocator = sandbox_->endpoints().allocators.at("us-east-1");
  std::vector<std::string> flags = {"-backendAddr",   Host(sandbox_->endpoints().backend),
                                    "-backendPort",   Port(sandbox_->endpoints().backend),
                                    "-functionAddr",  "127.0.0.1",
                                    "-functionPort",  std::to_string(match_function_port_),
                                    "-allocatorAddr", Host(allocator),
                                    "-allocatorPort", Port(allocator),
                                    "-namespace",     "default"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

void Walk::RunSampleBands() {
  const auto outcome =
      RunToEnd({.program = "gsh-director",
                .args = DirectorFlags({"-regions", "us-east-1,us-east-2,us-west-1,us-west-2",
                                       "-ranges", "0-25,25-50,50-75,75-100", "--profile-mode",
                                       "bands", "--rounds", "1"}),
                .directory = dir_.string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  Keep(Voice::kSampleBands, outcome.output);
}

std::vector<std::unique_ptr<RunningProgram>> Walk::Play(const std::vector<std::string>& latencies) {
  std::vector<std::string> args = {"-frontend", sandbox_->endpoints().frontend};
  args.insert(args.end(), latencies.begin(), latencies.end());
  std::vector<std::unique_ptr<Program>> players;
  for (int i = 0; i < 4; ++i) {
    players.push_back(std::make_unique<Program>(ProgramOptions{
        .program = "gsh-ncat-client", .args = args, .directory = dir_.File("client-tls")}));
  }
  for (const auto& player : players) {
    EXPECT_TRUE(player->WaitForText("<announce> already connected: ")) << player->Output();
  }
  return players;
}

// Everybody says something, and sees what the other three say.
void Walk::Chat(const std::vector<std::unique_ptr<Program>>& players) {
  for (const auto& player : players) EXPECT_TRUE(player->WaitForText(", "));
  for (std::size_t i = 0; i < players.size(); ++i) {
    players[i]->Type("line of player " + std::to_string(i) + "\n");
  }
  for (std::size_t reader = 0; reader < players.size(); ++reader) {
    for (std::size_t writer = 0; writer < players.size(); ++writer) {
      if (reader == writer) continue;
      EXPECT_TRUE(players[reader]->WaitForText("> line of player " + std::to_string(writer)));
    }
  }
  for (const auto& player : players) {
    const std::string output = player->Output();
    if (output.find("already connected: nobody.") == std::string::npos) {
      Keep(Voice::kLastPlayer, output);
    }
  }
}

// Ctrl-C in every window; then every server is Ready again but those that a person allocated.
void Walk::Leave(std::vector<std::unique_ptr<Program>> players) {
  const std::string server = Last(*players.front(), "Ticket assignment: connection:");
  for (const auto& player : players) player->Signal(SIGINT);
  for (const auto& player : players) EXPECT_EQ(player->Wait(), 0) << player->Output();
  const auto is_replaced = [&](const std::vector<SandboxGameServer>& servers) {
    const auto ready = std::count_if(servers.begin(), servers.end(),
                                     [](const auto& one) { return one.state == "Ready"; });
    return ready == static_cast<std::ptrdiff_t>(2 * kRegions.size()) - kTakenByHand;
  };
  EXPECT_TRUE(sandbox_->WaitForGameServers(is_replaced, kPatience)) << server;
}

}  // namespace gsh::seeds
