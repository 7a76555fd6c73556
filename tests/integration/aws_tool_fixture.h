// What the tests of gsh-aws share: the program as people run it, and the sandbox that it asks.
#ifndef GSH_TESTS_INTEGRATION_AWS_TOOL_FIXTURE_H_
#define GSH_TESTS_INTEGRATION_AWS_TOOL_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/aws_sandbox.h"
#include "gsh/testing/matchers.h"
#include "tests/support/running_program.h"

namespace gsh::testing {

class AwsToolTest : public ::testing::Test {
 protected:
  using Json = nlohmann::json;
  using Args = std::vector<std::string>;

  AwsToolTest() {
    auto sandbox = AwsSandbox::Start({});
    EXPECT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
  }

  // `more`: "NAME=value" of its environment.
  ProgramOptions Program(Args args, const Args& more = {}) {
    ProgramOptions options{.program = "gsh-aws", .args = std::move(args), .environment = more};
    const std::vector<std::string> usual = {
        "AWS_ACCESS_KEY_ID=AKIASANDBOX000000000",
        "AWS_SECRET_ACCESS_KEY=sandbox-secret",
        "AWS_REGION=us-east-1",
        "AWS_CONFIG_FILE=/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
        "AWS_ENDPOINT_URL=" + sandbox_->endpoints().services,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + sandbox_->endpoints().imds};
    // The first of a name counts.
    options.environment.insert(options.environment.end(), usual.begin(), usual.end());
    return options;
  }
  Outcome Run(Args args, const Args& more = {}) { return RunToEnd(Program(std::move(args), more)); }
  // Its answer, if it ends well.
  Json Must(Args args, const Args& more = {}) {
    const std::string words = ::testing::PrintToString(args);
    const Outcome outcome = Run(std::move(args), more);
    EXPECT_EQ(outcome.exit_code, 0) << words << outcome.output;
    const Json json = Json::parse(outcome.output, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << words << outcome.output;
    return json;
  }
  // What it says, if the call fails.
  std::string MustFail(Args args, const Args& more = {}) {
    const std::string words = ::testing::PrintToString(args);
    const Outcome outcome = Run(std::move(args), more);
    EXPECT_EQ(outcome.exit_code, 1) << words << outcome.output;
    return outcome.output;
  }
  // What it says, if the command line is wrong.
  std::string MustRefuse(Args args, const Args& more = {}) {
    const std::string words = ::testing::PrintToString(args);
    const Outcome outcome = Run(std::move(args), more);
    EXPECT_EQ(outcome.exit_code, 2) << words << outcome.output;
    return outcome.output;
  }
  // The same with its output where `redirection` says: "> /dev/full".
  Outcome RunRedirected(const std::string& words, const std::string& redirection) {
    ProgramOptions options = Program({"-c", GSH_BIN_DIR "/gsh-aws " + words + " " + redirection});
    options.program = "/bin/sh";
    return RunToEnd(std::move(options));
  }

  std::unique_ptr<AwsSandbox> sandbox_;
};

}  // namespace gsh::testing

#endif  // GSH_TESTS_INTEGRATION_AWS_TOOL_FIXTURE_H_
