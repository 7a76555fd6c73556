// gsh-allocator-probe: looks whether an Agones allocator can be reached, allocates, forwards,
// measures, and makes what several clusters need to forward to one another.
#include <functional>
#include <map>
#include <string>

#include "examples/allocator-probe/allocator_commands.h"
#include "examples/allocator-probe/cluster_commands.h"
#include "examples/allocator-probe/flags.h"
#include "src/service/program.h"

namespace gsh::allocator_probe {
namespace {

using service::Program;
using Command = std::function<Status(Program&, const Flags&)>;

// By the subcommand that parses it.
std::map<const CLI::App*, Command> AddCommands(CLI::App& cli) {
  std::map<const CLI::App*, Command> commands;
  const auto add = [&](CLI::App& parent, const char* name, const char* help, Command command) {
    commands[parent.add_subcommand(name, help)] = std::move(command);
  };
  add(cli, "tls", "does the allocator believe us, and we it? takes no game server", RunTls);
  add(cli, "allocate", "takes a game server of the allocator's own cluster", RunAllocate);
  add(cli, "multicluster", "takes a game server of the clusters that its policies name",
      RunMulticluster);
  add(cli, "load", "takes many, says how long it took, and hands them back", RunLoad);
  CLI::App* policy = cli.add_subcommand("policy", "allocation policies: apply or list");
  policy->require_subcommand(1);
  add(*policy, "apply", "makes or changes one", RunPolicyApply);
  add(*policy, "list", "shows them as they are followed", RunPolicyList);
  add(cli, "trust", "makes the secret with which this cluster calls another: --tls-dir's files",
      RunTrust);
  add(cli, "address", "where other clusters reach the allocator", RunAddress);
  add(cli, "gameservers", "lists, watches or deletes game servers", RunGameServers);
  cli.require_subcommand(1);
  return commands;
}

Status Run(Program& program, const std::map<const CLI::App*, Command>& commands,
           const Flags& flags) {
  for (const auto& [parser, command] : commands) {
    if (parser->parsed()) return command(program, flags);
  }
  return InvalidArgumentError("a command is missing");
}

}  // namespace
}  // namespace gsh::allocator_probe

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-allocator-probe", "Tries an Agones allocator out.",
      "  gsh-allocator-probe tls --endpoint 192.0.2.7 --tls-dir ./agones-tls --verbose\n"
      "  gsh-allocator-probe allocate --endpoint 192.0.2.7 --namespace gameservers "
      "--region us-east-1\n"
      "  gsh-allocator-probe load --endpoint 192.0.2.7 --count 200 --rate 20\n");
  gsh::allocator_probe::Flags flags;
  gsh::allocator_probe::AddFlags(program, flags);
  const auto commands = gsh::allocator_probe::AddCommands(program.cli());
  return program.Main(argc, argv, [&](gsh::service::Program& p) {
    return gsh::allocator_probe::Run(p, commands, flags);
  });
}
