// The commands, outputs and names of the documents that this project comes from, each with the
// document's number and the line that it stands in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <regex>
#include <string>

#include "tests/seeds/walk.h"

namespace gsh::seeds {
namespace {

// One walk for all cases.
Walk& TheWalk() {
  static Walk walk;
  return walk;
}

struct Fact {
  const char* name;  // Seed<number>Line<line>_<what>
  Voice voice;
  const char* pattern;  // a line, or the part of one, as a regular expression
};

// At the begin of a line of a log.
#define STAMP R"((^|\n)\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )"

void PrintTo(const Fact& fact, std::ostream* out) { *out << fact.pattern; }

class SeedTest : public ::testing::TestWithParam<Fact> {};

TEST_P(SeedTest, IsSo) {
  const std::string& said = TheWalk().Said(GetParam().voice);
  EXPECT_TRUE(std::regex_search(said, std::regex(GetParam().pattern)))
      << "no " << GetParam().pattern << " in\n"
      << said;
}

std::string NameOf(const ::testing::TestParamInfo<Fact>& info) { return info.param.name; }

constexpr Voice kDirector = Voice::kDirector;
constexpr Voice kBands = Voice::kSampleBands;
constexpr Voice kMmf = Voice::kMatchFunction;
constexpr Voice kPlayer = Voice::kFirstPlayer;
constexpr Voice kServers = Voice::kGameServers;

INSTANTIATE_TEST_SUITE_P(
    Director, SeedTest,
    ::testing::Values(
        Fact{"Seed000Line290_QuietProfileOfTheFirstBand", kBands,
             STAMP
             R"(Generated 0 matches for profile profile_double_arg:"latency-us-east-2" max:25\n)"},
        Fact{
            "Seed000Line291_QuietProfileOfTheLastBand", kBands,
            STAMP
            R"(Generated 0 matches for profile profile_double_arg:"latency-us-west-2" max:100 min:75\n)"},
        Fact{
            "Seed000Line292_QuietProfileOfABand", kBands,
            STAMP
            R"(Generated 0 matches for profile profile_double_arg:"latency-us-east-2" max:50 min:25\n)"},
        Fact{
            "Seed000Line293_EachRegionHasTheBand", kBands,
            STAMP
            R"(Generated 0 matches for profile profile_double_arg:"latency-us-east-1" max:50 min:25\n)"},
        Fact{"Seed000Line294_WestToo", kBands,
             STAMP
             R"(Generated 0 matches for profile profile_double_arg:"latency-us-west-1" max:25\n)"},
        Fact{"Seed000Line310_PollsAtAnInterval", Voice::kDirectorHelp, R"(--interval INT\S*=5 )"},
        Fact{
            "Seed001Line014_GeneratedMatches", kDirector,
            STAMP
            R"(Generated 1 matches for profile profile_double_arg:"latency-us-east-2" +max:49 +min:25\n)"},
        Fact{"Seed001Line015_GameServer", kDirector, STAMP R"(Gameserver: \S+\n)"},
        Fact{"Seed001Line016_Port", kDirector, STAMP R"(Port: \d+\n)"},
        Fact{
            "Seed001Line017_AssignedServer", kDirector,
            STAMP
            R"(Assigned server \S+:\d+ to match profile-profile_double_arg:"latency-us-east-2" +max:49 +min:25-time-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d-0)"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    MatchFunction, SeedTest,
    ::testing::Values(
        Fact{
            "Seed000Line303_ProposalsForTheLastBand", kMmf,
            STAMP
            R"(Generating proposals for function profile_double_arg:"latency-us-west-2" max:100 min:75\n)"},
        Fact{
            "Seed000Line304_ProposalsForTheFirstBand", kMmf,
            STAMP
            R"(Generating proposals for function profile_double_arg:"latency-us-east-1" max:25\n)"},
        Fact{
            "Seed000Line305_ProposalsInTheWest", kMmf,
            STAMP
            R"(Generating proposals for function profile_double_arg:"latency-us-west-1" max:100 min:75\n)"},
        Fact{
            "Seed000Line306_ProposalsForABand", kMmf,
            STAMP
            R"(Generating proposals for function profile_double_arg:"latency-us-west-2" max:50 min:25\n)"},
        Fact{"Seed001Line012_ProposalsReachTheDirector", kMmf,
             STAMP R"(Streaming 1 proposals to Open Match\n)"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Client, SeedTest,
    ::testing::Values(
        Fact{"Seed000Line339_FlagFrontend", Voice::kClientHelp, R"(--frontend\b)"},
        Fact{"Seed000Line339_FlagsOfTwoRegions", Voice::kClientHelp, "-latencyUsEast1 10"},
        Fact{"Seed000Line342_Connecting", kPlayer, STAMP R"(Connecting to Open Match Frontend\n)"},
        Fact{"Seed000Line343_TicketId", kPlayer, STAMP R"(Ticket ID: [0-9a-v]{20}\n)"},
        Fact{"Seed000Line344_Waiting", kPlayer, STAMP R"(Waiting for ticket assignment\n)"},
        Fact{"Seed000Line349_TheFirstLinesInOrder", kPlayer,
             R"(Frontend\n[^\n]*Ticket ID: [^\n]*\n[^\n]*Waiting for ticket assignment\n)"},
        Fact{"Seed000Line352_Assignment", kPlayer,
             STAMP R"(Ticket assignment: connection:"[^":\s]+:\d+"\n)"},
        Fact{"Seed000Line353_Disconnecting", kPlayer,
             STAMP R"(Disconnecting from Open Match Frontend\n)"},
        Fact{"Seed000Line354_TheServerAloneOnALine", kPlayer, R"(\n[^":\s]+:\d+\n)"},
        Fact{"Seed000Line355_ConnectingToTheServer", kPlayer,
             R"(\n[^":\s]+:\d+\n\d{4}/\d\d/\d\d \d\d:\d\d:\d\d Connecting to ncat server\n)"},
        Fact{"Seed000Line356_AnnouncesAPlayer", kPlayer,
             R"(\n<announce> 127\.0\.0\.1 is connected as <user\d>\.\n)"},
        Fact{
            "Seed000Line361_AnnouncesWhoIsThere", Voice::kLastPlayer,
            R"(\n<announce> already connected: 127\.0\.0\.1 as <user\d>, 127\.0\.0\.1 as <user\d>)"},
        Fact{"Seed000Line363_AnnouncesEverybodyToTheLast", Voice::kLastPlayer,
             R"(already connected: (127\.0\.0\.1 as <user\d>(, |\.\n)){3})"},
        Fact{"Seed000Line394_MessagesOfTheOthers", kPlayer,
             R"(\n<user\d> line of player [1-3]\n)"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    GameServers, SeedTest,
    ::testing::Values(
        Fact{"Seed000Line048_RegionOfAFleet", kServers, R"(fleet=ncat-pool2 region=us-east-2 )"},
        Fact{"Seed000Line384_Allocated", kServers,
             R"(name=ncat-pool1-[a-z0-9]{5}-[a-z0-9]{5} [^\n]*state=Allocated)"},
        Fact{"Seed000Line385_Ready", kServers,
             R"(name=ncat-pool1-[a-z0-9]{5}-[a-z0-9]{5} [^\n]*state=Ready)"},
        Fact{"Seed000Line403_PortAllocation", kServers,
             R"(fleet=ncat-pool1 [^\n]*state=PortAllocation)"},
        Fact{"Seed000Line404_Creating", kServers, R"(fleet=ncat-pool1 [^\n]*state=Creating)"},
        Fact{"Seed000Line405_Starting", kServers, R"(fleet=ncat-pool1 [^\n]*state=Starting)"},
        Fact{"Seed000Line406_Scheduled", kServers,
             R"(fleet=ncat-pool1 [^\n]*state=Scheduled address=[^:\s]+:\d+)"},
        Fact{"Seed000Line408_RequestReady", kServers,
             R"(fleet=ncat-pool1 [^\n]*state=RequestReady)"},
        Fact{"Seed000Line411_OtherLatenciesOtherRegion", kServers,
             R"(name=ncat-pool2-\S+ [^\n]*region=us-east-2 state=Shutdown)"}),
    NameOf);

// Flags with the names and defaults that the documents' programs have.
INSTANTIATE_TEST_SUITE_P(
    Flags, SeedTest,
    ::testing::Values(
        Fact{"Seed001Line006_BackendPort", Voice::kDirectorHelp,
             R"(--backend-port,--backendPort INT\S*( in \[1 - 65535\])?=50505 )"},
        Fact{"Seed001Line012_AllocatorPort", Voice::kDirectorHelp,
             R"(--allocator-port,--allocatorPort INT\S*( in \[1 - 65535\])?=443 )"},
        Fact{"Seed001Line012_FunctionPort", Voice::kDirectorHelp,
             R"(--function-port,--functionPort INT\S*( in \[1 - 65535\])?=50502 )"},
        Fact{"Seed001Line064_FunctionInItsNamespace", Voice::kDirectorHelp,
             R"(agones-openmatch-mmf\.agones-openmatch\.svc\.cluster\.local)"},
        Fact{"Seed001Line064_QueryInItsNamespace", Voice::kMatchFunctionHelp,
             R"(open-match-query\.open-match\.svc\.cluster\.local)"},
        Fact{"Seed000Line032_Certificate", Voice::kDirectorHelp,
             R"(--cert-file,--certFile TEXT=client\.crt )"},
        Fact{"Seed000Line032_Key", Voice::kDirectorHelp,
             R"(--key-file,--keyFile TEXT=client\.key )"},
        Fact{"Seed000Line032_Authority", Voice::kDirectorHelp,
             R"(--ca-file,--caFile TEXT=ca\.crt )"},
        Fact{"Seed000Line089_Multicluster", Voice::kDirectorHelp, R"(--multicluster\b)"},
        Fact{"Seed000Line104_Regions", Voice::kDirectorHelp,
             R"(--regions TEXT=us-east-1,us-east-2 )"},
        Fact{"Seed000Line156_Namespace", Voice::kDirectorHelp, R"(--namespace TEXT)"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Probe, SeedTest,
    ::testing::Values(
        Fact{
            "Seed000Line036_TheAllocatorAnswers", Voice::kProbeTls,
            R"(^\{"code":8, ?"message":"there is no available GameServer to allocate", ?"details":\[\]\}\n)"},
        Fact{
            "Seed000Line065_AnAllocationIsALine", Voice::kProbeAllocate,
            R"(^\{"gameServerName":"ncat-pool4-\w{5}-\w{5}","ports":\[\{"name":"default","port":\d+\}\],"address":"[^"]+","nodeName":"[^"]+"\}\n)"},
        Fact{"Seed000Line095_NoPolicyOverRest", Voice::kProbeMulticluster,
             R"("code":2,"message":"no multi-cluster allocation policy is specified")"}),
    NameOf);

TEST(AllocatorSeedTest, Seed000Line036_NothingToAllocate) {
  EXPECT_EQ(static_cast<int>(TheWalk().nothing_to_allocate().code()), 8);
  EXPECT_EQ(TheWalk().nothing_to_allocate().message(),
            "there is no available GameServer to allocate");
}

TEST(AllocatorSeedTest, Seed000Line065_AnAllocation) {
  const auto& allocation = TheWalk().allocation();
  ASSERT_TRUE(allocation.ok()) << allocation.status();
  EXPECT_TRUE(
      std::regex_match(allocation->game_server, std::regex("ncat-pool2-[a-z0-9]{5}-[a-z0-9]{5}")));
  ASSERT_EQ(allocation->ports.size(), 1u);
  EXPECT_EQ(allocation->ports[0].name, "default");
  EXPECT_FALSE(allocation->address.empty());
  EXPECT_FALSE(allocation->node.empty());
}

TEST(AllocatorSeedTest, Seed000Line069_LabelsOfTheServer) {
  const testing::SandboxGameServer& server = TheWalk().allocated();
  EXPECT_EQ(server.labels.at("agones.dev/fleet"), "ncat-pool2");
  EXPECT_EQ(server.labels.at("agones.dev/gameserverset"),
            server.name.substr(0, server.name.rfind('-')));
  EXPECT_EQ(server.labels.at("pool"), "TWO");
  EXPECT_EQ(server.labels.at("region"), "us-east-2");
}

TEST(AllocatorSeedTest, Seed000Line078_TheThirdPool) {
  const auto& servers = TheWalk().servers();
  EXPECT_TRUE(std::any_of(servers.begin(), servers.end(), [](const auto& server) {
    return server.fleet == "ncat-pool3" && server.labels.at("pool") == "THREE";
  }));
}

TEST(AllocatorSeedTest, Seed000Line081_TheAnswerIsTheServerThatIsAllocated) {
  ASSERT_TRUE(TheWalk().allocation().ok());
  EXPECT_EQ(TheWalk().allocation()->game_server, TheWalk().allocated().name);
  EXPECT_EQ(TheWalk().allocation()->address, TheWalk().allocated().address);
  EXPECT_EQ(TheWalk().allocation()->ports.at(0).port, TheWalk().allocated().port);
}

TEST(AllocatorSeedTest, Seed000Line095_NoPolicyForSeveralClusters) {
  EXPECT_EQ(static_cast<int>(TheWalk().multicluster().code()), 2);
  EXPECT_EQ(TheWalk().multicluster().message(), "no multi-cluster allocation policy is specified");
}

TEST(FleetSeedTest, Seed000Line048_FourFleetsOfTwo) {
  std::map<std::string, int> sizes;
  for (const auto& server : TheWalk().servers()) ++sizes[server.fleet];
  EXPECT_THAT(sizes, ::testing::ElementsAre(
                         ::testing::Pair("ncat-pool1", 2), ::testing::Pair("ncat-pool2", 2),
                         ::testing::Pair("ncat-pool3", 2), ::testing::Pair("ncat-pool4", 2)));
}

// Where a line with both texts stands in the game servers' log, after `from`.
std::size_t FindLine(std::size_t from, const std::string& name, const std::string& state) {
  const std::string& log = TheWalk().Said(Voice::kGameServers);
  while (from < log.size()) {
    const std::size_t end = std::min(log.find('\n', from), log.size());
    const std::string line = log.substr(from, end - from);
    if (line.find(name) != line.npos && line.find(state) != line.npos) return from;
    from = end + 1;
  }
  return std::string::npos;
}

TEST(FleetSeedTest, Seed000Line401_TheServerOfTheLastPlayerShutsDown) {
  std::smatch found;
  const std::string& said = TheWalk().Said(Voice::kFirstPlayer);
  ASSERT_TRUE(std::regex_search(said, found, std::regex(R"(connection:"([^"]+)\")")));
  const std::string address = "address=" + found[1].str();
  const std::size_t allocated = FindLine(0, address, "state=Allocated");
  ASSERT_NE(allocated, std::string::npos);
  const std::size_t shut_down = FindLine(allocated, address, "state=Shutdown");
  ASSERT_NE(shut_down, std::string::npos);
  EXPECT_NE(FindLine(shut_down, "fleet=ncat-pool1", "state=PortAllocation"), std::string::npos);
}

TEST(FleetSeedTest, Seed000Line409_AnotherServerIsReadyInItsPlace) {
  const std::size_t shut_down = FindLine(0, "fleet=ncat-pool1", "state=Shutdown");
  ASSERT_NE(shut_down, std::string::npos);
  std::size_t at = shut_down;
  for (const char* state :
       {"PortAllocation", "Creating", "Starting", "Scheduled", "RequestReady", "Ready "}) {
    at = FindLine(at, "fleet=ncat-pool1", std::string("state=") + state);
    ASSERT_NE(at, std::string::npos) << state;
  }
}

TEST(FleetSeedTest, Seed000Line367_TheAssignedServerIsTheAllocatedOne) {
  std::smatch found;
  const std::string& said = TheWalk().Said(Voice::kFirstPlayer);
  ASSERT_TRUE(std::regex_search(said, found, std::regex(R"(connection:"([^"]+)\")")));
  const auto& servers = TheWalk().servers();
  EXPECT_TRUE(std::any_of(servers.begin(), servers.end(), [&](const auto& server) {
    return server.state == "Allocated" && server.fleet == "ncat-pool1" &&
           server.address + ":" + std::to_string(server.port) == found[1];
  }));
}

TEST(FileSeedTest, Seed000Line336_FilesOfThePlayer) {
  for (const char* file : {"public.cert", "private.key", "publicCA.cert"}) {
    EXPECT_THAT(TheWalk().folders(), ::testing::Contains(std::string("client-tls/") + file));
  }
}

TEST(FileSeedTest, Seed000Line173_FilesOfASecret) {
  for (const char* file : {"tls.crt", "tls.key", "ca.crt"}) {
    EXPECT_THAT(TheWalk().folders(), ::testing::Contains(std::string("agones-tls/") + file));
  }
}

}  // namespace
}  // namespace gsh::seeds
