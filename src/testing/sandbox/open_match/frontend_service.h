// FrontendService: open-match v1.8's frontend (internal/app/frontend) over the sandbox's stores.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FRONTEND_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FRONTEND_SERVICE_H_

#include <memory>

#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/engine.h"

namespace gsh::sandbox {

std::unique_ptr<grpc::Service> MakeFrontendService(std::shared_ptr<const Engine> engine);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FRONTEND_SERVICE_H_
