// A process that claims a game server of FleetIQ and then says again and again that it is healthy,
// with settings and credentials out of the environment. Prints what it is mapped to and what memory
// it has.
#include <fstream>
#include <iostream>
#include <string>

#include "gsh/aws/gamelift.h"

namespace {

constexpr int kHeartBeats = 200;

gsh::Status ClaimAndBeat() {
  const auto gamelift = gsh::aws::MakeGameLift({});
  if (!gamelift.ok()) return gamelift.status();
  const auto claimed = (*gamelift)->ClaimGameServer({.game_server_group_name = "my-group"});
  if (!claimed.ok()) return claimed.status();
  for (int i = 0; i < kHeartBeats; ++i) {
    const auto updated = (*gamelift)->UpdateGameServer(
        {.game_server_group_name = "my-group",
         .game_server_id = claimed->game_server_id,
         .utilization_status = std::string(gsh::aws::gamelift::kUtilized),
         .health_check = std::string(gsh::aws::gamelift::kHealthy)});
    if (!updated.ok()) return updated.status();
  }
  // Here the client still lives, with its connection.
  for (const std::string file : {"/proc/self/maps", "/proc/self/status"}) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) std::cout << line << '\n';
  }
  return gsh::OkStatus();
}

}  // namespace

int main() {
  const gsh::Status status = ClaimAndBeat();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
