// A pool's filter, evaluated here exactly as the query service does it (open-match v1.8:
// internal/filter).
#ifndef GSH_OPENMATCH_POOL_FILTER_H_
#define GSH_OPENMATCH_POOL_FILTER_H_

#include <optional>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"

namespace gsh::openmatch {

// All filters are ANDed. A missing key, or NaN on either side, fails a range; created_before and
// created_after are strict, and let a ticket without creation time pass.
GSH_EXPORT bool InPool(const Pool& pool, const SearchFields& fields,
                       const std::optional<WallTime>& create_time);
inline bool InPool(const Pool& pool, const Ticket& ticket) {
  return InPool(pool, ticket.search_fields, ticket.create_time);
}

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_POOL_FILTER_H_
