#include "gsh/mmf/latency_match_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/mmf/latency_match_function_fixture.h"
#include "src/mmf/proposal.h"
#include "src/openmatch/wire_match_function.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

openmatch::MatchRequest BandRequest(std::vector<openmatch::Ticket> tickets) {
  const std::string name = R"(profile_double_arg:"latency-us-east-1" max:49 min:25)";
  return {.profile = {.name = name,
                      .pools = {{.name = "pool",
                                 .double_range_filters =
                                     {{.double_arg = "latency-us-east-1", .max = 50, .min = 25}}}}},
          .pools = {{"pool", std::move(tickets)}}};
}

openmatch::MatchRequest JointRequest(std::vector<openmatch::Ticket> tickets) {
  const char* rules = R"({"version":1,"regions":["a","b"],"bands":[0,25,50],"match_size":2})";
  return {.profile = {.name = "joint",
                      .pools = {{.name = "all"}},
                      .extensions = {{kRulesExtension, AnyString(rules)}}},
          .pools = {{"all", std::move(tickets)}}};
}

TEST_F(LatencyMatchFunctionTest, ABandProfileGivesWhatTheSampleGives) {
  std::vector<openmatch::Ticket> tickets;
  for (const double ms : {40.0, 30.0, 49.5, 10.0, 20.0, 25.0, 45.0, 35.0, 26.0}) {
    tickets.push_back(MakeTicket("t" + std::to_string(static_cast<int>(ms)),
                                 {{"latency-us-east-1", ms}, {"latency-us-east-2", 1}}));
  }
  ASSERT_TRUE(Run(BandRequest(tickets)).ok());
  ASSERT_THAT(proposals_, SizeIs(2));
  EXPECT_EQ(proposals_[0].id, R"(profile-profile_double_arg:"latency-us-east-1" max:49 min:25)"
                              "-time-2026-01-01T00:00:00.00-0-0000000000000001");
  EXPECT_THAT(proposals_[1].id, MatchesRegex("profile-.*-1-0000000000000002"));
  EXPECT_EQ(proposals_[0].profile, BandRequest({}).profile.name);
  EXPECT_EQ(proposals_[0].function, "basic-matchfunction");
  EXPECT_THAT(Ids(0), ElementsAre("t10", "t20", "t25", "t26"));
  EXPECT_THAT(Ids(1), ElementsAre("t30", "t35", "t40", "t45"));
  EXPECT_EQ(proposals_[0].tickets[0], tickets[3]);
  const Extensions& extensions = proposals_[1].extensions;
  EXPECT_THAT(extensions,
              UnorderedElementsAre(Pair("evaluation_input", EvaluationInput(1000 / 37.5)),
                                   Pair("gsh.region", AnyString("us-east-1"))));
}

TEST_F(LatencyMatchFunctionTest, AJointProfileSaysTheRegion) {
  ASSERT_TRUE(Run(JointRequest({MakeTicket("1", {{"latency-a", 10}, {"latency-b", 5}}),
                                MakeTicket("2", {{"latency-a", 12}, {"latency-b", 30}}),
                                MakeTicket("3", {{"latency-a", 14}, {"latency-b", 40}}),
                                MakeTicket("4", {{"latency-b", 6}})}))
                  .ok());
  ASSERT_THAT(proposals_, SizeIs(2));
  EXPECT_THAT(Ids(0), ElementsAre("1", "4"));
  EXPECT_EQ(StringOf(proposals_[0].extensions["gsh.region"]), "b");
  EXPECT_THAT(Ids(1), ElementsAre("2", "3"));
  EXPECT_EQ(StringOf(proposals_[1].extensions["gsh.region"]), "a");
}

TEST_F(LatencyMatchFunctionTest, UnusableLatenciesAreLeftOutAndCounted) {
  ASSERT_TRUE(Run(JointRequest({MakeTicket("nan", {{"latency-a", kNan}}),
                                MakeTicket("negative", {{"latency-a", -1}, {"latency-b", -1e-60}}),
                                MakeTicket("none", {}), MakeTicket("far", {{"latency-b", 51}}),
                                MakeTicket("huge", {{"latency-b", 1e300}}),
                                MakeTicket("alone", {{"latency-b", 20}})}))
                  .ok());
  EXPECT_THAT(proposals_, IsEmpty());
  EXPECT_EQ(totals_.counters["gsh_mmf_unmatched{reason=unreachable}"], 4);
  EXPECT_EQ(totals_.counters["gsh_mmf_unmatched{reason=outside_bands}"], 1);
  EXPECT_EQ(totals_.counters["gsh_mmf_unmatched{reason=not_enough_neighbours}"], 1);
  EXPECT_EQ(totals_.counters["gsh_mmf_tickets"], 6);
  EXPECT_EQ(totals_.counters["gsh_mmf_proposals"], 0);
  EXPECT_EQ(totals_.counters["gsh_mmf_match_seconds"], 1);
}

