// agones::Allocator over the REST side of Agones' allocation service, for programs in which gRPC
// does not fit: libcurl and nlohmann-json (in headers) are all that it links.
#ifndef GSH_AGONES_REST_ALLOCATOR_H_
#define GSH_AGONES_REST_ALLOCATOR_H_

#include <memory>

#include "gsh/agones/allocator.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones_rest {

// Everything is as with agones::MakeAllocator, several endpoints included: POST
// /gameserverallocation over mutual TLS on kept connections, the same codes. options.keepalive is
// gRPC's and means nothing here.
GSH_EXPORT StatusOr<std::unique_ptr<agones::Allocator>> MakeAllocator(
    agones::AllocatorOptions options);

}  // namespace gsh::agones_rest

#endif  // GSH_AGONES_REST_ALLOCATOR_H_
