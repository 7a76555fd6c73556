// Deletes the backfill that a match brought along, when the match gets no game server.
#ifndef GSH_SRC_DIRECTOR_DROP_BACKFILL_H_
#define GSH_SRC_DIRECTOR_DROP_BACKFILL_H_

#include <functional>

#include "gsh/openmatch/types.h"
#include "src/director/session.h"

namespace gsh::director {

// The match function made the backfill for this match, and its game server is to keep it.
bool BringsBackfill(const openmatch::Match& match);

// Else players would be sent to a server that is not there, and wait until the backfill expires.
// `done` always runs; call before the match's tickets are released, for the deletion releases them
// too, and later it could release them from another match's hands.
void DropBackfill(const SessionPtr& session, const openmatch::Match& match,
                  std::function<void()> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_DROP_BACKFILL_H_
