// What the allocator's HTTP sides listen with.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_LISTENER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_LISTENER_H_

#include <memory>

#include "src/http/server.h"
#include "src/testing/sandbox/agones/allocation_rest.h"

namespace gsh::sandbox {

// On a free port of options.bind. With options.tls.ca_file empty clients need no certificate.
StatusOr<std::unique_ptr<http::Server>> ListenForAllocations(const AllocationRestOptions& options,
                                                             http::AsyncHandler handler);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_LISTENER_H_
