// The errors that AWS services answer, in all the shapes they have.
#ifndef GSH_SRC_AWS_CLIENT_SERVICE_ERROR_H_
#define GSH_SRC_AWS_CLIENT_SERVICE_ERROR_H_

#include <string>
#include <string_view>

#include "gsh/status.h"
#include "src/http/client/client.h"

namespace gsh::aws {

struct ServiceError {
  std::string name = {};  // "ConflictException"; empty: the service gave none
  std::string message = {};
  std::string request_id = {};
};

// A name and a message of a service's, as they may stand in an error: the name without what stands
// around it (empty if it is none), the message's first line, bounded.
std::string CleanErrorName(std::string_view name);
std::string CleanErrorMessage(std::string_view message);

// Headers first, then the body by what it is: JSON, or XML (which some emulators answer for JSON
// services, too). Nothing in it is trusted: names are checked, messages cut to one bounded line.
ServiceError ReadServiceError(const http::ClientResponse& response);

// The status of an answer that is no success; ErrorInfo has name (else the HTTP code) and request
// id.
Status StatusOfServiceError(const http::ClientResponse& response);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_SERVICE_ERROR_H_
