// What the players' clients have in common: flags, and the way from a ticket to a game server.
#ifndef GSH_SRC_PLAYER_FIND_SERVER_H_
#define GSH_SRC_PLAYER_FIND_SERVER_H_

#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::player {

struct PlayerFlags {
  std::string frontend = "localhost:50504";
  std::string region1 = "us-east-1";
  std::string region2 = "us-east-2";
  double latency1 = 100;  // milliseconds
  double latency2 = 100;
  std::vector<std::string> latencies = {};  // "region=milliseconds"
  std::vector<std::string> measure = {};    // "region=host:port" of ping services
  service::Program::TlsFlags tls{.dir = ".", .server_name = "open-match-evaluator"};
  double timeout = 0;  // seconds; 0: for ever
};

// `flags` must outlive the program.
void AddPlayerFlags(service::Program& program, PlayerFlags& flags);

// The command line with "-latencyUsEast1 10" and the like in the form that the flags have.
std::vector<std::string> PlayerArgs(int argc, char** argv);

// "host:port" of the game server, with the lines that people know from the samples. The ticket of a
// player who gives up is deleted. InvalidArgument for bad flags.
StatusOr<std::string> FindServer(service::Program& program, const PlayerFlags& flags);

}  // namespace gsh::player

#endif  // GSH_SRC_PLAYER_FIND_SERVER_H_
