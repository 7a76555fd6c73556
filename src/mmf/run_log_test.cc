#include "gsh/mmf/run_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::mmf {
namespace {

using matcher::Unmatched;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const WallTime kWhen = WallTime(std::chrono::seconds(1'767'225'600));  // 2026-01-01

// A run over tickets "a", "b", "c" and "d": the first two are matched, "d" is refused.
struct OneRun {
  matcher::Rules rules{
      .regions = {"us", "eu"},
      .band_bounds_ms = {0, 25, kInfinity},
      .match_size = 2,
      .teams = 2,
      .max_latency_ms = {{.value = 50, .steps = {{10, 100}}}},
  };
  std::vector<std::string_view> ids = {"a", "b", "c", "d"};
  std::vector<float> latencies = {10, kNan, 20, 30, 120, 130, kNan, kNan};
  std::vector<float> waits = {1, 2, 12.5f, 4};
  std::vector<std::uint16_t> parties = {1, 1, 3, 1};
  std::vector<Refusal> refusals = {{.ticket = 3, .why = "party-size is 0"}};
  std::vector<std::string> match_ids = {"m1"};
  std::vector<std::string> backfill_ids = {"other", "b7"};
  matcher::Result result{
      .matches = {{.region = 0, .band = 1, .first_member = 0, .size = 2, .players = 2}},
      .members = {1, 0},
      .reasons = {Unmatched::kMatched, Unmatched::kMatched, Unmatched::kWaitsForWidening,
                  Unmatched::kRefused},
      .teams = {1, 0},
      .widens_at_s = {kInfinity, kInfinity, 30, kInfinity},
  };

  RunReport Report() const {
    return {.profile = "joint",
            .proposals = 1,
            .ticket_ids = ids,
            .reasons = result.reasons,
            .rules = &rules,
            .latency_ms = latencies,
            .wait_s = waits,
            .party_size = parties,
            .refusals = refusals,
            .result = &result,
            .match_ids = match_ids,
            .backfill_ids = backfill_ids};
  }
};

TicketRun TheOnly(const RunLog& log, std::string_view ticket) {
  const std::vector<TicketRun> found = log.Find(ticket);
  EXPECT_THAT(found, SizeIs(1)) << ticket;
  return found.empty() ? TicketRun() : found[0];
}

TEST(RunLog, KnowsWhyATicketWaitsAndUntilWhen) {
  RunLog log;
  log.Record(OneRun().Report(), kWhen);
  const TicketRun run = TheOnly(log, "c");
  EXPECT_EQ(run.profile, "joint");
  EXPECT_EQ(run.when, kWhen);
  EXPECT_EQ(run.reason, Unmatched::kWaitsForWidening);
  EXPECT_EQ(run.wait_s, 12.5f);
  EXPECT_EQ(run.widens_at_s, 30);
  EXPECT_EQ(run.party_size, 3u);
  ASSERT_THAT(run.regions, SizeIs(2));
  EXPECT_EQ(run.regions[1].name, "eu");
  EXPECT_EQ(run.regions[1].latency_ms, 130);
  EXPECT_EQ(run.regions[1].limit_ms, 100);  // after 12.5 s
  EXPECT_EQ(run.match_id, "");
}

TEST(RunLog, KnowsTheMatchOfATicket) {
  RunLog log;
  OneRun run;
  log.Record(run.Report(), kWhen);
  TicketRun found = TheOnly(log, "a");
  EXPECT_EQ(found.reason, Unmatched::kMatched);
  EXPECT_EQ(found.match_id, "m1");
  EXPECT_EQ(found.region, "us");
  EXPECT_EQ(found.band_min_ms, 25);
  EXPECT_EQ(found.band_max_ms, kInfinity);
  EXPECT_EQ(found.team, "0");
  EXPECT_EQ(found.backfill, "");
  EXPECT_TRUE(std::isnan(found.regions[1].latency_ms));
  EXPECT_EQ(found.regions[0].limit_ms, 50);
  EXPECT_EQ(TheOnly(log, "b").team, "1");

  run.result.matches[0].backfill = 1;
  RunLog joining;
  joining.Record(run.Report(), kWhen);
  EXPECT_EQ(TheOnly(joining, "a").backfill, "b7");
}

TEST(RunLog, KnowsWhyATicketWasRefused) {
  RunLog log;
  log.Record(OneRun().Report(), kWhen);
  EXPECT_EQ(TheOnly(log, "d").reason, Unmatched::kRefused);
  EXPECT_EQ(TheOnly(log, "d").refusal, "party-size is 0");
  EXPECT_EQ(TheOnly(log, "c").refusal, "");
}

TEST(RunLog, TellsTheNewestFirstAndOfOthersNothing) {
  RunLog log;
  OneRun run;
  log.Record(run.Report(), kWhen);
  run.result.reasons[2] = Unmatched::kOverLimit;
  log.Record(run.Report(), kWhen + std::chrono::seconds(1));
  const auto found = log.Find("c");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].reason, Unmatched::kOverLimit);
  EXPECT_EQ(found[1].reason, Unmatched::kWaitsForWidening);
  EXPECT_THAT(log.Find("c", 1), SizeIs(1));
  EXPECT_THAT(log.Find("e"), IsEmpty());
  EXPECT_THAT(log.Find(""), IsEmpty());
}

TEST(RunLog, AReportThatSaysLittleWillDo) {
  RunLog log;
  const std::string_view id = "a";
  const Unmatched reason = Unmatched::kUnreachable;
  log.Record({.profile = "p", .ticket_ids = {&id, 1}, .reasons = {&reason, 1}}, kWhen);
  const TicketRun run = TheOnly(log, "a");
  EXPECT_EQ(run.reason, Unmatched::kUnreachable);
  EXPECT_TRUE(std::isnan(run.wait_s));
  EXPECT_THAT(run.regions, IsEmpty());
}

TEST(RunLog, ForgetsTheOldestRuns) {
  RunLog log({.max_runs = 3});
  for (int i = 0; i < 5; ++i) log.Record(OneRun().Report(), kWhen + std::chrono::seconds(i));
  const auto found = log.Find("a");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[2].when, kWhen + std::chrono::seconds(2));
  log.Record({.profile = "nobody waits"}, kWhen);  // nothing to remember, nothing to forget
  EXPECT_EQ(log.runs(), 3u);
  RunLog none({.max_runs = 0});
  none.Record(OneRun().Report(), kWhen);
  EXPECT_EQ(none.runs(), 0u);
}

