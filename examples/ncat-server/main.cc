// gsh-ncat-server: a chat server for Agones, as `ncat --chat` is one.
#include <chrono>
#include <stop_token>
#include <string>

#include "examples/ncat-server/game_session.h"
#include "gsh/agones/game_server_sdk.h"
#include "src/chat/chat_broker.h"
#include "src/service/program.h"

namespace {

using gsh::Status;
using gsh::chat::ChatBroker;
using gsh::ncat_server::GameSession;

struct Flags {
  int port = 12345;
  std::string bind = "0.0.0.0";
  bool player_tracking = false;
  int first_player_timeout = 60;
};

Status Run(gsh::service::Program& program, const Flags& flags) {
  auto sdk = gsh::agones::MakeGameServerSdk(
      {.client = {.log = &program.log(), .metrics = &program.metrics()}});
  if (!sdk.ok()) return sdk.status();
  std::stop_source over;  // asked for by SIGTERM, or when Agones knows that the match has ended
  const std::stop_callback terminate(program.stop(), [&] { over.request_stop(); });
  GameSession session(**sdk,
                      {.player_tracking = flags.player_tracking,
                       .first_player_timeout = std::chrono::seconds(flags.first_player_timeout),
                       .log = &program.log()},
                      program.stop(), [&] { over.request_stop(); });
  auto broker = ChatBroker::Listen(
      {.bind = flags.bind, .port = flags.port, .log = &program.log()},
      {.joined = [&](int user) { session.PlayerJoined(user); },
       .left = [&](int user, std::size_t remaining) { session.PlayerLeft(user, remaining); }});
  if (!broker.ok()) return broker.status();
  program.Line("ncat server running on port " + std::to_string((*broker)->port()));
  if (Status status = session.Start(); !status.ok()) return status;
  program.SetReady(true);
  Status served = (*broker)->Run(over.get_token());
  program.SetReady(false);
  session.Terminate();
  return served;
}

}  // namespace

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-ncat-server", "A TCP chat server under Agones; its protocol is that of `ncat --chat`.",
      "  gsh-ncat-server -p 12345\n"
      "  ncat localhost 12345\n");
  Flags flags;
  program.Flag("p", flags.port, "TCP port for the players; 0: any free one")
      ->check(CLI::Range(0, 65535));
  program.Flag("bind", flags.bind, "numeric address to listen on");
  program.Switch("player-tracking", flags.player_tracking,
                 "tell Agones who is connected (needs its feature PlayerTracking)");
  program
      .Flag("first-player-timeout", flags.first_player_timeout,
            "seconds after the allocation in which somebody must join; 0: for ever")
      ->check(gsh::service::WholeNumberFrom(0));
  return program.Main(argc, argv,
                      [&](gsh::service::Program& running) { return Run(running, flags); });
}
