// Random rules and tickets: over gRPC our match function proposes what the matcher gives for the
// same arrays, in the same order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/matcher/rules_json.h"
#include "gsh/mmf/backfill_slots.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/testing/manual_clock.h"
#include "src/matcher/random_input.h"
#include "src/mmf/columns.h"
#include "tests/integration/match_function_over_grpc.h"

namespace gsh {
namespace {

using matcher::RichInput;
using matcher::Rules;

std::string NameOf(const char* kind, std::size_t i) { return kind + std::to_string(i); }

// What a proposal says, as a line that can be compared.
struct Proposed {
  std::string region = {};
  std::vector<std::string> tickets = {};
  std::map<std::string, std::string> teams = {};  // by ticket
  std::string backfill = {};

  friend bool operator==(const Proposed&, const Proposed&) = default;
  friend void PrintTo(const Proposed& proposed, std::ostream* out) {
    *out << proposed.region << " " << ::testing::PrintToString(proposed.tickets) << " "
         << ::testing::PrintToString(proposed.teams) << " " << proposed.backfill;
  }
};

Proposed FromProposal(const openmatch::Match& match) {
  const auto text = [&](const char* key) {
    return StringOf(match.extensions.at(key)).value_or("no text");
  };
  Proposed proposed{.region = text(mmf::kRegionExtension)};
  for (const openmatch::Ticket& ticket : match.tickets) proposed.tickets.push_back(ticket.id);
  if (match.extensions.contains(mmf::kTeamsExtension)) {
    const auto teams = nlohmann::json::parse(text(mmf::kTeamsExtension));
    for (const auto& [team, tickets] : teams.items()) {
      for (const auto& ticket : tickets) proposed.teams[ticket.get<std::string>()] = team;
    }
  }
  if (match.backfill) proposed.backfill = match.backfill->id;
  return proposed;
}

Proposed FromResult(const matcher::Result& result, const matcher::Match& match,
                    const Rules& rules) {
  Proposed proposed{.region = rules.regions[match.region]};
  for (std::size_t i = match.first_member; i < match.first_member + match.size; ++i) {
    const std::string ticket = NameOf("t", result.members[i]);
    proposed.tickets.push_back(ticket);
    if (!result.teams.empty()) proposed.teams[ticket] = std::to_string(result.teams[i]);
  }
  if (match.backfill != matcher::kNoBackfill) proposed.backfill = NameOf("b", match.backfill);
  return proposed;
}

// Random arrays as the match function would make them: waits in eighths of a second, so that no
// clock rounds them, keys from the tickets' ids, backfills that it would not leave out.
RichInput TakeInput(matcher::RandomInput& random, const Rules& rules) {
  RichInput input = random.TakeTickets(rules, 20 + random.Below(80));
  for (float& wait : input.wait_s) wait = std::floor(wait * 8) / 8;
  for (std::uint16_t& players : input.party_size) players = std::max<std::uint16_t>(players, 1);
  input.key.clear();
  for (std::size_t i = 0; i < input.count; ++i) input.key.push_back(mmf::HashOfId(NameOf("t", i)));
  const auto most = static_cast<std::uint32_t>(rules.match_size / rules.teams);
  for (matcher::Backfill& backfill : input.backfills) {
    for (std::uint32_t& open : backfill.open_slots) open = std::min(open, most);
  }
  std::erase_if(input.backfills, [](const matcher::Backfill& backfill) {
    return std::ranges::all_of(backfill.open_slots, [](std::uint32_t open) { return open == 0; });
  });
  return input;
}

std::map<std::string, std::string> AttributesOf(const Rules& rules, const std::uint32_t* row) {
  std::map<std::string, std::string> values;
  for (std::size_t i = 0; i < rules.equal_attributes.size(); ++i) {
    if (row[i] > 0) values[rules.equal_attributes[i]] = NameOf("v", row[i]);  // 0: it has none
  }
  return values;
}

openmatch::Ticket TicketOf(const RichInput& input, const Rules& rules, std::size_t i,
                           WallTime now) {
  openmatch::Ticket ticket{.id = NameOf("t", i), .create_time = now};
  auto& doubles = ticket.search_fields.double_args;
  const std::size_t regions = rules.regions.size();
  for (std::size_t r = 0; r < regions; ++r) {
    doubles["latency-" + rules.regions[r]] = input.latency_ms[i * regions + r];
    if (!input.mean_latency_ms.empty()) {
      doubles["mean-latency-" + rules.regions[r]] = input.mean_latency_ms[i * regions + r];
    }
  }
  auto& strings = ticket.search_fields.string_args;
  strings = AttributesOf(rules, input.attributes.data() + i * rules.equal_attributes.size());
  if (!input.party_size.empty()) doubles["party-size"] = input.party_size[i];
  if (!input.skill.empty()) doubles["skill"] = input.skill[i];
  if (!input.team.empty() && input.team[i] != matcher::kAnyTeam) {
    strings["team"] = std::to_string(input.team[i]);
  }
  if (!input.wait_s.empty()) {
    ticket.create_time = now - std::chrono::milliseconds(std::lround(input.wait_s[i] * 1000));
  }
  return ticket;
}

openmatch::Backfill BackfillOf(const matcher::Backfill& from, const Rules& rules, std::size_t i) {
  openmatch::Backfill backfill{.id = NameOf("b", i)};
  backfill.search_fields.string_args = AttributesOf(rules, from.attributes.data());
  backfill.extensions[mmf::kBackfillExtension] =
      mmf::BackfillSlotsToAny({.region = rules.regions[from.region],
                               .open_slots = from.open_slots,
                               .lowest_latency_ms = from.lowest_latency_ms,
                               .highest_latency_ms = from.highest_latency_ms});
  return backfill;
}

class RandomRulesTest : public ::testing::Test {
 protected:
  void Offer(const RichInput& input, const Rules& rules) {
    ScriptedQuery& query = function_.query_service;
    query.tickets.clear();
    for (std::size_t i = 0; i < input.count; ++i) {
      query.tickets.push_back(TicketOf(input, rules, i, clock_.Now()));
    }
    query.backfills.clear();
    for (std::size_t i = 0; i < input.backfills.size(); ++i) {
      query.backfills.push_back(BackfillOf(input.backfills[i], rules, i));
    }
  }

