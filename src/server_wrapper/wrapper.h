// Runs a game server under Agones that knows nothing of it: its log says when players may come, and
// who comes and goes.
#ifndef GSH_SRC_SERVER_WRAPPER_WRAPPER_H_
#define GSH_SRC_SERVER_WRAPPER_WRAPPER_H_

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/status.h"
#include "src/server_wrapper/profile.h"

namespace gsh::server_wrapper {

struct WrapperOptions {
  std::vector<std::string> command = {};  // the first is looked up in PATH
  Profile profile = {};
  bool player_tracking = false;  // needs Agones' feature PlayerTracking
  int player_capacity = 8;
  Duration first_player_timeout = std::chrono::seconds(60);  // after the allocation; 0: for ever
  Duration stop_timeout = std::chrono::seconds(20);          // between SIGTERM and SIGKILL
  std::function<void()> on_ready = {};                       // Agones knows that players may come
  LogSink* log = nullptr;
};

// Until the server ends by itself, `stop` is asked for, or the match is over: then it gets SIGTERM,
// and later SIGKILL. The server's exit code, 128 and the signal's number if one ended it, 0 if it
// ended by our SIGTERM. An error if the server cannot be started, or no side-car answers. The
// server never outlives the call, nor this process.
StatusOr<int> RunWrapped(agones::GameServerSdk& sdk, const WrapperOptions& options,
                         std::stop_token stop);

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_WRAPPER_H_
