// What a request's path and query ask for.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_TARGET_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_TARGET_H_

#include <optional>
#include <string>

#include "src/http/server.h"
#include "src/testing/sandbox/kubernetes/object_store.h"

namespace gsh::testing::kubernetes {

struct ApiTarget {
  Kind kind = {};            // "agones.dev/gameservers"
  std::string type = {};     // "GameServer"
  std::string version = {};  // "agones.dev/v1", "v1"
  bool namespaced = true;
  std::string ns = {};
  std::string name = {};
  std::string subresource = {};
};

// Empty for paths that name none of the resources here.
std::optional<ApiTarget> ParseApiTarget(const std::string& path);

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_TARGET_H_
