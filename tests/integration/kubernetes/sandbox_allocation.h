// SandboxAllocation: a sandbox that serves allocation.agones.dev of the shared API server.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_SANDBOX_ALLOCATION_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_SANDBOX_ALLOCATION_H_

#include <memory>

#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"

namespace gsh::kubernetes_test {

// While it lives, an APIService sends the group there, as a cluster sends it to Agones.
class SandboxAllocation {
 public:
  // Blocks until two servers in "us-east-1" are Ready and the API server serves the group. Throws
  // std::runtime_error if that does not come.
  SandboxAllocation();
  ~SandboxAllocation();

  testing::Sandbox& sandbox() { return *sandbox_; }

 private:
  void Register();

  const testing::TemporaryDirectory directory_;
  std::unique_ptr<testing::Sandbox> sandbox_;
};

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_SANDBOX_ALLOCATION_H_
