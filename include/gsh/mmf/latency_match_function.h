// The match function that groups tickets by latency: openmatch's harness over the matcher core.
#ifndef GSH_MMF_LATENCY_MATCH_FUNCTION_H_
#define GSH_MMF_LATENCY_MATCH_FUNCTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/matcher/matcher.h"
#include "gsh/metrics.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/rng.h"

namespace gsh::mmf {

// Keys of the extensions that profiles and matches carry; values are
// Any(google.protobuf.StringValue) but for the last.
inline constexpr char kRulesExtension[] = "gsh.rules";    // profile: the matcher's rules as JSON
inline constexpr char kRegionExtension[] = "gsh.region";  // match: the region to allocate in
// Match, if the rules have several teams: JSON {"0":["ticket id",...],"1":[...]}, by the teams'
// numbers.
inline constexpr char kTeamsExtension[] = "gsh.teams";
inline constexpr char kEvaluationExtension[] =
    "evaluation_input";  // match: Any(openmatch.DefaultEvaluationCriteria)

// A ticket that is not looked at (matcher::Unmatched::kRefused).
struct Refusal {
  std::size_t ticket = 0;  // index
  std::string why = {};
};

// What came of one run. Everything is valid during the call only.
struct RunReport {
  std::string_view profile = {};
  std::size_t proposals = 0;
  std::span<const std::string_view> ticket_ids = {};  // each once, whatever pools it is in
  std::span<const matcher::Unmatched> reasons = {};   // of each ticket; kMatched: proposed

  // What the reasons stand on; may be missing in reports that somebody else makes.
  const matcher::Rules* rules = nullptr;
  std::span<const float> latency_ms = {};  // tickets x rules->regions: what the rules match by
  std::span<const float> wait_s = {};      // of each ticket
  std::span<const std::uint16_t> party_size = {};  // of each ticket; empty: 1
  std::span<const Refusal> refusals = {};
  const matcher::Result* result = nullptr;         // its members are indices of ticket_ids
  std::span<const std::string> match_ids = {};     // of result->matches
  std::span<const std::string> backfill_ids = {};  // by matcher::Match::backfill
};

struct LatencyMatchFunctionOptions {
  int match_size = 4;  // where neither the profile nor `rules` gives one
  // Asked once a run for what profiles leave out; null: nothing but match_size. See RulesFile.
  std::function<matcher::Rules()> rules = {};
  // Called once a run, before its first proposal is given out, on the run's thread.
  std::function<void(const RunReport&)> on_run = {};
  // A ticket that holds more is left out (matcher::Unmatched::kRefused). A proposal carries its
  // tickets whole, and one that is larger than the 4 MiB which Open Match receives would fail the
  // round of everybody in the profile: a ticket may have its share of them at most, whatever is
  // set here. 0: no other bound.
  std::size_t max_ticket_tags = 256;
  std::size_t max_ticket_bytes = std::size_t{1} << 20;  // keys and values of all its fields
  Clock* clock = nullptr;                               // SystemClock()
  Rng* rng = nullptr;                                   // SystemRng()
  LogSink* log = nullptr;
  // Counters gsh_mmf_tickets, gsh_mmf_proposals, gsh_mmf_unmatched{reason}; histogram
  // gsh_mmf_match_seconds (the matching alone).
  MetricsSink* metrics = nullptr;
};

// The rules of a run, member by member: the profile's own (kRulesExtension) go before
// options.rules, those before match_size; bands that nobody gives are one band for all. A profile
// without rules of its own but with ranges on one `latency-<region>`, as the samples' directors
// send, is that region in one band (its filter already chose the tickets); all else is as
// options.rules has it. InvalidArgument if the regions cannot be known.
//
// A ticket's latencies are its double args `latency-<region>` in ms; NaN, negative and missing ones
// mean that it cannot play there. gsh/mmf/search_fields.h names the other fields; those that no
// rule asks for are not read. Waits are counted from the ticket's create_time to `clock`. Tickets
// that break the bounds in the options, or whose party-size is no whole number, are not matched.
// Who is not matched is counted with the reason.
//
// Backfills that have the extension gsh.backfill (gsh/mmf/backfill_slots.h) and a region of the
// rules are offered to the matcher, the oldest first. A proposal that joins one carries it with
// fewer open slots, and does not ask for a game server.
//
// Match ids: profile-<profile>-time-<UTC, 2006-01-02T15:04:05.00>-<i>-<16 hex digits, random>,
// unique over replicas and rounds. Match function name: basic-matchfunction. evaluation_input's
// score: 1000 / mean latency in ms, a mean below 0.001 ms taken as that, so that it is finite and
// still compares with the scores of other match functions.
GSH_EXPORT openmatch::MatchFunction MakeLatencyMatchFunction(
    LatencyMatchFunctionOptions options = {});

}  // namespace gsh::mmf

#endif  // GSH_MMF_LATENCY_MATCH_FUNCTION_H_
