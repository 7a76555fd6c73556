// Players: a crowd that waits for its games: a ticket each, watched through the library's frontend
// client; who is assigned joins that game server.
#ifndef GSH_TESTS_FAULTS_PLAYERS_H_
#define GSH_TESTS_FAULTS_PLAYERS_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/openmatch/frontend.h"

namespace gsh::faults {

class Players {
 public:
  // False when the player cannot get into the game at this address.
  using Join = std::function<bool(const std::string& connection)>;

  explicit Players(Join join) : join_(std::move(join)) {}

  // Creates `count` tickets, each with good latencies to all regions.
  void Queue(openmatch::Frontend& frontend, int count, const std::vector<std::string>& regions);
  // Watches all of them, for as long as `frontend` lives.
  void Watch(openmatch::Frontend& frontend);

  bool AwaitAssigned(std::size_t count, Duration timeout);
  std::size_t assigned() const;
  const std::vector<std::string>& tickets() const { return tickets_; }
  // Every address that each ticket was ever given.
  std::map<std::string, std::set<std::string>> connections() const;
  // What went wrong, one line each: players who found nobody at their address, watches that ended.
  std::vector<std::string> complaints() const;

 private:
  bool OnAssignment(const std::string& ticket, const openmatch::Assignment& assignment);
  void OnWatchEnd(const std::string& ticket, const Status& status);

  const Join join_;
  std::vector<std::string> tickets_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::set<std::string>> connections_;
  std::vector<std::string> complaints_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_PLAYERS_H_
