// What GET /address asks for, out of its query.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_ADDRESS_QUERY_H_
#define GSH_SRC_ALLOCATOR_SERVICE_ADDRESS_QUERY_H_

#include <string>
#include <string_view>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"

namespace gsh::allocator_service {

// Which game servers the service gives away at all.
struct Selection {
  std::string ns = "default";
  std::string fleet = {};   // label agones.dev/fleet; empty: any
  std::string region = {};  // label region, unless the query names one; empty: any
  agones::Labels labels = {};
  bool multicluster = false;
};

// InvalidArgument, with the flag's name, for what no label of Kubernetes can be.
Status CheckSelection(const Selection& selection);

// Of `query` "region=eu-west-2&label=mode=duel&label=map=ice". It may narrow the selection, but not
// change it (but for the region): InvalidArgument, in words for the client, for that, for what is
// no label, and for parameters that are not known.
StatusOr<agones::AllocationRequest> RequestFor(const Selection& selection, std::string_view query);

// "key=value", checked; InvalidArgument in words.
StatusOr<std::pair<std::string, std::string>> ParseLabel(std::string_view text);

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_ADDRESS_QUERY_H_