// A serialised ticket with these latencies, and nothing that would not fit into a byte's length.
std::string WireTicketOf(const std::string& id, const std::map<std::string, double>& args,
                         std::size_t tags = 1) {
  const auto field = [](char tag, const std::string& value) {
    return std::string{tag, static_cast<char>(value.size())} + value;
  };
  std::string fields;
  for (const auto& [key, value] : args) {
    std::string number(sizeof value, '\0');
    std::memcpy(number.data(), &value, sizeof value);  // little-endian, as here
    fields += field(0x0a, field(0x0a, key) + '\x11' + number);
  }
  for (std::size_t i = 0; i < tags; ++i) fields += field(0x1a, "t");
  return field(0x0a, id) + field(0x22, fields);
}

TEST_F(LatencyMatchFunctionTest, SerialisedTicketsAreMatchedAsOthersAre) {
  const std::vector<std::pair<std::string, std::map<std::string, double>>> players = {
      {"1", {{"latency-a", 10}, {"latency-b", 5}}},
      {"2", {{"latency-a", 12}}},
      {"3", {{"latency-a", 14}, {"latency-b", 40}}},
      {"4", {{"latency-b", 6}}},
      {"nan", {{"latency-a", kNan}}},
      {"negative", {{"latency-b", -1}}},
  };
  openmatch::WireMatchRequest wire{.profile = JointRequest({}).profile};
  std::vector<openmatch::Ticket> tickets;
  for (const auto& [id, args] : players) {
    wire.pools["all"].push_back(WireTicketOf(id, args));
    tickets.push_back(MakeTicket(id, args));
  }
  wire.pools["another"] = {wire.pools["all"].front()};  // the same ticket
  wire.pools["all"].emplace_back("no ticket");
  wire.pools["all"].push_back(WireTicketOf("tagged", {{"latency-a", 11}}, 10));
  ASSERT_TRUE(Run(JointRequest(tickets)).ok());

  std::vector<std::string> seen;
  const auto function =
      MakeLatencyMatchFunction({.on_run =
                                    [&](const RunReport& run) {
                                      for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
                                        seen.push_back(std::string(run.ticket_ids[i]) + " " +
                                                       std::string(UnmatchedName(run.reasons[i])));
                                      }
                                    },
                                .max_ticket_tags = 9,
                                .clock = &clock_,
                                .rng = &rng_});
  const auto* dual = function.target<openmatch::DualMatchFunction>();
  ASSERT_NE(dual, nullptr);
  std::vector<std::string> proposals;
  ASSERT_TRUE(dual->on_wire(wire,
                            [&](std::string proposal) {
                              proposals.push_back(std::move(proposal));
                              return true;
                            })
                  .ok());
  EXPECT_THAT(seen, ElementsAre("1 matched", "2 matched", "3 matched", "4 matched",
                                "nan unreachable", "negative unreachable", "tagged refused"));
  ASSERT_EQ(proposals.size(), proposals_.size());
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    for (const std::string& id : Ids(i)) {
      EXPECT_THAT(proposals[i], HasSubstr(WireTicketOf(id, players.at(std::stoul(id) - 1).second)));
    }
    for (const auto& [key, extension] : proposals_[i].extensions) {
      EXPECT_THAT(proposals[i], HasSubstr(key));
      EXPECT_THAT(proposals[i], HasSubstr(extension.value));
    }
    EXPECT_THAT(proposals[i], HasSubstr("basic-matchfunction"));
    EXPECT_THAT(proposals[i],
                HasSubstr("profile-joint-time-2026-01-01T00:00:00.00-" + std::to_string(i) + "-"));
  }
}

