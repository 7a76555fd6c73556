// The reports of small experiments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/matchsim/experiment.h"
#include "src/matchsim/figures.h"
#include "src/matchsim/report_html.h"
#include "src/matchsim/report_json.h"
#include "src/matchsim/ticket_csv.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// Ten tickets: four near "a", four near "b", one that nobody else is near to, one out of reach.
constexpr char kTickets[] =
    "time,latency-a,latency-b\n"
    "0,10,90\n0,12,80\n0,11,85\n0.5,14,95\n"
    "0,70,20\n1,75,22\n1,72,21\n2.5,78,24\n"
    "0,60,65\n0,,\n";

Contender ContenderOf(std::string name, MatcherKind kind, int match_size = 4) {
  return {.name = std::move(name),
          .kind = kind,
          .rules = {
              .regions = {"a", "b"}, .band_bounds_ms = {0, 25, 50, 100}, .match_size = match_size}};
}

Experiment ExperimentOf(const std::vector<Contender>& contenders, const Scenario& scenario = {}) {
  const StatusOr<Arrivals> arrivals = ParseTicketCsv(kTickets);
  EXPECT_THAT(arrivals, IsOk());
  StatusOr<Experiment> experiment = RunExperiment(scenario, *arrivals, contenders);
  EXPECT_THAT(experiment, IsOk());
  return experiment.ok() ? *experiment : Experiment{};
}

Experiment Golden() {
  return ExperimentOf(
      {ContenderOf("fours", MatcherKind::kGsh), ContenderOf("pairs", MatcherKind::kGsh, 2)},
      {.simulation = {.drain_s = 10}});
}

// By hand: in round 0 the three near "a" can only play with the one from 60 ms up, in "b".
TEST(ReportTest, GoldenTable) {
  EXPECT_EQ(FiguresTable(Golden()),
            R"(|                                        |              fours |              pairs |
|----------------------------------------|-------------------:|-------------------:|
| first round: matched                   |            66.66 % |            66.66 % |
| first round: left over (at the least)  |              2 (2) |              2 (2) |
| matched in all rounds                  |            80.00 % |            80.00 % |
| tickets matched                        |                  8 |                  8 |
| tickets that left                      |                  0 |                  0 |
| tickets still waiting                  |                  2 |                  2 |
| matches                                |                  2 |                  4 |
| rounds with somebody waiting           |                 14 |                 14 |
| wait, s, mean                          |               0.94 |               0.19 |
| wait, s, p50 / p95 / p99               | 0.00 / 3.00 / 3.00 | 0.00 / 1.00 / 1.00 |
| latency, ms, mean                      |               50.9 |               27.5 |
| latency, ms, p50 / p95 / p99           | 24.0 / 90.0 / 90.0 | 14.0 / 70.0 / 70.0 |
| spread in a match, ms, mean            |               14.5 |               3.50 |
| spread in a match, ms, p50 / p95 / p99 | 4.00 / 25.0 / 25.0 | 1.00 / 10.0 / 10.0 |
| unmatched: not enough neighbours       |                  1 |                  1 |
| unmatched: unreachable                 |                  1 |                  1 |
)");
}

