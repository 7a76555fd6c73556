// The IAM policies in docs/aws.md allow what the clients call, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "src/aws/autoscaling/operations.h"
#include "src/aws/cloudwatch/operations.h"
#include "src/aws/gamelift/operations.h"
#include "src/aws/sqs/operations.h"

namespace gsh::aws {
namespace {

using nlohmann::json;

std::set<std::string> ActionsInDocument() {
  std::ifstream file(GSH_SOURCE_DIR "/docs/aws.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> actions;
  constexpr std::string_view kFence = "```json\n";
  for (std::size_t at = text.find(kFence); at != text.npos; at = text.find(kFence, at)) {
    at += kFence.size();
    const std::size_t end = text.find("```", at);
    const json policy = json::parse(text.substr(at, end - at));
    at = end;
    if (!policy.contains("Statement")) continue;
    for (const json& statement : policy.at("Statement")) {
      const json& action = statement.at("Action");
      if (action.is_string()) {
        actions.insert(action.get<std::string>());
      } else {
        actions.merge(action.get<std::set<std::string>>());
      }
    }
  }
  return actions;
}

template <typename Operations>
void AddTo(std::set<std::string>& actions, const std::string& prefix,
           const Operations& operations) {
  for (const rpc::Method& method : operations) {
    std::string name = method.operation;
    // A batch needs the permission of the single operation.
    if (name.ends_with("Batch")) name.resize(name.size() - 5);
    actions.insert(prefix + ":" + name);
  }
}

TEST(Policies, AreTheOperationsThatAreCalled) {
  // STS's: of the trust policies.
  std::set<std::string> called = {"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity",
                                  "sts:TagSession"};
  AddTo(called, "gamelift", gamelift::kOperations);
  AddTo(called, "sqs", sqs::kOperations);
  AddTo(called, "autoscaling", autoscaling::kOperations);
  AddTo(called, "cloudwatch", cloudwatch::kOperations);
  EXPECT_EQ(ActionsInDocument(), called);
}

}  // namespace
}  // namespace gsh::aws
