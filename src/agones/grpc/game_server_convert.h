// From the side-car's messages to agones::GameServerSdk's structs.
#ifndef GSH_SRC_AGONES_GRPC_GAME_SERVER_CONVERT_H_
#define GSH_SRC_AGONES_GRPC_GAME_SERVER_CONVERT_H_

#include "gsh/agones/game_server_sdk.h"
#include "src/proto/agones.h"

namespace gsh::agones {

GameServer FromWire(const wire_sdk::GameServer& message);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_GRPC_GAME_SERVER_CONVERT_H_
