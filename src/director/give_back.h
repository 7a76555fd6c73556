// Hands a game server back that nobody will use.
#ifndef GSH_SRC_DIRECTOR_GIVE_BACK_H_
#define GSH_SRC_DIRECTOR_GIVE_BACK_H_

#include <functional>
#include <string>

#include "gsh/agones/allocator.h"
#include "src/director/session.h"

namespace gsh::director {

struct GiveBackOrder {
  agones::AllocationRequest request = {};  // the one that took it
  std::string identity = {};
  bool surely_taken = true;  // false: there may be no such server at all
  Duration delay{0};         // before the first try
};

// Annotates the server with gsh.dev/release=true; the server ends itself if nobody is there. `done`
// gets NotFound if no server has the identity, unless an unclear call may have released it before.
void GiveBack(SessionPtr session, GiveBackOrder order, std::function<void(Status)> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_GIVE_BACK_H_
