// gsh-stk-server: runs a game server under Agones that knows nothing of it, such as SuperTuxKart's.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "src/server_wrapper/profile.h"
#include "src/server_wrapper/wrapper.h"
#include "src/service/program.h"

namespace {

using gsh::Status;
using gsh::StatusOr;
using gsh::service::Program;
using std::chrono::seconds;

constexpr char kExamples[] =
    "  gsh-stk-server --profile stk -- supertuxkart --server-config=server.xml --no-graphics\n"
    "  gsh-stk-server --profile ncat -- ncat -l --chat -vv 12345\n"
    "  gsh-stk-server --profile quake.ini -- ./server +set dedicated 1\n";

struct Flags {
  std::string profile = "stk";
  std::vector<std::string> command;
  bool player_tracking = false;
  int player_capacity = 8;
  int first_player_timeout = 60;
  int stop_timeout = 20;
};

void AddFlags(Program& program, Flags& flags) {
  program.Flag("profile", flags.profile,
               "what the server's log lines mean: stk, ncat, or a file of lines such as "
               "`joined = ^PATTERN$` (ready, joined, left, count, empty, terminal)");
  program.Switch("player-tracking", flags.player_tracking,
                 "tell Agones who is connected (needs its feature PlayerTracking)");
  program.Flag("player-capacity", flags.player_capacity, "told to Agones with --player-tracking")
      ->check(gsh::service::WholeNumberFrom(1));
  program
      .Flag("first-player-timeout", flags.first_player_timeout,
            "seconds after the allocation in which somebody must join; 0: for ever")
      ->check(gsh::service::WholeNumberFrom(0));
  program.Flag("stop-timeout", flags.stop_timeout, "seconds between SIGTERM and SIGKILL")
      ->check(CLI::Range(0, 3600));
  program.cli().add_option("command", flags.command, "behind --: the server and its arguments");
}

StatusOr<int> Run(Program& program, const Flags& flags) {
  if (flags.command.empty()) {
    return gsh::InvalidArgumentError("no command: wanted gsh-stk-server [FLAG...] -- COMMAND...");
  }
  auto profile = gsh::server_wrapper::LoadProfile(flags.profile);
  if (!profile.ok()) return profile.status().WithContext("--profile");
  auto sdk = gsh::agones::MakeGameServerSdk(
      {.client = {.log = &program.log(), .metrics = &program.metrics()}});
  if (!sdk.ok()) return sdk.status();
  return gsh::server_wrapper::RunWrapped(
      **sdk,
      {.command = flags.command,
       .profile = *std::move(profile),
       .player_tracking = flags.player_tracking,
       .player_capacity = flags.player_capacity,
       .first_player_timeout = seconds(flags.first_player_timeout),
       .stop_timeout = seconds(flags.stop_timeout),
       .on_ready = [&program] { program.SetReady(true); },
       .log = &program.log()},
      program.stop());
}

}  // namespace

int main(int argc, char** argv) {
  Program program("gsh-stk-server",
                  "Runs a game server under Agones, following its log: players come and go.",
                  kExamples);
  Flags flags;
  AddFlags(program, flags);
  int server_exit = 0;
  const int exit = program.Main(argc, argv, [&](Program& running) -> Status {
    const StatusOr<int> ended = Run(running, flags);
    if (ended.ok()) server_exit = *ended;
    return ended.status();
  });
  return exit == gsh::service::kExitOk ? server_exit : exit;
}
