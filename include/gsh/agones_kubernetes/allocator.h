// agones::Allocator through the Kubernetes API: a GameServerAllocation for each call (agones:
// pkg/apis/allocation/v1). For programs inside the cluster, which then need no allocator service
// and no certificates but a Role that may create gameserverallocations.
#ifndef GSH_AGONES_KUBERNETES_ALLOCATOR_H_
#define GSH_AGONES_KUBERNETES_ALLOCATOR_H_

#include <memory>

#include "gsh/agones/allocator.h"
#include "gsh/export.h"
#include "gsh/kubernetes/client.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::agones_kubernetes {

struct AllocatorOptions {
  // For contention, which takes no server. What else is repeated is the client's business.
  RetryOptions retry = {};
  Rng* rng = nullptr;  // SystemRng(); must outlive the allocator
};

// Errors are as with agones::MakeAllocator: ResourceExhausted where the API answers "UnAllocated",
// Aborted for "Contention" after the repeats; others are the client's.
// The allocator owns its client, whose options bound its calls, and whose end is theirs.
// InvalidArgument for a null client and bad options.
GSH_EXPORT StatusOr<std::unique_ptr<agones::Allocator>> MakeAllocator(
    std::unique_ptr<kubernetes::Client> client, AllocatorOptions options = {});

}  // namespace gsh::agones_kubernetes

#endif  // GSH_AGONES_KUBERNETES_ALLOCATOR_H_
