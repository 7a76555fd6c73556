// agones::GameServerSdk over the side-car's HTTP side, for servers in which gRPC does not fit:
// libcurl and nlohmann-json (in headers) are all that it links.
#ifndef GSH_AGONES_REST_GAME_SERVER_SDK_H_
#define GSH_AGONES_REST_GAME_SERVER_SDK_H_

#include <memory>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones_rest {

// Everything is as with agones::MakeGameServerSdk, but that an empty client.endpoint means
// localhost and the port in AGONES_SDK_HTTP_PORT (9358), and that each health ping is a request of
// its own.
GSH_EXPORT StatusOr<std::unique_ptr<agones::GameServerSdk>> MakeGameServerSdk(
    agones::GameServerSdkOptions options = {});

}  // namespace gsh::agones_rest

#endif  // GSH_AGONES_REST_GAME_SERVER_SDK_H_
