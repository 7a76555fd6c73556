// What a newcomer gets wrong on a command line: exit code 2, and a message that says what was wrong
// and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct BadFlag {
  const char* name;
  const char* program;
  const char* args;     // separated by '|'
  const char* message;  // of stderr, behind the program's name and before any hint
};

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text + "|");
  for (std::string word; std::getline(stream, word, '|');) words.push_back(word);
  return words;
}

class BadFlagTest : public ::testing::TestWithParam<BadFlag> {};

TEST_P(BadFlagTest, ExitsWith2AndSaysWhat) {
  const std::string program = GetParam().program;
  const testing::Outcome outcome =
      testing::RunToEnd({.program = program, .args = Split(GetParam().args), .directory = "/"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, HasSubstr(program + ": " + GetParam().message));
  EXPECT_THAT(outcome.output, EndsWith("Try '" + program + " --help'.\n"));
}

std::string NameOf(const ::testing::TestParamInfo<BadFlag>& info) { return info.param.name; }

constexpr char kDirector[] = "gsh-director";
constexpr char kMmf[] = "gsh-mmf";
constexpr char kClient[] = "gsh-ncat-client";
constexpr char kServer[] = "gsh-ncat-server";
constexpr char kSandbox[] = "gsh-sandbox";

INSTANTIATE_TEST_SUITE_P(
    Ranges, BadFlagTest,
    ::testing::Values(
        BadFlag{"OpenEnd", kDirector, "-ranges|25-",
                "-ranges: range \"25-\": the upper bound is missing\n"},
        BadFlag{"Falling", kDirector, "-ranges|0-4,9-3",
                "-ranges: range \"9-3\": the upper bound is below the lower one\n"},
        BadFlag{"Letters", kDirector, "-ranges|a-b",
                "-ranges: range \"a-b\": the lower bound is not a number\n"},
        BadFlag{"Overlap", kDirector, "-ranges|0-50,40-60",
                "-ranges: range \"40-60\": overlaps \"0-50\" by more than a shared bound\n"},
        BadFlag{"Order", kDirector, "-ranges|25-49,0-24",
                "-ranges: range \"0-24\": begins before \"25-49\"; ranges must be in rising"},
        BadFlag{"Empty", kDirector, "-ranges|0-24,,25-49",
                "-ranges: range \"\": is empty; wanted min-max, such as 25-49\n"},
        BadFlag{"Negative", kDirector, "-ranges=-5-9",
                "-ranges: range \"-5-9\": a latency cannot be negative\n"},
        BadFlag{"TooLarge", kDirector, "-ranges|0-1e300",
                "-ranges: range \"0-1e300\": the upper bound is too large\n"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Ports, BadFlagTest,
    ::testing::Values(
        BadFlag{"Backend", kDirector, "-backendPort|70000",
                "--backend-port: Value 70000 not in range 1 to 65535\n"},
        BadFlag{"Function", kDirector, "-functionPort|0",
                "--function-port: Value 0 not in range 1 to 65535\n"},
        BadFlag{"Allocator", kDirector, "-allocatorPort=-1",
                "--allocator-port: Value -1 not in range 1 to 65535\n"},
        BadFlag{"OneOfTheAllocators", kDirector,
                "-allocatorAddr|a,b:0|--openmatch-insecure|--allocator-insecure",
                "-allocatorAddr: endpoint must be \"host:port\", but is \"b:0\"\n"},
        BadFlag{"FrontendOfDirector", kDirector,
                "-frontendAddr|h:99999|--openmatch-insecure|--allocator-insecure",
                "-frontendAddr: openmatch::Frontend: endpoint must be \"host:port\", but is "
                "\"h:99999\"\n"},
        BadFlag{"Query", kMmf, "-queryServicePort|65536",
                "--query-service-port: Value 65536 not in range 1 to 65535\n"},
        BadFlag{"Server", kMmf, "-serverPort|70000",
                "--server-port: Value 70000 not in range 0 to 65535\n"},
        BadFlag{"Frontend", kClient, "-frontend|h:0|--insecure",
                "-frontend: openmatch::Frontend: endpoint must be \"host:port\", but is \"h:0\""},
        BadFlag{"GameServer", kServer, "-p|70000", "--p: Value 70000 not in range 0 to 65535\n"},
        BadFlag{"NoNumber", kServer, "-p|http", "--p: Value http not in range 0 to 65535\n"},
        BadFlag{"Metrics", kMmf, "--metrics-address|localhost",
                "--metrics-address: 'localhost' is not host:port\n"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Values, BadFlagTest,
    ::testing::Values(
        BadFlag{"Interval", kDirector, "-interval|soon", "--interval: "},
        BadFlag{"ProfileMode", kDirector, "--profile-mode|both",
                "--profile-mode: both not in {auto,joint,bands}\n"},
        BadFlag{"MaxInFlight", kDirector, "--max-in-flight|0", "--max-in-flight: "},
        BadFlag{"Rounds", kDirector, "--rounds|-1", "--rounds: "},
        BadFlag{"RegionTwice", kDirector,
                "-regions|eu,us,eu|--openmatch-insecure|--allocator-insecure",
                "regions: 'eu' is there twice\n"},
        BadFlag{"RegionIsNoLabel", kDirector,
                "-regions|us east|--openmatch-insecure|--allocator-insecure",
                "regions: 'us east' is no label value\n"},
        BadFlag{"JointWithGap", kDirector,
                "-ranges|0-10,12-20|--profile-mode|joint|--log-level|error|--openmatch-insecure|"
                "--allocator-insecure",
                "bands: a joint profile cannot have a gap between its bands\n"},
        BadFlag{"Players", kMmf, "-players|0", "--players: Value 0 not in range 1 to 10000\n"},
        BadFlag{"NoRules", kMmf, "--rules|/nowhere.json",
                "rules file /nowhere.json cannot be read\n"},
        BadFlag{"LatencyText", kClient, "-latencyUsEast1|near",
                "--latency: 'us-east-1=near' is not region=milliseconds (a number from 0)\n"},
        BadFlag{"LatencyNan", kClient, "--latency|eu=nan", "--latency: 'eu=nan' is not region="},
        BadFlag{"LatencyWithoutValue", kClient, "-latencyUsEast1", "--latency: 1 required"},
        BadFlag{"NoRegion", kClient, "-region1||--insecure", "-region1, -region2: no name\n"},
        BadFlag{"Timeout", kClient, "--timeout|-1", "--timeout: must be from 0 to 1e9 seconds\n"},
        BadFlag{"Bind", kServer, "--bind|localhost.",
                "cannot listen on localhost. port 12345: not a numeric address and port\n"},
        BadFlag{"FirstPlayer", kServer, "--first-player-timeout|-1", "--first-player-timeout: "},
        BadFlag{"NoDirectory", kSandbox, "--regions|a", "--dir is required\n"},
        BadFlag{"SandboxRegion", kSandbox, "--dir|/tmp/gsh-never|--regions|us east",
                "sandbox: regions has \"us east\", which no label may hold: "},
        BadFlag{"SandboxBind", kSandbox, "--dir|/tmp/gsh-never|--bind|localhost",
                "AWS sandbox: bind is not an IPv4 address: \"localhost\"\n"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Spelling, BadFlagTest,
    ::testing::Values(BadFlag{"Slip", kDirector, "-backendAdr|h",
                              "unknown flag -backendAdr (did you mean --backend-addr?)\n"},
                      BadFlag{"Unknown", kMmf, "--colour=red", "unknown flag --colour\n"},
                      BadFlag{"Word", kServer, "12345", "unexpected argument '12345'\n"},
                      BadFlag{"NoValue", kMmf, "-players", "--players: "},
                      BadFlag{"NoConfig", kMmf, "--config|/nowhere.ini",
                              "--config /nowhere.ini: No such file or directory\n"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    TlsFiles, BadFlagTest,
    ::testing::Values(
        BadFlag{"Director", kDirector, "--openmatch-tls-dir|/nowhere",
                "-backendAddr: openmatch::Backend: tls: /nowhere/ca.crt: No such file or directory "
                "(--openmatch-tls-dir is '/nowhere'; --openmatch-insecure would mean plaintext)\n"},
        BadFlag{"Allocator", kDirector, "--openmatch-insecure|--allocator-tls-dir|/nowhere",
                "-allocatorAddr: agones::Allocator: tls: /nowhere/ca.crt: No such file or "
                "directory (--allocator-tls-dir is '/nowhere'"}),
    NameOf);

// A gap is no mistake of the command line, but the players in it would wait for ever.
TEST(GapTest, IsAWarningThatNamesTheLostInterval) {
  const testing::Outcome outcome = testing::RunToEnd(
      {.program = kDirector, .args = {"-ranges", "0-10,30-40", "--openmatch-tls-dir", "/nowhere"}});
  EXPECT_THAT(outcome.output,
              HasSubstr("warning: -ranges: latencies in [10, 30) are in no band: \"30-40\" begins "
                        "more than 1 after \"0-10\"\n"));
}

class BadFileTest : public ::testing::Test {
 protected:
  testing::Outcome RunMmf(const std::string& flag, const std::string& text) {
    std::ofstream(file_) << text;
    return testing::RunToEnd({.program = kMmf, .args = {flag, file_}});
  }
  const testing::TemporaryDirectory dir_;
  const std::string file_ = dir_.File("file");
};

TEST_F(BadFileTest, RulesSayWhereTheMistakeIs) {
  struct {
    const char* json;
    const char* mistake;
  } const cases[] = {
      {R"({"regions":["a","a"]})", R"($.regions[1]: repeats "a")"},
      {R"({"bands":[9,3]})", "$.bands[1]: must be above the bound before it"},
      {R"({"bands":[-1,3]})", "$.bands[0]: must be a latency from 0 up"},
      {R"({"match_size":0})", "$.match_size: must be a whole number from 1 to 10000"},
      {R"({"colour":1})", "$.colour: is not a rule"},
      {R"({"version":2})", "$.version: must be 1"},
      {"{", "$: is not JSON: "},
  };
  for (const auto& [json, mistake] : cases) {
    const testing::Outcome outcome = RunMmf("--rules", json);
    EXPECT_EQ(outcome.exit_code, 2) << json;
    EXPECT_THAT(outcome.output, StartsWith("gsh-mmf: rules file " + file_ + ": " + mistake));
  }
}

TEST_F(BadFileTest, ConfigurationSaysTheLine) {
  testing::Outcome outcome = RunMmf("--config", "players = 4\nplayer = 5\n");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, StartsWith("gsh-mmf: " + file_ +
                                         ":2: unknown key player; did you "
                                         "mean players?\n"));
  outcome = RunMmf("--config", "\nplayers = four\n");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output,
              HasSubstr("--players: Value four not in range 1 to 10000 (from " + file_ + ":2)\n"));
}

}  // namespace
}  // namespace gsh
