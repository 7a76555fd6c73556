// Roster: who is on the server, as far as its log says.
#ifndef GSH_SRC_SERVER_WRAPPER_ROSTER_H_
#define GSH_SRC_SERVER_WRAPPER_ROSTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/server_wrapper/line_matcher.h"

namespace gsh::server_wrapper {

struct RosterChange {
  bool joined = false;  // or left
  std::string player = {};
  std::size_t remaining = 0;

  friend bool operator==(const RosterChange&, const RosterChange&) = default;
};

// A pure state machine. A count that the log gives puts right what its other lines left wrong.
class Roster {
 public:
  static constexpr std::size_t kMaxPlayers = 10'000;

  // In the order in which they came about.
  std::vector<RosterChange> Apply(const LineNews& news);
  std::size_t size() const { return players_.size(); }

 private:
  void Join(const std::string& name, std::vector<RosterChange>& changes);
  void Leave(const std::string& name, std::vector<RosterChange>& changes);
  void LeaveAt(std::size_t index, std::vector<RosterChange>& changes);

  std::vector<std::string> players_;
  std::uint64_t joined_ = 0;  // players so far, for names
};

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_ROSTER_H_
