// Open Match's messages as plain structs (open-match v1.8: api/messages.proto). Extensions are
// bytes.
#ifndef GSH_OPENMATCH_TYPES_H_
#define GSH_OPENMATCH_TYPES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gsh/any.h"
#include "gsh/clock.h"

namespace gsh::openmatch {

// What pools filter by.
struct SearchFields {
  std::map<std::string, double> double_args = {};  // "latency-us-east-1" -> milliseconds
  std::map<std::string, std::string> string_args = {};
  std::vector<std::string> tags = {};  // "mode.session"

  friend bool operator==(const SearchFields&, const SearchFields&) = default;
};

// Where the players of a ticket go.
struct Assignment {
  std::string connection = {};  // "host:port"
  Extensions extensions = {};

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

// One player, or one party, that waits.
struct Ticket {
  std::string id = {};  // given by the frontend
  std::optional<Assignment> assignment = {};
  SearchFields search_fields = {};
  Extensions extensions = {};
  Extensions persistent_field = {};
  std::optional<WallTime> create_time = {};  // given by the frontend

  friend bool operator==(const Ticket&, const Ticket&) = default;
};

// Open slots on a game server that runs. Beta in Open Match.
struct Backfill {
  std::string id = {};
  SearchFields search_fields = {};
  Extensions extensions = {};
  Extensions persistent_field = {};
  std::optional<WallTime> create_time = {};
  std::int64_t generation = 0;

  friend bool operator==(const Backfill&, const Backfill&) = default;
};

// Which bounds of a range a value must not equal.
enum class Exclude : int { kNone = 0, kMin = 1, kMax = 2, kBoth = 3 };

struct DoubleRangeFilter {
  std::string double_arg = {};
  double max = 0;
  double min = 0;
  Exclude exclude = Exclude::kNone;

  friend bool operator==(const DoubleRangeFilter&, const DoubleRangeFilter&) = default;
};

struct StringEqualsFilter {
  std::string string_arg = {};
  std::string value = {};

  friend bool operator==(const StringEqualsFilter&, const StringEqualsFilter&) = default;
};

// The tickets that pass every filter.
struct Pool {
  std::string name = {};
  std::vector<DoubleRangeFilter> double_range_filters = {};
  std::vector<StringEqualsFilter> string_equals_filters = {};
  std::vector<std::string> tags_present = {};
  std::optional<WallTime> created_before = {};  // strict
  std::optional<WallTime> created_after = {};   // strict

  friend bool operator==(const Pool&, const Pool&) = default;
};

// What the director asks the match function for.
struct MatchProfile {
  std::string name = {};
  std::vector<Pool> pools = {};
  Extensions extensions = {};

  friend bool operator==(const MatchProfile&, const MatchProfile&) = default;
};

// A proposal of the match function, or what the evaluator accepted.
struct Match {
  std::string id = {};
  std::string profile = {};
  std::string function = {};
  std::vector<Ticket> tickets = {};
  Extensions extensions = {};
  std::optional<Backfill> backfill = {};
  bool allocate_gameserver = false;

  friend bool operator==(const Match&, const Match&) = default;
};

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_TYPES_H_
