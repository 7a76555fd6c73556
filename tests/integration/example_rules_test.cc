// The rules files under examples/mmf/rules: each is read, and does what its README says, over gRPC.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/matcher/bands.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/rules_file.h"
#include "gsh/testing/manual_clock.h"
#include "tests/integration/match_function_over_grpc.h"

namespace gsh {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::filesystem::path kRules = GSH_EXAMPLE_RULES;

class ExampleRulesTest : public ::testing::Test {
 protected:
  void Use(const std::string& name) {
    auto file = mmf::OpenRulesFile({.path = kRules / name});
    ASSERT_TRUE(file.ok()) << file.status();
    file_ = *std::move(file);
    function_ = std::make_unique<MatchFunctionOverGrpc>(mmf::LatencyMatchFunctionOptions{
        .rules = [this] { return file_->Current(); }, .clock = &clock_});
  }
  void Add(const std::string& id, double us_east_1, double waited_s = 0, double skill = 0) {
    function_->query_service.tickets.push_back(
        {.id = id,
         .search_fields = {.double_args = {{"latency-us-east-1", us_east_1}, {"skill", skill}}},
         .create_time =
             clock_.Now() - std::chrono::milliseconds(static_cast<int>(waited_s * 1e3))});
  }
  std::vector<openmatch::Match> Run() {
    return function_->Run({.name = "rules", .pools = {{.name = "all"}}});
  }

  testing::ManualClock clock_;
  std::unique_ptr<mmf::RulesFile> file_;
  std::unique_ptr<MatchFunctionOverGrpc> function_;
};

TEST_F(ExampleRulesTest, AllOfThemAreReadAndRun) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRules)) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    Use(entry.path().filename());
    for (int i = 0; i < 60; ++i) Add("t" + std::to_string(i), 20 + i % 3);
    EXPECT_THAT(Run(), SizeIs(::testing::Ge(4u))) << entry.path();
  }
  EXPECT_GE(files, 2);
}

TEST_F(ExampleRulesTest, FiveBandsAreTheSamples) {
  Use("five-bands.json");
  const auto samples = matcher::ParseBands("0-24,25-49,50-74,74-99,100-9999");
  ASSERT_TRUE(samples.ok());
  const std::vector<float> bounds = file_->Current().band_bounds_ms;
  ASSERT_EQ(bounds.size(), samples->bands.size() + 1);
  for (std::size_t i = 0; i < samples->bands.size(); ++i) {
    EXPECT_EQ(bounds[i], samples->bands[i].min_ms);
    EXPECT_EQ(bounds[i + 1], samples->bands[i].max_ms);
  }
  // Players on both sides of a bound do not meet; 74 is in the later band.
  for (const double ms : {48.0, 49.0, 49.5, 50.0, 73.0, 73.9, 73.95, 74.0}) {
    Add("t" + std::to_string(ms), ms);
  }
  EXPECT_THAT(Run(), SizeIs(1));  // 50, 73, 73.9, 73.95
}

TEST_F(ExampleRulesTest, ThreeTeamsWidenWithTheWait) {
  Use("three-teams-latency.json");
  for (int i = 0; i < 15; ++i) Add("near" + std::to_string(i), 40, 0, i);
  for (int i = 0; i < 14; ++i) Add("new" + std::to_string(i), 90, 9.9);
  const auto full = Run();
  ASSERT_THAT(full, SizeIs(1));
  EXPECT_THAT(full[0].tickets, SizeIs(15));
  const auto teams = nlohmann::json::parse(
      StringOf(full[0].extensions.at(mmf::kTeamsExtension)).value_or("no text"));
  ASSERT_EQ(teams.size(), 3u);
  std::vector<double> skills;
  for (const auto& [team, members] : teams.items()) {
    EXPECT_EQ(members.size(), 5u);
    skills.push_back(0);
    for (const auto& id : members) skills.back() += std::stod(id.get<std::string>().substr(4)) / 5;
  }
  // FlexMatch's example wants means within 10 points; here the mean of all is 7.
  for (const double mean : skills) EXPECT_NEAR(mean, 7, 1.5);

  // The same players 0.2 s later: within the limit, and one short of a full match.
  function_->query_service.tickets.clear();
  for (int i = 0; i < 14; ++i) Add("later" + std::to_string(i), 90, 10.1);
  EXPECT_THAT(Run(), IsEmpty());
  // Once one of them has waited 20 s a smaller match will do, of equal teams.
  function_->query_service.tickets.front().create_time =
      clock_.Now() - std::chrono::milliseconds(20'500);
  const auto small = Run();
  ASSERT_THAT(small, SizeIs(1));
  EXPECT_THAT(small[0].tickets, SizeIs(12));
}

}  // namespace
}  // namespace gsh