TEST(ReportTest, JsonHasAllOfIt) {
  const auto json = nlohmann::json::parse(ReportJson(Golden()));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["source"], "generated");
  EXPECT_EQ(json["tickets"], 10);
  EXPECT_EQ(json["regions"], (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(json["results"].size(), 2u);
  const auto& fours = json["results"][0];
  EXPECT_EQ(fours["name"], "fours");
  EXPECT_EQ(fours["matcher"], "gsh");
  EXPECT_EQ(fours["rules"]["match_size"], 4);
  EXPECT_EQ(fours["matched"], 8);
  EXPECT_EQ(fours["left"], 0);
  EXPECT_EQ(fours["waiting"], 2);
  EXPECT_EQ(fours["unmatched"]["unreachable"]["waiting"], 1);
  EXPECT_EQ(fours["latency_ms"]["count"], 8);
  EXPECT_EQ(fours["latency_ms"]["histogram"]["counts"].size(), 50u);
  EXPECT_EQ(fours["timeline"]["time_s"].size(), fours["timeline"]["waiting"].size());
  EXPECT_EQ(fours["regions"][1]["name"], "b");
  EXPECT_EQ(fours["first_round"]["least_unmatched"], 2);
}

TEST(ReportTest, SameInputSameBytes) {
  EXPECT_EQ(ReportJson(Golden()), ReportJson(Golden()));
  EXPECT_EQ(ReportHtml(Golden()), ReportHtml(Golden()));
}

// Every element is closed in its order; what HTML leaves open is left out.
void ExpectWellFormed(std::string_view html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    ASSERT_NE(end, std::string_view::npos);
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    if (tag.starts_with('!') || tag.starts_with("meta") || tag.ends_with('/')) continue;
    const std::string name(tag.substr(0, tag.find_first_of(" \n")));
    if (!name.starts_with('/')) {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty()) << name;
      ASSERT_EQ("/" + open.back(), name) << "at " << html.substr(at, 80);
      open.pop_back();
    }
  }
  EXPECT_THAT(open, IsEmpty());
}

