#include "src/testing/sandbox/open_match/wire_pool.h"

#include <algorithm>

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

bool Passes(const wire::DoubleRangeFilter& filter, const wire::SearchFields& fields) {
  const auto found = fields.double_args().find(filter.double_arg());
  if (found == fields.double_args().end()) return false;
  const double value = found->second;
  // Comparisons that NaN fails on either side.
  switch (filter.exclude()) {
    case wire::DoubleRangeFilter::NONE:
      return value >= filter.min() && value <= filter.max();
    case wire::DoubleRangeFilter::MIN:
      return value > filter.min() && value <= filter.max();
    case wire::DoubleRangeFilter::MAX:
      return value >= filter.min() && value < filter.max();
    case wire::DoubleRangeFilter::BOTH:
      return value > filter.min() && value < filter.max();
    default:
      return true;  // a number outside the enum: the real filter checks the key alone
  }
}

bool Passes(const wire::StringEqualsFilter& filter, const wire::SearchFields& fields) {
  const auto found = fields.string_args().find(filter.string_arg());
  return found != fields.string_args().end() && found->second == filter.value();
}

bool Passes(const wire::TagPresentFilter& filter, const wire::SearchFields& fields) {
  return std::ranges::find(fields.tags(), filter.tag()) != fields.tags().end();
}

}  // namespace

Status CheckWirePool(const wire::Pool& pool) {
  if (pool.has_created_before() && !IsValid(pool.created_before())) {
    return InvalidArgumentError("pool.created_before is not a valid time");
  }
  if (pool.has_created_after() && !IsValid(pool.created_after())) {
    return InvalidArgumentError("pool.created_after is not a valid time");
  }
  return OkStatus();
}

bool InWirePool(const wire::Pool& pool, const wire::SearchFields& fields,
                const google::protobuf::Timestamp* create_time) {
  if (create_time != nullptr) {
    if (pool.has_created_before() && Compare(*create_time, pool.created_before()) >= 0)
      return false;
    if (pool.has_created_after() && Compare(*create_time, pool.created_after()) <= 0) return false;
  }
  const auto passes = [&](const auto& filter) { return Passes(filter, fields); };
  return std::ranges::all_of(pool.tag_present_filters(), passes) &&
         std::ranges::all_of(pool.double_range_filters(), passes) &&
         std::ranges::all_of(pool.string_equals_filters(), passes);
}

}  // namespace gsh::sandbox
