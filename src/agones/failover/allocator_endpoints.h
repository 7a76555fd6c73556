// The allocator that AllocatorOptions describe, whatever carries its calls.
#ifndef GSH_SRC_AGONES_FAILOVER_ALLOCATOR_ENDPOINTS_H_
#define GSH_SRC_AGONES_FAILOVER_ALLOCATOR_ENDPOINTS_H_

#include <functional>
#include <memory>

#include "gsh/agones/allocator.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones {

// Makes the allocator of one endpoint; `client` is options.client with that endpoint.
using MakeOneAllocator = std::function<StatusOr<std::unique_ptr<Allocator>>(
    const AllocatorOptions& options, ClientOptions client)>;

// One endpoint's allocator as it is, several behind a failover. InvalidArgument names every mistake
// in the options.
GSH_EXPORT StatusOr<std::unique_ptr<Allocator>> MakeOverEndpoints(AllocatorOptions options,
                                                                  const MakeOneAllocator& make_one);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_ALLOCATOR_ENDPOINTS_H_
