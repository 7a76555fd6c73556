// gsh-matchsim as people run it: what it writes, how it ends, and the standard scenario of
// docs/matcher-quality.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/running_program.h"

namespace gsh {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kSource = GSH_SOURCE_DIR;
const std::string kFiveBands = kSource + "/examples/mmf/rules/five-bands.json";
const std::string kStandard = kSource + "/tools/matchsim/standard.json";

class MatchsimTest : public ::testing::Test {
 protected:
  MatchsimTest() { std::filesystem::create_directories(dir_); }
  ~MatchsimTest() override { std::filesystem::remove_all(dir_); }

  static testing::Outcome Matchsim(const std::vector<std::string>& args) {
    return testing::RunToEnd({.program = "gsh-matchsim", .args = args});
  }
  // A mistake of the command line or of a file that it names.
  static void ExpectMistake(const std::vector<std::string>& args, const std::string& message) {
    const testing::Outcome outcome = Matchsim(args);
    EXPECT_EQ(outcome.exit_code, 2) << message;
    EXPECT_THAT(outcome.output, StartsWith("gsh-matchsim: " + message));
    const bool named = !args.empty() && args[0] != "walk";
    EXPECT_THAT(outcome.output,
                EndsWith("Try 'gsh-matchsim " + (named ? args[0] + " " : "") + "--help'.\n"));
  }

  std::string File(const std::string& name) const { return dir_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(File(name)) << text;
    return File(name);
  }
  static std::string Read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  const std::string dir_ = ::testing::TempDir() + "gsh-matchsim-" + std::to_string(getpid());
};

TEST_F(MatchsimTest, HelpHasExamplesThatWork) {
  const testing::Outcome outcome = Matchsim({"--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("run --rules rules.json --count 20000 --rate 50"),
                                    HasSubstr("compare before.json after.json")));
  EXPECT_EQ(Matchsim({"run", "--help"}).exit_code, 0);
}

TEST_F(MatchsimTest, GeneratedTicketsRunAsTheyWouldWithoutAFile) {
  const std::string csv = File("day.csv");
  const std::vector<std::string> traffic = {
      "--count", "500", "--rate", "5", "--areas", "europe", "--regions", "eu-west-1,eu-north-1"};
  std::vector<std::string> generate = {"generate", "--output", csv};
  generate.insert(generate.end(), traffic.begin(), traffic.end());
  ASSERT_EQ(Matchsim(generate).output, "");
  EXPECT_THAT(Read(csv), StartsWith("time,latency-eu-west-1,latency-eu-north-1\n"));

  const std::string rules = Write("rules.json", R"({"match_size": 4, "bands": [0, 40, 200]})");
  std::vector<std::string> run = {"run", "--rules", rules};
  const testing::Outcome from_file = Matchsim({"run", "--rules", rules, "--tickets", csv});
  run.insert(run.end(), traffic.begin(), traffic.end());
  const testing::Outcome generated = Matchsim(run);
  EXPECT_EQ(from_file.exit_code, 0);
  EXPECT_THAT(from_file.output, HasSubstr("| matched in all rounds"));
  EXPECT_EQ(from_file.output, generated.output);
}

TEST_F(MatchsimTest, SameSeedSameBytes) {
  const auto report = [&](const std::string& name, const std::string& seed) {
    EXPECT_EQ(Matchsim({"run", "--count", "2000", "--rate", "20", "--seed", seed, "--json",
                        File(name + ".json"), "--html", File(name + ".html")})
                  .exit_code,
              0);
    return Read(File(name + ".json")) + Read(File(name + ".html"));
  };
  const std::string first = report("first", "7");
  EXPECT_GT(first.size(), 10'000u);
  EXPECT_EQ(report("second", "7"), first);
  EXPECT_NE(report("third", "8"), first);
}

TEST_F(MatchsimTest, CompareShowsBothSides) {
  const std::string narrow = Write("narrow.json", R"({"bands": [0, 20, 40, 60, 80, 100]})");
  const std::string wide = Write("wide.json", R"({"bands": [0, 100]})");
  const testing::Outcome outcome =
      Matchsim({"compare", narrow, wide, "--count", "1000", "--rate", "2", "--areas",
                "north-america", "--html", File("change.html")});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("narrow |"), HasSubstr("wide |")));
  EXPECT_THAT(Read(File("change.html")), AllOf(HasSubstr("narrow against wide"),
                                               HasSubstr("</html>"), Not(HasSubstr("<script"))));
}

