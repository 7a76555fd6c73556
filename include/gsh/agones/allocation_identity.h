// Allocation identity: what makes a repeated Allocate find the server that the first one took.
//
// Each allocation puts a label with a new UUID on its server and first looks for a server that has
// it: a repeat after a lost answer gets the same server. Two calls at once would still get two, so
// a call is repeated only when the one before it can no longer be under way. Of several clusters
// that are chosen by weight, a repeat may reach another one.
#ifndef GSH_AGONES_ALLOCATION_IDENTITY_H_
#define GSH_AGONES_ALLOCATION_IDENTITY_H_

#include <string>

#include "gsh/agones/allocator.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones {

// The request, with the identity as label and as its first selector; takes an earlier release back.
GSH_EXPORT AllocationRequest WithIdentity(AllocationRequest request, const std::string& identity);

// Was it made by WithIdentity?
GSH_EXPORT bool HasIdentity(const AllocationRequest& request);

// Marks the server that `request` got as of no use: finds it by the identity alone, in the same
// namespace and clusters.
GSH_EXPORT AllocationRequest GiveBackRequest(const AllocationRequest& request,
                                             const std::string& identity);

// False if a server may have been taken although the call failed.
GSH_EXPORT bool SurelyNothingTaken(const Status& failure);

}  // namespace gsh::agones

#endif  // GSH_AGONES_ALLOCATION_IDENTITY_H_
