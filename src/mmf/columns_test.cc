// Tickets as the matcher's arrays: both forms of a request give the same.
#include "src/mmf/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/openmatch/convert.h"
#include "src/proto/openmatch.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const WallTime kNow = WallTime(std::chrono::hours(24 * 365 * 50));

openmatch::Ticket MakeTicket(const std::string& id, std::map<std::string, double> doubles,
                             std::map<std::string, std::string> strings = {}) {
  return {.id = id,
          .search_fields = {.double_args = std::move(doubles), .string_args = std::move(strings)}};
}

std::string Serialised(const openmatch::Ticket& ticket) {
  wire_openmatch::Ticket wire;
  openmatch::ToWire(openmatch::Ticket(ticket), wire);
  return wire.SerializeAsString();
}

matcher::Rules PlainRules() {
  return {.regions = {"a", "b"}, .band_bounds_ms = {0, 1000}, .match_size = 4};
}

matcher::Rules RichRules() {
  matcher::Rules rules = PlainRules();
  rules.teams = 2;
  rules.order = matcher::Order::kOldestFirst;
  rules.party_latency = matcher::PartyLatency::kMean;
  rules.equal_attributes = {"mode", "build"};
  return rules;
}

// NaN as -1, so that it can be compared.
std::vector<float> Plain(std::span<const float> values) {
  std::vector<float> plain(values.begin(), values.end());
  for (float& value : plain) {
    if (std::isnan(value)) value = -1;
  }
  return plain;
}

// The bool says whether tickets are read from their serialised form.
class ColumnsTest : public ::testing::TestWithParam<bool> {
 protected:
  const Columns& Make(const std::vector<openmatch::Ticket>& tickets, const matcher::Rules& rules,
                      TicketBounds bounds = {}, bool with_waits = false) {
    rules_ = rules;
    request_.pools["all"] = tickets;
    for (const auto& ticket : tickets) wire_.pools["all"].push_back(Serialised(ticket));
    const ColumnsOptions options{
        .rules = rules_, .bounds = bounds, .now = kNow, .with_waits = with_waits};
    columns_ = GetParam() ? std::make_unique<Columns>(wire_, options)
                          : std::make_unique<Columns>(request_, options);
    return *columns_;
  }

  matcher::Rules rules_;
  openmatch::MatchRequest request_;
  openmatch::WireMatchRequest wire_;
  std::unique_ptr<Columns> columns_;
};

TEST_P(ColumnsTest, PlainRulesReadLatenciesAlone) {
  const Columns& columns = Make({MakeTicket("1",
                                            {{"latency-a", 10},
                                             {"latency-b", -1},
                                             {"skill", 4},
                                             {"party-size", 1},
                                             {"mean-latency-a", 3}},
                                            {{"team", "1"}, {"mode", "x"}}),
                                 MakeTicket("2", {{"latency-b", kNan}, {"latency-c", 1}})},
                                PlainRules());
  const matcher::Tickets tickets = columns.ForMatcher();
  EXPECT_EQ(tickets.count, 2u);
  EXPECT_THAT(Plain(tickets.latency_ms), ElementsAre(10, -1, -1, -1));
  EXPECT_THAT(tickets.key, ElementsAre(HashOfId("1"), HashOfId("2")));
  EXPECT_THAT(tickets.wait_s, IsEmpty());
  EXPECT_THAT(tickets.party_size, IsEmpty());
  EXPECT_THAT(tickets.mean_latency_ms, IsEmpty());
  EXPECT_THAT(tickets.skill, IsEmpty());
  EXPECT_THAT(tickets.team, IsEmpty());
  EXPECT_THAT(tickets.attributes, IsEmpty());
  EXPECT_THAT(columns.refused(), IsEmpty());
  EXPECT_EQ(columns.latency(0, 0), 10);
}

TEST_P(ColumnsTest, RichRulesReadTheRest) {
  openmatch::Ticket old = MakeTicket("old",
                                     {{"latency-a", 10},
                                      {"latency-b", 20},
                                      {"mean-latency-a", 7},
                                      {"skill", 4.5},
                                      {"party-size", 3}},
                                     {{"team", "1"}, {"mode", "duel"}, {"build", "7"}});
  old.create_time = kNow - std::chrono::milliseconds(2500);
  openmatch::Ticket bare = MakeTicket("bare", {{"latency-b", 30}}, {{"mode", "duel"}});
  bare.create_time = kNow + std::chrono::seconds(1);  // another machine's clock
  const openmatch::Ticket odd = MakeTicket("odd", {{"mean-latency-b", -1}, {"latency-b", 1}},
                                           {{"team", "red"}, {"mode", ""}, {"build", "7"}});
  const Columns& columns = Make({old, bare, odd}, RichRules());
  const matcher::Tickets tickets = columns.ForMatcher();
  EXPECT_THAT(Plain(tickets.latency_ms), ElementsAre(10, 20, -1, 30, -1, 1));
  // Where there is no mean, the worst one's; a bad one is none.
  EXPECT_THAT(Plain(tickets.mean_latency_ms), ElementsAre(7, 20, -1, 30, -1, -1));
  EXPECT_EQ(columns.latency(0, 0), 7);
  EXPECT_THAT(tickets.wait_s, ElementsAre(::testing::FloatNear(2.5f, 1e-5f), 0, 0));
  EXPECT_THAT(tickets.party_size, ElementsAre(3, 1, 1));
  EXPECT_EQ(columns.party_size(0), 3u);
  EXPECT_THAT(tickets.skill, ElementsAre(4.5f, 0, 0));
  EXPECT_THAT(tickets.team, ElementsAre(1, matcher::kAnyTeam, matcher::kAnyTeam - 1));
  ASSERT_THAT(tickets.attributes, SizeIs(6));
  const auto& attributes = tickets.attributes;
  EXPECT_EQ(attributes[0], attributes[2]);  // duel
  EXPECT_NE(attributes[0], attributes[4]);  // an empty text is a value of its own
  EXPECT_EQ(attributes[1], attributes[5]);  // build 7
  EXPECT_NE(attributes[1], attributes[3]);  // none
  EXPECT_NE(attributes[3], attributes[4]);  // none is not the empty text
}

