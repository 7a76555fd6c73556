// QueryService: open-match v1.8's query service (internal/app/query) over the sandbox's stores.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_QUERY_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_QUERY_SERVICE_H_

#include <memory>
#include <vector>

#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/engine.h"

namespace gsh::sandbox {

// The active tickets of a pool, oldest first (the real service has no order).
std::vector<TicketRef> TicketsInPool(const TicketStore& store, const wire_openmatch::Pool& pool);

// `page_size` is clamped to 10..10000, as the real service does.
std::unique_ptr<grpc::Service> MakeQueryService(std::shared_ptr<const Engine> engine,
                                                int page_size);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_QUERY_SERVICE_H_
