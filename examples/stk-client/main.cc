// gsh-stk-client: a player of SuperTuxKart. Asks Open Match for a game server, then starts the game
// there.
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <iostream>
#include <stop_token>
#include <string>
#include <vector>

#include "src/player/find_server.h"
#include "src/process/process.h"
#include "src/service/flags.h"
#include "src/service/program.h"

namespace {

using gsh::Status;
using gsh::process::Process;
using gsh::service::Program;

constexpr char kExamples[] =
    "  gsh-stk-client -frontend $FRONTEND:50504 -latencyUsEast1 10 -latencyUsEast2 30 "
    "-path /usr/games/supertuxkart\n"
    "  gsh-stk-client --insecure --latency eu-west-2=25 -- --network-ai=1 --no-graphics\n";

struct Flags {
  gsh::player::PlayerFlags player;
  std::string path = "supertuxkart";
  std::vector<std::string> game_args;
};

// The game on our terminal, until it ends or `stop` is asked for.
Status Play(Program& program, const Flags& flags, const std::string& server) {
  std::cout << server << std::endl;
  if (auto address = gsh::service::ParseHostPort("assignment", server); !address.ok()) {
    return gsh::UnavailableError(address.status().message());
  }
  program.Line("Connecting to SuperTuxKart server", {{"server", server}});
  gsh::process::ProcessOptions options{
      .argv = {flags.path, "--owner-less", "--connect-now=" + server}, .input = STDIN_FILENO};
  options.argv.insert(options.argv.end(), flags.game_args.begin(), flags.game_args.end());
  std::promise<int> ended;
  const auto game =
      Process::Start(std::move(options), [&](int wait_status) { ended.set_value(wait_status); });
  if (!game.ok()) return game.status().WithContext("-path");
  int wait_status = 0;
  {
    const std::stop_callback terminate(program.stop(), [&] { (*game)->Terminate(); });
    wait_status = ended.get_future().get();
  }
  std::cout << "Disconnected from the server." << std::endl;
  if (program.stop().stop_requested()) return gsh::CancelledError("stopped");
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return gsh::OkStatus();
  return gsh::UnavailableError(flags.path + ": " + gsh::process::DescribeWaitStatus(wait_status));
}

Status Run(Program& program, const Flags& flags) {
  const auto server = gsh::player::FindServer(program, flags.player);
  if (!server.ok()) return server.status();
  return Play(program, flags, *server);
}

}  // namespace

int main(int argc, char** argv) {
  Program program("gsh-stk-client", "Joins a SuperTuxKart game that Open Match and Agones arrange.",
                  kExamples);
  Flags flags;
  gsh::player::AddPlayerFlags(program, flags.player);
  program.Flag("path", flags.path, "the game's program");
  program.cli().add_option("game_args", flags.game_args, "further arguments for the game");
  return program.Main(gsh::player::PlayerArgs(argc, argv),
                      [&](Program& running) { return Run(running, flags); });
}