TEST_P(ColumnsTest, ATeamIsANumberOrNone) {
  std::vector<openmatch::Ticket> tickets;
  for (const char* team : {"0", "12", "65533", "65535", "70000", "", "-1", "1x", " 1"}) {
    tickets.push_back(MakeTicket(team + std::string("."), {}, {{"team", team}}));
  }
  constexpr std::uint16_t kUnknown = matcher::kAnyTeam - 1;
  EXPECT_THAT(
      Make(tickets, RichRules()).ForMatcher().team,
      ElementsAre(0, 12, 65533, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown));
}

TEST_P(ColumnsTest, PartiesWithoutASizeAreRefusedAndNobodyElse) {
  std::vector<openmatch::Ticket> tickets;
  for (const double size : {2.0, 0.0, 1.5, 1e9, kNan, -1.0, kInfinity, 65'535.0, 65'536.0}) {
    tickets.push_back(MakeTicket("t" + std::to_string(tickets.size()),
                                 {{"latency-a", 10}, {"latency-b", 20}, {"party-size", size}}));
  }
  const Columns& columns = Make(tickets, PlainRules());
  std::vector<std::size_t> refused;
  for (const Refusal& refusal : columns.refused()) {
    refused.push_back(refusal.ticket);
    EXPECT_THAT(refusal.why, HasSubstr("a whole number from 1 to 65535"));
  }
  EXPECT_THAT(refused, ElementsAre(1, 2, 3, 4, 5, 6, 8));
  EXPECT_THAT(columns.refused()[1].why, HasSubstr("party-size is 1.5"));
  EXPECT_THAT(columns.refused()[2].why, HasSubstr("party-size is 1e+09"));
  const matcher::Tickets arrays = columns.ForMatcher();
  EXPECT_THAT(arrays.party_size, ElementsAre(2, 1, 1, 1, 1, 1, 1, 65'535, 1));
  EXPECT_THAT(Plain(arrays.latency_ms),
              ElementsAre(10, 20, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 10, 20, -1, -1));
}

TEST_P(ColumnsTest, WhatATicketHoldsIsBounded) {
  openmatch::Ticket tagged = MakeTicket("tagged", {{"latency-a", 1}});
  tagged.search_fields.tags.assign(5, "t");
  openmatch::Ticket large = MakeTicket("large", {{"latency-a", 1}});
  large.extensions["save"].value.assign(500, 'x');
  const Columns& columns = Make({tagged, large, MakeTicket("fits", {{"latency-a", 1}})},
                                PlainRules(), {.tags = 4, .bytes = 400});
  ASSERT_THAT(columns.refused(), SizeIs(2));
  EXPECT_EQ(columns.refused()[0].ticket, 0u);
  EXPECT_EQ(columns.refused()[0].why, "5 tags, at most 4 are allowed");
  EXPECT_EQ(columns.refused()[1].ticket, 1u);
  EXPECT_THAT(columns.refused()[1].why, HasSubstr("bytes, at most 400 are allowed"));
}

TEST_P(ColumnsTest, WaitsAreReadIfAskedForButNotGivenToRulesThatDoNotAsk) {
  openmatch::Ticket ticket = MakeTicket("1", {});
  ticket.create_time = kNow - std::chrono::seconds(4);
  const Columns& columns = Make({ticket}, PlainRules(), {}, true);
  EXPECT_THAT(columns.waits_s(), ElementsAre(4));
  EXPECT_THAT(columns.ForMatcher().wait_s, IsEmpty());
}

TEST_P(ColumnsTest, AMomentFarAwayIsALongWait) {
  openmatch::Ticket first = MakeTicket("1", {});
  first.create_time = WallTime::min();
  openmatch::Ticket last = MakeTicket("2", {});
  last.create_time = WallTime::max();
  const Columns& columns = Make({first, last}, RichRules());
  EXPECT_GT(columns.waits_s()[0], 1e9f);
  EXPECT_EQ(columns.waits_s()[1], 0);
}

INSTANTIATE_TEST_SUITE_P(Forms, ColumnsTest, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "Serialised" : "Structs"; });

TEST(UseWaits, OnlyIfARuleDependsOnThem) {
  EXPECT_FALSE(UseWaits(PlainRules()));
  std::vector<matcher::Rules> asking(5, PlainRules());
  asking[0].order = matcher::Order::kOldestFirst;
  asking[1].min_match_size = 2;
  asking[1].max_wait_s = 10;
  asking[2].max_latency_ms = {{.value = 10}, {.value = 10, .steps = {{1, 20}}}};
  asking[3].max_spread_ms.linear_per_s = 1;
  asking[4].min_score = {.value = 10, .steps = {{5, 1}}};
  for (const matcher::Rules& rules : asking) EXPECT_TRUE(UseWaits(rules));
}

TEST(HashOfId, SpreadsSimilarIds) {
  std::set<std::uint64_t> upper_halves;
  for (int i = 0; i < 10'000; ++i)
    upper_halves.insert(HashOfId("ticket-" + std::to_string(i)) >> 32);
  EXPECT_GT(upper_halves.size(), 9'990u);
  EXPECT_NE(HashOfId(""), HashOfId(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace gsh::mmf
