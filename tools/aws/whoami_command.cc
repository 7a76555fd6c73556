#include <iostream>
#include <memory>

#include "gsh/aws/default_credentials.h"
#include "gsh/aws/sts.h"
#include "tools/aws/output.h"
#include "tools/aws/service_commands.h"

namespace gsh::aws_tool {
namespace {

Status AddIdentity(aws::AwsOptions options, const CallOptions& call, Json& out) {
  const auto sts = aws::MakeSts(std::move(options));
  if (!sts.ok()) return sts.status();
  const auto identity = (*sts)->GetCallerIdentity(call);
  if (!identity.ok()) return identity.status();
  out["account"] = identity->account;
  out["arn"] = identity->arn;
  out["user_id"] = identity->user_id;
  return OkStatus();
}

StatusOr<Json> Whoami(aws::AwsOptions options, bool offline, const CallOptions& call) {
  const auto provider = aws::MakeDefaultCredentials(options);
  if (!provider.ok()) return provider.status();
  const auto credentials = (*provider)->Get(call);
  if (!credentials.ok()) return credentials.status();
  Json out = Json::object();
  if (!offline) {
    options.credentials = *provider;
    if (Status status = AddIdentity(std::move(options), call, out); !status.ok()) return status;
  }
  out["access_key_id"] = (*credentials)->access_key_id;
  out["source"] = (*credentials)->source;
  Add(out, "expiration", (*credentials)->expiration);
  return out;
}

}  // namespace

void AddWhoamiCommand(CLI::App& cli, Commands& commands, const CommonFlags& common) {
  CLI::App* const whoami =
      cli.add_subcommand("whoami", "whose credentials these are, and where they come from");
  whoami->footer(
      Footer("  gsh-aws whoami --profile game\n"
             "  gsh-aws whoami --offline --output text\n"));
  const auto offline = std::make_shared<bool>(false);
  whoami->add_flag("--offline", *offline, "do not ask STS");
  commands[whoami] = [&common, offline](service::Program& program) {
    return Print(std::cout, Whoami(common.options, *offline, {.stop = program.stop()}),
                 common.output);
  };
}

}  // namespace gsh::aws_tool
