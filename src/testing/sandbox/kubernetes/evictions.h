// Evictions of pods, as PodDisruptionBudgets allow.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_EVICTIONS_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_EVICTIONS_H_

#include <string>

#include "src/testing/sandbox/kubernetes/object_store.h"

namespace gsh::testing::kubernetes {

// Deletes the pod at once, whatever grace is asked for, and takes one from the
// status.disruptionsAllowed of each budget that selects it. ErrorInfo::name "DisruptionBudget" when
// one has none left: nothing is changed then.
StatusOr<Json> Evict(ObjectStore& store, const std::string& ns, const std::string& pod,
                     const Json& eviction);

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_EVICTIONS_H_
