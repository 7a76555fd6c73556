#include "gsh/openmatch/pool_filter.h"

#include <algorithm>

#include "src/openmatch/double_range.h"

namespace gsh::openmatch {
namespace {

bool Passes(const DoubleRangeFilter& filter, const SearchFields& fields) {
  const auto found = fields.double_args.find(filter.double_arg);
  return found != fields.double_args.end() &&
         InDoubleRange(filter.exclude, filter.min, filter.max, found->second);
}

bool Passes(const StringEqualsFilter& filter, const SearchFields& fields) {
  const auto found = fields.string_args.find(filter.string_arg);
  return found != fields.string_args.end() && found->second == filter.value;
}

bool HasTag(const SearchFields& fields, const std::string& tag) {
  return std::find(fields.tags.begin(), fields.tags.end(), tag) != fields.tags.end();
}

}  // namespace

bool InPool(const Pool& pool, const SearchFields& fields,
            const std::optional<WallTime>& create_time) {
  if (create_time) {
    if (pool.created_before && !(*create_time < *pool.created_before)) return false;
    if (pool.created_after && !(*create_time > *pool.created_after)) return false;
  }
  const auto passes = [&](const auto& filter) { return Passes(filter, fields); };
  return std::all_of(pool.double_range_filters.begin(), pool.double_range_filters.end(), passes) &&
         std::all_of(pool.string_equals_filters.begin(), pool.string_equals_filters.end(),
                     passes) &&
         std::all_of(pool.tags_present.begin(), pool.tags_present.end(),
                     [&](const std::string& tag) { return HasTag(fields, tag); });
}

}  // namespace gsh::openmatch
