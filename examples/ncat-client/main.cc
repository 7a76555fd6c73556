// gsh-ncat-client: a player of the ncat game. Asks Open Match for a game server, then talks to it
// as nc would.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string>

#include "src/player/find_server.h"
#include "src/service/flags.h"
#include "src/service/program.h"
#include "src/service/socket_pump.h"

namespace {

using gsh::Status;
using gsh::StatusOr;
using gsh::service::Program;

constexpr char kExamples[] =
    "  gsh-ncat-client -frontend $FRONTEND:50504 -latencyUsEast1 10 -latencyUsEast2 30\n"
    "  gsh-ncat-client --insecure --latency eu-west-2=25 --latency eu-north-1=40\n"
    "  gsh-ncat-client --measure eu-west-2=$PING1:50000 --measure eu-north-1=$PING2:50000\n";

struct Flags {
  gsh::player::PlayerFlags player;
  bool half_close = false;
};

Status Talk(Program& program, const Flags& flags, const std::string& server) {
  std::cout << server << std::endl;
  auto address = gsh::service::ParseHostPort("assignment", server);
  if (!address.ok()) return gsh::UnavailableError(address.status().message());
  program.Line("Connecting to ncat server", {{"server", server}});
  StatusOr<int> socket = gsh::service::ConnectTcp(address->host, address->port,
                                                  std::chrono::seconds(30), program.stop());
  if (!socket.ok()) return socket.status();
  const Status talked = gsh::service::PumpSocket({.socket = *socket,
                                                  .input = STDIN_FILENO,
                                                  .output = STDOUT_FILENO,
                                                  .half_close = flags.half_close},
                                                 program.stop());
  close(*socket);
  std::cout << "Disconnected from the server." << std::endl;
  return talked;
}

Status Run(Program& program, const Flags& flags) {
  const auto server = gsh::player::FindServer(program, flags.player);
  if (!server.ok()) return server.status();
  return Talk(program, flags, *server);
}

}  // namespace

int main(int argc, char** argv) {
  Program program("gsh-ncat-client", "Joins an ncat game that Open Match and Agones arrange.",
                  kExamples);
  Flags flags;
  gsh::player::AddPlayerFlags(program, flags.player);
  program.Switch("half-close", flags.half_close,
                 "tell the server when stdin ends (it then takes you for gone)");
  return program.Main(gsh::player::PlayerArgs(argc, argv),
                      [&](Program& running) { return Run(running, flags); });
}