TEST_F(MatchsimTest, JsonOnStdoutIsNothingElse) {
  const testing::Outcome outcome = Matchsim({"run", "--count", "50", "--json", "-"});
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["results"][0]["tickets"], 50);
}

TEST_F(MatchsimTest, APipeIsWrittenInPlace) {
  const testing::Outcome outcome = Matchsim({"run", "--count", "9", "--html", "/proc/self/fd/1"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("| tickets matched")));
}

TEST_F(MatchsimTest, RegionsMayBeChosenFromTheScenario) {
  const std::string scenario = Write("scenario.json", R"({"traffic": {"tickets": 40}, "regions": [
      {"name": "us-east-1", "servers": 1}, {"name": "base", "latitude": 1, "longitude": 2,
       "servers": 7}]})");
  const auto regions = [](const testing::Outcome& outcome) {
    return nlohmann::json::parse(outcome.output)["scenario"]["regions"].dump();
  };
  EXPECT_EQ(
      regions(
          Matchsim({"run", "--scenario", scenario, "--regions", "base,eu-west-1", "--json", "-"})),
      R"([{"latitude":1.0,"longitude":2.0,"name":"base","servers":7},{"name":"eu-west-1","servers":0}])");
  // A file's columns say what there is; game servers stay as they are.
  const std::string csv = Write("base.csv", "time,latency-base,latency-x\n0,5,6\n");
  const std::string limited = Write("limited.json", R"({"regions": [
      {"name": "base", "servers": 7}, {"name": "us-east-1"}]})");
  EXPECT_EQ(regions(Matchsim({"run", "--scenario", limited, "--tickets", csv, "--json", "-"})),
            R"([{"name":"base","servers":7},{"name":"x","servers":0}])");
  ExpectMistake({"run", "--scenario", scenario, "--tickets", csv},
                "servers: the tickets have no latency to \"us-east-1\"\n");
}

TEST_F(MatchsimTest, BadTicketsSayLineAndColumn) {
  const std::string csv = Write("bad.csv", "time,latency-a\n0,5\n1,far\n");
  ExpectMistake({"run", "--tickets", csv},
                "--tickets " + csv + ": line 3, column 2: latency-a \"far\" is no latency");
  const std::string binary = Write("binary.csv", std::string("\x7f"
                                                             "ELF\0\1\2",
                                                             7));
  ExpectMistake({"run", "--tickets", binary}, "--tickets " + binary + ": line 1, column 1: ");
  ExpectMistake({"run", "--tickets", "/nowhere.csv"},
                "--tickets: /nowhere.csv: No such file or directory\n");
  ExpectMistake({"run", "--tickets", "/"}, "--tickets: /: is a directory\n");
}

TEST_F(MatchsimTest, BadRulesAndScenariosSayWhere) {
  const std::string rules = Write("rules.json", R"({"bands": [9, 3]})");
  ExpectMistake({"run", "--rules", rules}, "rules " + rules + ": $.bands[1]: ");
  ExpectMistake({"compare", rules, rules}, "rules " + rules + ": $.bands[1]: ");
  const std::string scenario = Write("scenario.json", R"({"traffic": {"rat": 1}})");
  ExpectMistake({"run", "--scenario", scenario},
                "--scenario " + scenario + ": $.traffic.rat: is not known here\n");
  const std::string elsewhere = Write("elsewhere.json", R"({"regions": ["mars-1"]})");
  ExpectMistake({"run", "--rules", elsewhere}, "regions: where is \"mars-1\"?");
  const std::string csv = Write("good.csv", "time,latency-a\n0,5\n");
  ExpectMistake({"run", "--tickets", csv, "--rules", elsewhere},
                "elsewhere: the rules name the region \"mars-1\"");
}