TEST_F(LatencyMatchFunctionTest, TicketsThatHoldTooMuchAreLeftOutWithTheReason) {
  auto tagged = MakeTicket("tagged", {{"latency-a", 1}});
  tagged.search_fields.tags.assign(10'000, "t");
  auto large = MakeTicket("large", {{"latency-a", 1}});
  large.extensions["save"].value.assign(std::size_t{5} << 20, 'x');
  auto fits = MakeTicket("fits", {{"latency-a", 2}});
  fits.extensions["save"].value.assign(std::size_t{1} << 19, 'x');
  std::vector<std::string> seen;
  on_run_ = [&](const RunReport& run) {
    for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
      seen.push_back(std::string(run.ticket_ids[i]) + " " +
                     std::string(UnmatchedName(run.reasons[i])));
    }
  };
  const auto other = MakeTicket("other", {{"latency-a", 2}});
  ASSERT_TRUE(Run(JointRequest({tagged, large, fits, other})).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_THAT(Ids(0), UnorderedElementsAre("fits", "other"));
  EXPECT_THAT(seen,
              ElementsAre("tagged refused", "large refused", "fits matched", "other matched"));
  EXPECT_EQ(totals_.counters["gsh_mmf_unmatched{reason=refused}"], 2);
}

// Eight tickets of 1 MiB would make a proposal that Open Match cannot receive.
TEST_F(LatencyMatchFunctionTest, ATicketMayHaveItsShareOfAProposal) {
  match_size_ = 8;
  std::vector<openmatch::Ticket> tickets;
  for (int i = 0; i < 16; ++i) {
    tickets.push_back(MakeTicket("t" + std::to_string(i), {{"latency-us-east-1", 30}}));
    tickets.back().extensions["save"].value.assign(i % 2 == 0 ? 900'000 : 400'000, 'x');
  }
  ASSERT_TRUE(Run(BandRequest(std::move(tickets))).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_THAT(Ids(0), UnorderedElementsAre("t1", "t3", "t5", "t7", "t9", "t11", "t13", "t15"));
}

TEST_F(LatencyMatchFunctionTest, ATicketInTwoPoolsIsTakenOnce) {
  auto request = JointRequest({MakeTicket("1", {{"latency-a", 1}})});
  request.pools["more"] = {MakeTicket("1", {{"latency-a", 1}}), MakeTicket("2", {{"latency-a", 2}}),
                           MakeTicket("2", {{"latency-a", 2}})};
  ASSERT_TRUE(Run(request).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_THAT(Ids(0), ElementsAre("1", "2"));
}

TEST_F(LatencyMatchFunctionTest, AMeanOfZeroHasAFiniteScore) {
  ASSERT_TRUE(Run(JointRequest({MakeTicket("1", {{"latency-a", 0}}),
                                MakeTicket("2", {{"latency-a", -0.0}})}))
                  .ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_EQ(proposals_[0].extensions["evaluation_input"], EvaluationInput(1e6));
}

TEST_F(LatencyMatchFunctionTest, TheRulesHookGivesWhatTheProfileDoesNot) {
  rules_ = [] { return matcher::Rules{.match_size = 2}; };
  ASSERT_TRUE(Run(BandRequest({MakeTicket("1", {{"latency-us-east-1", 30}}),
                               MakeTicket("2", {{"latency-us-east-1", 31}})}))
                  .ok());
  EXPECT_THAT(proposals_, SizeIs(1));
}

TEST_F(LatencyMatchFunctionTest, ReportsARunBeforeItsProposals) {
  std::vector<std::string> seen;
  on_run_ = [&](const RunReport& run) {
    seen.push_back(std::string(run.profile) + " " + std::to_string(run.proposals));
    for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
      seen.push_back(std::string(run.ticket_ids[i]) + " " +
                     std::string(UnmatchedName(run.reasons[i])));
    }
    EXPECT_THAT(proposals_, IsEmpty());
  };
  ASSERT_TRUE(Run(JointRequest({MakeTicket("1", {{"latency-a", 1}}),
                                MakeTicket("2", {{"latency-a", 2}}), MakeTicket("3", {})}))
                  .ok());
  EXPECT_THAT(seen, ElementsAre("joint 1", "1 matched", "2 matched", "3 unreachable"));
}

matcher::Rules TeamRules() {
  return {.regions = {"a"}, .band_bounds_ms = {0, 1000}, .match_size = 4, .teams = 2};
}

TEST_F(LatencyMatchFunctionTest, TeamsAreOnTheProposal) {
  rules_ = TeamRules;
  openmatch::Ticket captain = MakeTicket("captain", {{"latency-a", 10}});
  captain.search_fields.string_args["team"] = "1";
  ASSERT_TRUE(Run(RequestFor({captain, MakeTicket("pair", {{"latency-a", 10}, {"party-size", 2}}),
                              MakeTicket("single", {{"latency-a", 10}})}))
                  .ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  const std::optional<std::string> teams = StringOf(proposals_[0].extensions["gsh.teams"]);
  ASSERT_TRUE(teams.has_value());
  EXPECT_TRUE(*teams == R"({"0":["pair"],"1":["captain","single"]})" ||
              *teams == R"({"0":["pair"],"1":["single","captain"]})")
      << *teams;
}

TEST_F(LatencyMatchFunctionTest, TheScoreIsOfPlayersNotOfTickets) {
  rules_ = TeamRules;
  ASSERT_TRUE(
      Run(RequestFor({MakeTicket("1", {{"latency-a", 40}, {"party-size", 2}}),
                      MakeTicket("2", {{"latency-a", 10}}), MakeTicket("3", {{"latency-a", 10}})}))
          .ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_EQ(proposals_[0].extensions["evaluation_input"], EvaluationInput(1000.0 / 25));
}

TEST_F(LatencyMatchFunctionTest, EveryReasonIsCounted) {
  rules_ = [] {
    matcher::Rules rules = TeamRules();
    rules.max_latency_ms = {{.value = 50, .steps = {{.after_s = 10, .value = 100}}}};
    return rules;
  };
  openmatch::Ticket elsewhere = MakeTicket("elsewhere", {{"latency-a", 10}});
  elsewhere.search_fields.string_args["team"] = "2";
  openmatch::Ticket young = MakeTicket("young", {{"latency-a", 80}});
  young.create_time = clock_.Now() - std::chrono::seconds(4);
  std::map<std::string, float> widens_at;
  std::map<std::string, std::string> why;
  on_run_ = [&](const RunReport& run) {
    ASSERT_EQ(run.result->widens_at_s.size(), run.ticket_ids.size());
    for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
      widens_at[std::string(run.ticket_ids[i])] = run.result->widens_at_s[i];
    }
    for (const Refusal& refusal : run.refusals) {
      why[std::string(run.ticket_ids[refusal.ticket])] = refusal.why;
    }
    EXPECT_THAT(run.wait_s, ElementsAre(0, 4, 0, 0, 0, 0, 0));
  };
  ASSERT_TRUE(Run(RequestFor({elsewhere, young, MakeTicket("far", {{"latency-a", 200}}),
                              MakeTicket("many", {{"latency-a", 10}, {"party-size", 3}}),
                              MakeTicket("half", {{"latency-a", 10}, {"party-size", 0.5}}),
                              MakeTicket("nowhere", {}), MakeTicket("alone", {{"latency-a", 10}})}))
                  .ok());
  EXPECT_THAT(proposals_, IsEmpty());
  for (const char* reason : {"no_such_team", "waits_for_widening", "over_limit", "party_too_large",
                             "refused", "unreachable", "not_enough_neighbours"}) {
    EXPECT_EQ(totals_.counters[std::string("gsh_mmf_unmatched{reason=") + reason + "}"], 1)
        << reason;
  }
  EXPECT_TRUE(totals_.counters.contains("gsh_mmf_unmatched{reason=outside_bands}"));
  EXPECT_EQ(widens_at["young"], 10);
  EXPECT_THAT(why, ElementsAre(Pair("half", HasSubstr("party-size is 0.5"))));
}

TEST_F(LatencyMatchFunctionTest, NoTicketsAreNoProposals) {
  EXPECT_TRUE(Run(BandRequest({})).ok());
  EXPECT_THAT(proposals_, IsEmpty());
}

TEST_F(LatencyMatchFunctionTest, StopsWhenNobodyListens) {
  std::vector<openmatch::Ticket> tickets;
  for (int i = 0; i < 20; ++i) {
    tickets.push_back(MakeTicket(std::to_string(i), {{"latency-a", i}}));
  }
  most_proposals_ = 3;
  ASSERT_TRUE(Run(JointRequest(tickets)).ok());
  EXPECT_THAT(proposals_, SizeIs(3));

  std::stop_source stop;
  stop.request_stop();
  auto request = JointRequest(tickets);
  request.stop = stop.get_token();
  EXPECT_EQ(Run(request).code(), StatusCode::kCancelled);
  EXPECT_THAT(proposals_, IsEmpty());
}

TEST_F(LatencyMatchFunctionTest, AProfileThatCannotBeMatchedIsAnError) {
  const Status status = Run({.profile = {.name = "plain"}});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("plain"));
}

}  // namespace
}  // namespace gsh::mmf
