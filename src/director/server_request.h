// Takes one game server from the allocator, surely or not at all.
#ifndef GSH_SRC_DIRECTOR_SERVER_REQUEST_H_
#define GSH_SRC_DIRECTOR_SERVER_REQUEST_H_

#include <functional>
#include <string>

#include "gsh/agones/allocator.h"
#include "src/director/session.h"

namespace gsh::director {

struct ServerAnswer {
  StatusOr<agones::Allocation> allocation = UnknownError("not asked");
  std::string identity = {};
  bool maybe_taken = false;  // allocation failed, and yet there may be a server: give it back
};

// `request` gets a new identity. A call that failed unclearly is repeated after unclear_pause, and
// contention quickly; at most three calls.
void RequestServer(SessionPtr session, agones::AllocationRequest request,
                   std::function<void(ServerAnswer)> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_SERVER_REQUEST_H_