TEST_F(MatchsimTest, BadCommandLines) {
  ExpectMistake({}, "A subcommand is required");
  ExpectMistake({"walk"}, "");
  ExpectMistake({"compare", kFiveBands}, "rules: ");
  ExpectMistake({"run", "--seed", "x"}, "--seed: ");
  ExpectMistake({"run", "--seed", "-1"}, "--seed: Value -1 is no whole number from 0 up\n");
  ExpectMistake({"run", "--count", "-1"}, "--count: Value -1 not in range 0 to 10000000\n");
  ExpectMistake({"run", "--count", "99999999999"}, "--count: ");
  ExpectMistake({"run", "--rate", "nan"}, "rate: ");
  ExpectMistake({"run", "--round", "0"}, "gsh: round: must be above 0");
  ExpectMistake({"run", "--areas", "atlantis"}, "areas: \"atlantis\" is none of ");
  ExpectMistake({"run", "--matcher", "best"}, "--matcher: best not in {");
  ExpectMistake({"run", "--servers", "us-east-1"}, "--servers: 'us-east-1' is not region=N\n");
  ExpectMistake({"run", "--servers", "us-eats-1=5"}, "servers: the tickets have no latency to");
  ExpectMistake({"run", "--output", "x"}, "--output has no meaning for run\n");
  ExpectMistake({"compare", "a", "b", "--rules", "c"}, "--rules has no meaning for compare\n");
  ExpectMistake({"run", "--json", "-", "--html", "-"}, "--json and --html are both '-'\n");
  ExpectMistake({"generate", "--html", "x"}, "--html has no meaning for generate\n");
  ExpectMistake({"run", "--tickets", "x", "--rate", "1"},
                "--rate has no meaning for tickets from a file\n");
}

TEST_F(MatchsimTest, WhatCannotBeWrittenIsAFailure) {
  const testing::Outcome outcome = Matchsim({"run", "--count", "9", "--html", "/nowhere/r.html"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("/nowhere/r.html cannot be written: No such file"));
}

TEST_F(MatchsimTest, TheDocumentShowsWhatItsCommandPrints) {
  const testing::Outcome outcome =
      Matchsim({"compare", "--scenario", kStandard, kFiveBands, "sample:" + kFiveBands,
                "sample-corrected:" + kFiveBands});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(Read(kSource + "/docs/matcher-quality.md"), HasSubstr("\n" + outcome.output + "\n"));
}

// What must stay true of it, whatever changes.
TEST_F(MatchsimTest, TheStandardScenario) {
  const testing::Outcome outcome =
      Matchsim({"compare", "--scenario", kStandard, kFiveBands, "sample:" + kFiveBands,
                "sample-corrected:" + kFiveBands, "--json", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto json = nlohmann::json::parse(outcome.output);
  ASSERT_EQ(json["results"].size(), 3u);
  const auto& ours = json["results"][0];
  // Bands and regions may leave a few tickets each; the pair of the sample and the real engine
  // matched 75.6 %.
  EXPECT_GE(ours["first_round"]["matched"], 100'000 - 10);
  for (const std::size_t sample : {1, 2}) {
    const auto& theirs = json["results"][sample];
    EXPECT_GT(theirs["first_round"]["matched"], 60'000);
    EXPECT_LT(theirs["first_round"]["matched"], 90'000);
    EXPECT_GE(theirs["matched"], 99'900);  // in all rounds
    EXPECT_LE(ours["latency_ms"]["mean"], theirs["latency_ms"]["mean"]);
    EXPECT_GE(ours["matched"].get<int>() + 10, theirs["matched"].get<int>());
  }
}

}  // namespace
}  // namespace gsh
