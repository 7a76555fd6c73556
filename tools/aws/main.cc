// gsh-aws: GameLift FleetIQ, SQS, instance metadata, credentials and signatures by hand.
#include <string>

#include "src/service/program.h"
#include "tools/aws/service_commands.h"
#include "tools/aws/sign_command.h"

namespace {

void AddFlags(gsh::service::Program& program, gsh::aws_tool::CommonFlags& flags) {
  program.Flag("region", flags.options.region, "none: AWS_REGION, the profile's, the instance's");
  program.Flag("profile", flags.options.profile, "of the shared config files; none: AWS_PROFILE");
  program.Flag("endpoint-url", flags.options.endpoint_url,
               "in place of the region's; none: AWS_ENDPOINT_URL and what the profile says");
  program.Flag("output", flags.output, "json or text")->check(CLI::IsMember({"json", "text"}));
}

gsh::Status Run(gsh::service::Program& program, const gsh::aws_tool::Commands& commands) {
  for (const auto& [parser, command] : commands) {
    if (!parser->parsed()) continue;
    gsh::Status status = command(program);
    // A loop around this command must not take an interruption for an answer.
    if (status.code() != gsh::StatusCode::kCancelled) return status;
    return gsh::AbortedError("interrupted: " + status.message());
  }
  return gsh::InvalidArgumentError("a command is missing");
}

}  // namespace

std::string gsh::aws_tool::Footer(const std::string& examples) {
  return "Examples:\n" + examples +
         "\n--region, --profile, --endpoint-url and --output may stand here, too: gsh-aws --help.";
}

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-aws", "Calls the AWS services that game hosting needs. Answers are on standard output.",
      "  gsh-aws fleetiq list my-group --output text\n"
      "  gsh-aws fleetiq claim my-group --only-active\n"
      "  gsh-aws fleetiq update my-group server-1 --utilized --healthy\n"
      "  gsh-aws sqs receive my-queue --wait 20 --delete\n"
      "  gsh-aws imds get meta-data/instance-id\n"
      "  gsh-aws whoami --profile game\n");
  gsh::aws_tool::CommonFlags flags;
  AddFlags(program, flags);
  CLI::App& cli = program.cli();
  cli.require_subcommand(1);
  cli.fallthrough();  // --region and the others may come after a command
  gsh::aws_tool::Commands commands;
  gsh::aws_tool::AddFleetIqCommands(cli, commands, flags);
  gsh::aws_tool::AddSqsCommands(cli, commands, flags);
  gsh::aws_tool::AddImdsCommands(cli, commands, flags);
  gsh::aws_tool::AddSignCommand(cli, commands, flags.options);
  gsh::aws_tool::AddWhoamiCommand(cli, commands, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& p) { return Run(p, commands); });
}