TEST(RunLog, NeedsNoMoreMemoryThanItMay) {
  constexpr std::size_t kMost = 100'000;
  RunLog log({.max_bytes = kMost});
  std::vector<std::string> names;
  for (int i = 0; i < 400; ++i) names.push_back("ticket-number-" + std::to_string(i));
  const std::vector<std::string_view> ids(names.begin(), names.end());
  const std::vector<Unmatched> reasons(ids.size(), Unmatched::kUnreachable);
  const RunReport run{.profile = "p", .ticket_ids = ids, .reasons = reasons};
  for (int i = 0; i < 20; ++i) log.Record(run, kWhen);
  EXPECT_GT(log.runs(), 2u);
  EXPECT_LT(log.runs(), 20u);
  EXPECT_LE(log.bytes(), kMost);
  EXPECT_GT(log.bytes(), kMost / 2);
  EXPECT_THAT(log.Find("ticket-number-399"), SizeIs(log.runs()));

  // A run that is too large is cut short.
  RunLog small({.max_bytes = 10'000});
  small.Record(run, kWhen);
  EXPECT_THAT(small.Find("ticket-number-0"), SizeIs(1));
  EXPECT_THAT(small.Find("ticket-number-399"), IsEmpty());
  EXPECT_LE(small.bytes(), 11'000u);
}

Json Explained(const RunLog& log, std::string_view ticket) {
  return Json::parse(
      ExplainJson(ticket, log.Find(ticket), kWhen + std::chrono::milliseconds(1500)));
}

TEST(ExplainJson, SaysWhatATicketWaitsFor) {
  RunLog log;
  log.Record(OneRun().Report(), kWhen);
  EXPECT_EQ(Explained(log, "c"), Json::parse(R"({
    "ticket": "c",
    "runs": [{
      "profile": "joint",
      "when": "2026-01-01T00:00:00.00Z",
      "age_ms": 1500,
      "reason": "waits_for_widening",
      "explanation": "its limits widen when it has waited 30.0 s, in 17.5 s",
      "party_size": 3,
      "wait_s": 12.5,
      "widens_at_s": 30.0,
      "regions": {"us": {"latency_ms": 120.0, "limit_ms": 100.0},
                  "eu": {"latency_ms": 130.0, "limit_ms": 100.0}}
    }]
  })"));
}

TEST(ExplainJson, SaysTheMatch) {
  RunLog log;
  OneRun run;
  run.result.matches[0].backfill = 1;
  log.Record(run.Report(), kWhen);
  const Json json = Explained(log, "a")["runs"][0];
  EXPECT_EQ(json["reason"], "matched");
  EXPECT_EQ(json["explanation"], "proposed for a running match");
  EXPECT_EQ(json["match"], Json::parse(R"({"id": "m1", "region": "us", "band_ms": [25, null],
                                           "team": "0", "backfill": "b7"})"));
  EXPECT_EQ(json["regions"]["eu"]["latency_ms"], nullptr);
  EXPECT_EQ(json["widens_at_s"], nullptr);
}

TEST(ExplainJson, EveryReasonIsPutInWords) {
  for (std::size_t i = 0; i < matcher::kUnmatchedReasons; ++i) {
    TicketRun ticket{.reason = static_cast<Unmatched>(i), .refusal = "why", .party_size = 7};
    const Json json = Json::parse(ExplainJson("t", {ticket}, kWhen));
    EXPECT_EQ(json["runs"][0]["reason"], matcher::UnmatchedName(ticket.reason));
    EXPECT_THAT(json["runs"][0]["explanation"].get<std::string>(), SizeIs(::testing::Gt(8u)));
  }
  const auto in_words = [](TicketRun ticket) {
    return Json::parse(ExplainJson("t", {ticket}, kWhen))["runs"][0]["explanation"]
        .get<std::string>();
  };
  EXPECT_THAT(in_words({.reason = Unmatched::kRefused, .refusal = "5 tags"}), HasSubstr("5 tags"));
  EXPECT_THAT(in_words({.reason = Unmatched::kPartyTooLarge, .party_size = 7}), HasSubstr("7"));
  EXPECT_THAT(in_words({.reason = Unmatched::kWaitsForWidening, .wait_s = 5, .widens_at_s = 5}),
              HasSubstr("all the time"));
}

TEST(ExplainJson, IdsThatAreNoTextAreStillJson) {
  EXPECT_TRUE(Json::accept(ExplainJson("\xff\"", {}, kWhen)));
}

}  // namespace
}  // namespace gsh::mmf
