// The side-car's JSON (agones: proto/sdk, as grpc-gateway writes it) as agones::GameServerSdk's
// structs. Errors are Internal: the answer is not what a side-car gives.
#ifndef GSH_SRC_AGONES_REST_SDK_JSON_H_
#define GSH_SRC_AGONES_REST_SDK_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/status.h"

namespace gsh::agones_rest {

StatusOr<agones::GameServer> ReadGameServer(std::string_view json);
// {"result":{...}} of a watch, or {"error":{...}}: its status.
StatusOr<agones::GameServer> ReadWatchLine(std::string_view line);
StatusOr<agones::CounterStatus> ReadCounter(std::string_view json);
StatusOr<agones::ListStatus> ReadList(std::string_view json);
StatusOr<bool> ReadBool(std::string_view json);
StatusOr<std::int64_t> ReadCount(std::string_view json);
StatusOr<std::vector<std::string>> ReadPlayers(std::string_view json);

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_SDK_JSON_H_
