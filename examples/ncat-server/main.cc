// gsh-ncat-server: a chat server for Agones, as `ncat --chat` is one.
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/openmatch/frontend.h"
#include "src/chat/chat_broker.h"
#include "src/game_session/game_session.h"
#include "src/late_join/late_join.h"
#include "src/service/program.h"

namespace {

using gsh::Status;
using gsh::chat::ChatBroker;
using gsh::game_session::GameSession;

struct Flags {
  int port = 12345;
  std::string bind = "0.0.0.0";
  bool player_tracking = false;
  int first_player_timeout = 60;
  std::string frontend;
  gsh::service::Program::TlsFlags openmatch{
      .dir = "./openmatch-tls", .server_name = {}, .insecure = false};
  std::uint32_t seats = 4;
  std::string region;
  std::string backfill_tag = "mode.session";
};

std::string PlayerId(int user) { return "user" + std::to_string(user); }

// What offers free seats to players who come later; without --frontend-addr nothing does.
struct OpenSeats {
  std::unique_ptr<gsh::openmatch::Frontend> frontend;
  std::unique_ptr<gsh::late_join::LateJoin> late_join;

  Status Start(gsh::service::Program& program, const Flags& flags,
               gsh::agones::GameServerSdk& sdk) {
    if (flags.frontend.empty()) return gsh::OkStatus();
    auto made = gsh::openmatch::MakeFrontend({.client = {.endpoint = flags.frontend,
                                                         .tls = flags.openmatch.ToOptions(),
                                                         .log = &program.log(),
                                                         .metrics = &program.metrics()}});
    if (!made.ok()) return made.status().WithContext("--frontend-addr");
    frontend = *std::move(made);
    late_join = std::make_unique<gsh::late_join::LateJoin>(
        sdk, *frontend,
        gsh::late_join::LateJoinOptions{.seats = flags.seats,
                                        .region = flags.region,
                                        .tags = {flags.backfill_tag},
                                        .log = &program.log(),
                                        .metrics = &program.metrics()});
    return gsh::OkStatus();
  }
  void PlayerJoined() {
    if (late_join) late_join->PlayerJoined();
  }
  void PlayerLeft(std::size_t remaining) {
    if (!late_join) return;
    late_join->PlayerLeft();
    if (remaining == 0) late_join->Close(gsh::Duration::zero());  // the match is over
  }
  void Close() {
    if (late_join) late_join->Close(std::chrono::seconds(2));
  }
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
  OpenSeats seats;
  auto broker = ChatBroker::Listen({.bind = flags.bind, .port = flags.port, .log = &program.log()},
                                   {.joined =
                                        [&](int user) {
                                          session.PlayerJoined(PlayerId(user));
                                          seats.PlayerJoined();
                                        },
                                    .left =
                                        [&](int user, std::size_t remaining) {
                                          seats.PlayerLeft(remaining);
                                          session.PlayerLeft(PlayerId(user), remaining);
                                        }});
  if (!broker.ok()) return broker.status();
  program.Line("ncat server running on port " + std::to_string((*broker)->port()));
  if (Status status = seats.Start(program, flags, **sdk); !status.ok()) return status;
  if (Status status = session.Start(); !status.ok()) return status;
  program.SetReady(true);
  Status served = (*broker)->Run(over.get_token());
  program.SetReady(false);
  seats.Close();
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
  program.Flag("frontend-addr", flags.frontend,
               "host:port of Open Match's frontend: free seats are offered to players who come "
               "later, by a backfill; empty: they are not");
  program.Flag("seats", flags.seats, "players of a match, with --frontend-addr")
      ->check(CLI::Range(1, 10'000));
  program.Flag("region", flags.region,
               "where it runs, as the match function's rules name it; empty: the game server's "
               "label region");
  program.Flag("backfill-tag", flags.backfill_tag, "the tag that the director's pools ask for");
  program.AddTlsFlags("openmatch", flags.openmatch);
  return program.Main(argc, argv,
                      [&](gsh::service::Program& running) { return Run(running, flags); });
}
