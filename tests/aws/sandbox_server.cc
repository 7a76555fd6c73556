// The AWS sandbox as a process: prints its endpoints as JSON, and lives until its input ends.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "gsh/testing/aws_sandbox.h"

int main() {
  auto sandbox = gsh::testing::AwsSandbox::Start(
      {.instance = {.auto_scaling_group = "spot-fleet", .tags = {{"Name", "game-node"}}}});
  if (!sandbox.ok()) {
    std::cerr << sandbox.status() << '\n';
    return 1;
  }
  const auto& endpoints = (*sandbox)->endpoints();
  std::cout << nlohmann::json{{"services", endpoints.services}, {"imds", endpoints.imds}}.dump()
            << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  return 0;
}
