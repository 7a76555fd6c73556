// WirePool: a pool's filter over wire messages, with the same rules as gsh::openmatch::InPool
// (open-match v1.8: internal/filter/filter.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_

#include <string_view>

#include "gsh/status.h"
#include "src/proto/openmatch.h"

namespace gsh::sandbox {

// InvalidArgument for a pool with a creation bound that is no valid time.
Status CheckWirePool(const wire_openmatch::Pool& pool);

// Is the ticket, or the backfill, in the pool? Without a creation time the bounds of it pass.
bool InWirePool(const wire_openmatch::Pool& pool, const wire_openmatch::Backfill& backfill);
// The ticket, an openmatch.Ticket, is read in place.
bool InWirePool(const wire_openmatch::Pool& pool, std::string_view serialised_ticket);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_
