// What a ticket or backfill may hold before it is sent.
#ifndef GSH_SRC_OPENMATCH_BOUNDS_H_
#define GSH_SRC_OPENMATCH_BOUNDS_H_

#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/types.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// InvalidArgument that names every field which breaks FrontendOptions' bounds, or that no pool
// could use.
Status CheckBounds(const Ticket& ticket, const FrontendOptions& options);
Status CheckBounds(const Backfill& backfill, const FrontendOptions& options);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_BOUNDS_H_