  std::vector<Proposed> Run(const std::string& rules) {
    std::vector<Proposed> proposed;
    for (const openmatch::Match& match :
         function_.Run({.name = "random",
                        .pools = {{.name = "all"}},
                        .extensions = {{mmf::kRulesExtension, AnyString(rules)}}})) {
      proposed.push_back(FromProposal(match));
    }
    return proposed;
  }

  testing::ManualClock clock_;
  std::vector<matcher::Unmatched> reasons_;  // of the last run
  MatchFunctionOverGrpc function_{{.on_run =
                                       [this](const mmf::RunReport& run) {
                                         reasons_.assign(run.reasons.begin(), run.reasons.end());
                                       },
                                   .clock = &clock_}};
};

TEST_F(RandomRulesTest, AreMatchedOverGrpcAsByTheMatcher) {
  std::size_t matches = 0;
  std::size_t joining = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    matcher::RandomInput random(seed);
    const Rules rules = random.TakeRules();
    const std::string json = matcher::RulesToJson(rules);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + json);
    RichInput input = TakeInput(random, rules);
    if (rules.teams == 1) input.team.clear();  // nothing reads them then
    const auto result = matcher::MatchTickets(input.View(), rules);
    ASSERT_TRUE(result.ok()) << result.status();
    std::vector<Proposed> wanted;
    for (const matcher::Match& match : result->matches) {
      wanted.push_back(FromResult(*result, match, rules));
      joining += wanted.back().backfill.empty() ? 0 : 1;
    }
    Offer(input, rules);
    ASSERT_EQ(Run(json), wanted);
    ASSERT_EQ(reasons_, result->reasons);
    matches += wanted.size();
  }
  EXPECT_GT(matches, 500u);  // there was something to compare
  EXPECT_GT(joining, 20u);
}

}  // namespace
}  // namespace gsh
