// Allocation identity: what makes a repeated Allocate find the server that the first one took.
//
// Each allocation puts a label with a new UUID on its server and first looks for a server that has
// it: a repeat after a lost answer gets the same server. Two calls at once would still get two, so
// a call is repeated only when the one before it can no longer be under way.
#ifndef GSH_SRC_DIRECTOR_ALLOCATION_IDENTITY_H_
#define GSH_SRC_DIRECTOR_ALLOCATION_IDENTITY_H_

#include <string>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"

namespace gsh::director {

// The request, with the identity as label and as its first selector; takes an earlier release back.
agones::AllocationRequest WithIdentity(agones::AllocationRequest request,
                                       const std::string& identity);

// Marks the server that `request` got as of no use: finds it by the identity alone, in the same
// namespace and clusters.
agones::AllocationRequest GiveBackRequest(const agones::AllocationRequest& request,
                                          const std::string& identity);

// False if a server may have been taken although the call failed.
bool SurelyNothingTaken(const Status& failure);

// False if tickets may have been assigned although the call failed.
bool SurelyNothingAssigned(const Status& failure);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_ALLOCATION_IDENTITY_H_
