// Targets of HTTP requests to the API.
#ifndef GSH_SRC_KUBERNETES_API_PATH_H_
#define GSH_SRC_KUBERNETES_API_PATH_H_

#include <string>

#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

// "/api/v1/namespaces/default/pods/web/eviction?..." behind `prefix`.
std::string TargetOf(const std::string& prefix, const Request& request);
std::string TargetOf(const std::string& prefix, const WatchRequest& request);

// Names and namespaces become parts of a path: InvalidArgument for "", "..", slashes, what is
// missing or too much for the verb.
Status CheckRequest(const Request& request);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_API_PATH_H_
