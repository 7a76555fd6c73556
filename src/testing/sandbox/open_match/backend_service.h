// BackendService: open-match v1.8's backend (internal/app/backend) over the sandbox's stores.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKEND_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKEND_SERVICE_H_

#include <memory>

#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/fetch_call.h"

namespace gsh::sandbox {

std::unique_ptr<grpc::Service> MakeBackendService(FetchServices services);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKEND_SERVICE_H_
