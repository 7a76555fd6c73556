// Gives tickets back to Open Match, so that the next round can have them at once.
#ifndef GSH_SRC_DIRECTOR_RELEASER_H_
#define GSH_SRC_DIRECTOR_RELEASER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/status.h"

namespace gsh::director {

class Session;

struct ReleaseItem {
  std::vector<std::string> tickets = {};
  std::function<void(Status)> done = {};
};

// One ReleaseTickets call for all of them, repeated a few times. A failure is not the end of the
// tickets: Open Match offers them again after its pendingReleaseTimeout. `done` once, at the end.
void SendReleases(std::shared_ptr<Session> session, std::vector<ReleaseItem> items,
                  std::function<void()> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_RELEASER_H_
