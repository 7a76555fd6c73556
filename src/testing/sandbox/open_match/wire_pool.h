// WirePool: a pool's filter over wire messages, with the same rules as gsh::openmatch::InPool
// (open-match v1.8: internal/filter/filter.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_

#include "gsh/status.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/timestamps.h"

namespace gsh::sandbox {

// InvalidArgument for a pool with a creation bound that is no valid time.
Status CheckWirePool(const wire_openmatch::Pool& pool);

// Without a creation time (null) the bounds of it pass.
bool InWirePool(const wire_openmatch::Pool& pool, const wire_openmatch::SearchFields& fields,
                const google::protobuf::Timestamp* create_time);

// For tickets and backfills.
template <typename Entity>
bool InWirePool(const wire_openmatch::Pool& pool, const Entity& entity) {
  return InWirePool(pool, entity.search_fields(),
                    entity.has_create_time() ? &entity.create_time() : nullptr);
}

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WIRE_POOL_H_
