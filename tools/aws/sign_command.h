// gsh-aws sign: signs the requests that it reads, and sends nothing.
#ifndef GSH_TOOLS_AWS_SIGN_COMMAND_H_
#define GSH_TOOLS_AWS_SIGN_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <istream>
#include <map>
#include <ostream>

#include "gsh/aws/options.h"
#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::aws_tool {

// By the subcommand that parses it.
using Commands = std::map<const CLI::App*, std::function<Status(service::Program&)>>;

// Adds "sign", from standard input to standard output. `options` (--region, --profile) must outlive
// the commands.
void AddSignCommand(CLI::App& cli, Commands& commands, const aws::AwsOptions& options);

// One request a line, as JSON:
//
//   {"method": "POST", "host": "sqs.eu-west-1.amazonaws.com", "path": "/", "query": "",
//    "headers": [["x-amz-target", "AmazonSQS.ListQueues"]], "body": "{}",
//    "service": "sqs", "region": "eu-west-1", "time": "20261122T120000Z",
//    "access_key_id": "AKIDEXAMPLE", "secret_access_key": "...", "session_token": "...",
//    "presign": 600,
//    "unsigned_payload": false, "normalize_path": true, "encode_path_twice": true,
//    "content_sha256_header": false, "sign_session_token": true}
//
// Needed are host and service; region, time and credentials default to those of `options` and now.
// Answers, a line each: {"headers": [[name, value], ...]}, with "presign" (seconds) {"url": "..."},
// or {"error": "..."}. InvalidArgument if any was an error.
Status SignLines(std::istream& in, std::ostream& out, const aws::AwsOptions& options);

}  // namespace gsh::aws_tool

#endif  // GSH_TOOLS_AWS_SIGN_COMMAND_H_
