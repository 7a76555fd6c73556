// The local pool filter against the server's rules written down once more, one by one
// (open-match v1.8: internal/filter).
#include <cmath>
#include <string>

#include "gsh/openmatch/pool_filter.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Input;
using fuzz::Require;
using openmatch::Exclude;

const char* const kKeys[] = {"a", "b", "latency-us-east-1"};

std::string Key(Input& input) { return kKeys[input.TakeBelow(3)]; }

WallTime Time(Input& input) { return WallTime(std::chrono::seconds(input.TakeBelow(4))); }

openmatch::Pool TakePool(Input& input) {
  openmatch::Pool pool;
  for (std::size_t n = input.TakeBelow(4); n > 0; --n) {
    const auto exclude = static_cast<Exclude>(input.TakeBelow(4));
    openmatch::DoubleRangeFilter range{.double_arg = Key(input), .exclude = exclude};
    range.min = input.Take<double>();
    range.max = input.Take<double>();
    pool.double_range_filters.push_back(std::move(range));
  }
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) {
    std::string key = Key(input);
    pool.string_equals_filters.push_back({.string_arg = std::move(key), .value = Key(input)});
  }
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) pool.tags_present.push_back(Key(input));
  if (input.TakeBelow(2) == 1) pool.created_before = Time(input);
  if (input.TakeBelow(2) == 1) pool.created_after = Time(input);
  return pool;
}

openmatch::Ticket TakeTicket(Input& input) {
  openmatch::Ticket ticket;
  for (std::size_t n = input.TakeBelow(4); n > 0; --n) {
    std::string key = Key(input);
    ticket.search_fields.double_args[std::move(key)] = input.Take<double>();
  }
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) {
    std::string key = Key(input);
    ticket.search_fields.string_args[std::move(key)] = Key(input);
  }
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) {
    ticket.search_fields.tags.push_back(Key(input));
  }
  if (input.TakeBelow(2) == 1) ticket.create_time = Time(input);
  return ticket;
}

bool RangeHolds(const openmatch::DoubleRangeFilter& range, const openmatch::Ticket& ticket) {
  const auto found = ticket.search_fields.double_args.find(range.double_arg);
  if (found == ticket.search_fields.double_args.end()) return false;
  const double value = found->second;
  if (std::isnan(value) || std::isnan(range.min) || std::isnan(range.max)) return false;
  if (value < range.min || value > range.max) return false;
  const bool without_min = range.exclude == Exclude::kMin || range.exclude == Exclude::kBoth;
  const bool without_max = range.exclude == Exclude::kMax || range.exclude == Exclude::kBoth;
  return !(without_min && value == range.min) && !(without_max && value == range.max);
}

bool ByTheBook(const openmatch::Pool& pool, const openmatch::Ticket& ticket) {
  for (const auto& range : pool.double_range_filters) {
    if (!RangeHolds(range, ticket)) return false;
  }
  for (const auto& equals : pool.string_equals_filters) {
    const auto found = ticket.search_fields.string_args.find(equals.string_arg);
    if (found == ticket.search_fields.string_args.end()) return false;
    if (found->second != equals.value) return false;
  }
  for (const std::string& tag : pool.tags_present) {
    bool has = false;
    for (const std::string& own : ticket.search_fields.tags) has = has || own == tag;
    if (!has) return false;
  }
  if (!ticket.create_time) return true;
  if (pool.created_before && *ticket.create_time >= *pool.created_before) return false;
  return !pool.created_after || *ticket.create_time > *pool.created_after;
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const gsh::openmatch::Pool pool = gsh::TakePool(input);
  const gsh::openmatch::Ticket ticket = gsh::TakeTicket(input);
  gsh::fuzz::Require(gsh::openmatch::InPool(pool, ticket) == gsh::ByTheBook(pool, ticket),
                     "the filter is the server's");
  return 0;
}
