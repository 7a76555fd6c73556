// gsh-aws fleetiq, sqs, imds and whoami: one question each, its answer on standard output.
#ifndef GSH_TOOLS_AWS_SERVICE_COMMANDS_H_
#define GSH_TOOLS_AWS_SERVICE_COMMANDS_H_

#include <string>
#include <utility>

#include "gsh/aws/options.h"
#include "tools/aws/sign_command.h"

namespace gsh::aws_tool {

// What all commands share; must outlive them.
struct CommonFlags {
  aws::AwsOptions options = {};
  std::string output = "json";  // or "text"
};

void AddFleetIqCommands(CLI::App& cli, Commands& commands, const CommonFlags& common);
void AddSqsCommands(CLI::App& cli, Commands& commands, const CommonFlags& common);
// The metadata service is at --endpoint-url, if that is given.
void AddImdsCommands(CLI::App& cli, Commands& commands, const CommonFlags& common);
// Account, ARN and user id, access key id, where it comes from and when it ends; with --offline
// STS is not asked, and the first three are missing. A secret is never printed.
void AddWhoamiCommand(CLI::App& cli, Commands& commands, const CommonFlags& common);

// What stands below the help of a command with examples.
std::string Footer(const std::string& examples);

// Commands with a word before them: "sqs send", "sqs receive".
class CommandGroup {
 public:
  CommandGroup(CLI::App& cli, Commands& commands, const std::string& name, const std::string& help,
               const std::string& examples)
      : parent_(*cli.add_subcommand(name, help)), commands_(commands) {
    parent_.require_subcommand(1);
    parent_.footer(Footer(examples));
  }

  CLI::App& Add(const std::string& name, const std::string& help, Commands::mapped_type command) {
    CLI::App* const added = parent_.add_subcommand(name, help);
    commands_[added] = std::move(command);
    return *added;
  }

 private:
  CLI::App& parent_;
  Commands& commands_;
};

}  // namespace gsh::aws_tool

#endif  // GSH_TOOLS_AWS_SERVICE_COMMANDS_H_
