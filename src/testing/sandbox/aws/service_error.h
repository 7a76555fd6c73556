// How a service of the sandbox refuses.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_SERVICE_ERROR_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_SERVICE_ERROR_H_

#include <string>
#include <utility>

#include "gsh/status.h"

namespace gsh::testing::aws {

// `name` is what the client sees as the error's type: "ConflictException".
inline Status ServiceError(std::string name, std::string message) {
  ErrorInfo info;
  info.name = std::move(name);
  return Status(StatusCode::kUnknown, std::move(message), std::move(info));
}

inline Status InvalidRequest(std::string message) {
  return ServiceError("InvalidRequestException", std::move(message));
}

inline std::string NameOf(const Status& status) {
  return status.info() == nullptr ? "InternalServiceException" : status.info()->name;
}

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_SERVICE_ERROR_H_
