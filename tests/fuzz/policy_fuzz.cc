// GameServerAllocationPolicies that the sandbox reads.
#include "src/testing/sandbox/agones/multicluster/policy.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const auto policy = gsh::sandbox::ParsePolicy(std::string(gsh::fuzz::TextOf(data, size)));
  if (!policy.ok()) {
    Require(!policy.status().message().empty(), "a refusal says why");
    return 0;
  }
  Require(policy->priority >= 0 && policy->weight >= 0, "numbers are not negative");
  const std::vector<gsh::sandbox::AllocationPolicy> policies(2, *policy);
  gsh::sandbox::PolicyOrder order(policies, gsh::SystemRng());
  int visited = 0;
  while (order.Next() != nullptr) ++visited;
  Require(visited == (policy->weight > 0 ? 1 : 0), "each cluster is visited once");
  return 0;
}
