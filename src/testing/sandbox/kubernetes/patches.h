// The three kinds of patches.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_PATCHES_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_PATCHES_H_

#include <string>

#include "src/testing/sandbox/kubernetes/object_store.h"

namespace gsh::testing::kubernetes {

// By the content type; UnsupportedMediaType for others. Of a strategic merge patch the lists of
// conditions are merged by their type; other lists are replaced, as taints and tolerations are.
Status ApplyPatch(const std::string& content_type, const std::string& patch, Json& object);

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_PATCHES_H_
