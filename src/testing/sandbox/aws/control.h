// The sandbox's script by HTTP: POST /_sandbox/COMMAND.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_CONTROL_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_CONTROL_H_

#include "gsh/testing/aws_sandbox.h"
#include "src/http/server.h"

namespace gsh::testing::aws {

bool IsControl(const http::Request& request);
http::Response AnswerControl(const http::Request& request, AwsSandbox& sandbox);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_CONTROL_H_
