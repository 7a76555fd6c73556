#include "gsh/agones/game_server_sdk.h"

#include <utility>

namespace gsh::agones {

StatusOr<MatchInfo> GameServerSdk::Match(CallOptions options) {
  auto game_server = GetGameServer(std::move(options));
  if (!game_server.ok()) return game_server.status();
  auto match = MatchOf(*game_server);
  if (!match) {
    return NotFoundError("game server " + game_server->name + " has no annotation " +
                         kMatchAnnotation);
  }
  return *std::move(match);
}

}  // namespace gsh::agones