TEST(ReportTest, HtmlStandsAlone) {
  Scenario scenario{.simulation = {.patience_s = 5, .drain_s = 20, .servers = {{"a", 1}}}};
  scenario.description = "</p><script>alert(1)</script>";
  Experiment experiment = ExperimentOf(
      {ContenderOf("<b>fours", MatcherKind::kGsh), ContenderOf("s", MatcherKind::kSample),
       ContenderOf("c", MatcherKind::kSampleCorrected)},
      scenario);
  experiment.source = "a&b.csv";
  const std::string html = ReportHtml(experiment);
  ExpectWellFormed(html);
  for (const char* outside : {"<script", "http:", "https:", "<link", "<img", "url(", "@import"}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;fours"));
  EXPECT_THAT(html, HasSubstr("from a&amp;b.csv"));
  EXPECT_THAT(html, HasSubstr("Tickets that have left, over time"));
  EXPECT_THAT(html, HasSubstr("not enough neighbours"));
}

TEST(ReportTest, NobodyAtAll) {
  const StatusOr<Arrivals> arrivals = ParseTicketCsv("time,latency-a,latency-b\n");
  const StatusOr<Experiment> experiment =
      RunExperiment({}, *arrivals, {ContenderOf("fours", MatcherKind::kGsh)});
  ASSERT_THAT(experiment, IsOk());
  const std::string html = ReportHtml(*experiment);
  ExpectWellFormed(html);
  EXPECT_THAT(html, Not(HasSubstr("nan")));
  EXPECT_THAT(FiguresTable(*experiment),
              HasSubstr("| matched in all rounds                  |     - |"));
  EXPECT_THAT(ReportJson(*experiment), Not(HasSubstr("null,")));
}

TEST(ReportTest, NamesCannotBreakTheTable) {
  const std::string table = FiguresTable(ExperimentOf({ContenderOf("a|b\nc", MatcherKind::kGsh)}));
  EXPECT_THAT(table, HasSubstr("a/b c |\n"));
}

TEST(ExperimentTest, ContendersGetTheSameTicketsAndProgressGoesOn) {
  const StatusOr<Arrivals> arrivals = ParseTicketCsv(kTickets);
  std::vector<double> seen;
  const auto watch = [&](double over) {
    seen.push_back(over);
    return true;
  };
  const StatusOr<Experiment> experiment = RunExperiment(
      {}, *arrivals,
      {ContenderOf("x", MatcherKind::kSampleCorrected), ContenderOf("y", MatcherKind::kGsh)},
      watch);
  ASSERT_THAT(experiment, IsOk());
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_THAT(seen.front(), ::testing::Lt(0.5));
  EXPECT_THAT(seen.back(), ::testing::Gt(0.5));
  for (const ContenderResult& result : experiment->results) {
    EXPECT_EQ(result.simulation.tickets, 10u);
  }
}

TEST(ExperimentTest, MistakesNameTheContender) {
  const StatusOr<Arrivals> arrivals = ParseTicketCsv(kTickets);
  Contender bad = ContenderOf("mine", MatcherKind::kGsh);
  bad.rules.regions = {"a", "z"};
  EXPECT_THAT(RunExperiment({}, *arrivals, {bad}),
              StatusIsWith(StatusCode::kInvalidArgument,
                           "mine: the rules name the region \"z\", to which the tickets have no "
                           "latency"));
  bad.rules.match_size = -1;
  EXPECT_THAT(RunExperiment({}, *arrivals, {bad}),
              StatusIsWith(StatusCode::kInvalidArgument, StartsWith("mine: ")));
  EXPECT_THAT(RunExperiment({.simulation = {.servers = {{"nowhere", 1}}}}, *arrivals, {}),
              StatusIsWith(StatusCode::kInvalidArgument, HasSubstr("\"nowhere\"")));
}

TEST(ExperimentTest, NoLeastRemainderWithPartiesOrALeastSize) {
  Contender contender = ContenderOf("x", MatcherKind::kGsh);
  contender.rules.min_match_size = 2;
  contender.rules.max_wait_s = 5;
  EXPECT_FALSE(ExperimentOf({contender}).results[0].least_unmatched);
  const StatusOr<Arrivals> arrivals = ParseTicketCsv("time,party,latency-a,latency-b\n0,2,1,1\n");
  const StatusOr<Experiment> experiment =
      RunExperiment({}, *arrivals, {ContenderOf("x", MatcherKind::kGsh)});
  ASSERT_THAT(experiment, IsOk());
  EXPECT_FALSE(experiment->results[0].least_unmatched);
}

TEST(ExperimentTest, TheLeastRemainderIsOfThoseInTheFirstRound) {
  const StatusOr<Arrivals> arrivals =
      ParseTicketCsv("time,latency-a,latency-b\n0.5,,\n9,1,1\n9,1,1\n9,1,1\n9,1,1\n");
  const StatusOr<Experiment> experiment =
      RunExperiment({.simulation = {.round_s = 10, .patience_s = 2}}, *arrivals,
                    {ContenderOf("x", MatcherKind::kGsh)});
  ASSERT_THAT(experiment, IsOk());
  EXPECT_EQ(experiment->results[0].simulation.first_round.matched, 4u);
  EXPECT_EQ(experiment->results[0].least_unmatched, 0u);
}

TEST(FiguresTest, Texts) {
  EXPECT_EQ(Percent(99'999, 100'000), "99.999 %");
  EXPECT_EQ(Percent(9'999'999, 10'000'000), "99.999 %");
  EXPECT_EQ(Percent(7, 7), "100.00 %");
  EXPECT_EQ(Percent(29, 100), "29.00 %");
  EXPECT_EQ(Percent(1, 3), "33.33 %");
  EXPECT_EQ(Percent(0, 0), "-");
  EXPECT_EQ(Short(0.256), "0.26");
  EXPECT_EQ(Short(12.34), "12.3");
  EXPECT_EQ(Short(1234.5), "1234");
  EXPECT_EQ(Plain(600), "600");
  EXPECT_EQ(Plain(0.25), "0.25");
  EXPECT_EQ(Plain(1e9), "1000000000");
  EXPECT_EQ(Plain(1e-9), "0.000000001");
  EXPECT_EQ(Plain(5e-324).size(), 326u);
  EXPECT_EQ(Plain(2.2250738585072014e-308).size(), 326u);
  EXPECT_EQ(Words("not_enough_neighbours"), "not enough neighbours");
}

TEST(FiguresTest, MatchersHaveNames) {
  for (const MatcherKind kind :
       {MatcherKind::kGsh, MatcherKind::kSample, MatcherKind::kSampleCorrected}) {
    EXPECT_EQ(ParseMatcher(MatcherName(kind)), kind);
  }
  EXPECT_EQ(ParseMatcher("best"), std::nullopt);
}

}  // namespace
}  // namespace gsh::matchsim
