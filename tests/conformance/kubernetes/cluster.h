// The API server that the suite talks to: the one of GSH_CONFORMANCE_KUBERNETES, or the sandbox's.
#ifndef GSH_TESTS_CONFORMANCE_KUBERNETES_CLUSTER_H_
#define GSH_TESTS_CONFORMANCE_KUBERNETES_CLUSTER_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gsh/kubernetes/client.h"
#include "gsh/testing/matchers.h"

namespace gsh::conformance {

using Json = nlohmann::json;

class ClusterTest : public ::testing::Test {
 protected:
  // A namespace of its own, with what pods in it need.
  void SetUp() override;

  static std::unique_ptr<kubernetes::Client> NewClient();

  StatusOr<Json> Create(kubernetes::Resource resource, const Json& object);
  StatusOr<Json> Get(kubernetes::Resource resource, const std::string& name);
  StatusOr<Json> Patch(kubernetes::Resource resource, const std::string& name, const Json& patch,
                       const std::string& subresource = "");
  Status Delete(kubernetes::Resource resource, const std::string& name);

  // A pod that no scheduler and no kubelet looks after, as its status says running on `node`.
  Json RunningPod(const std::string& name, const std::string& node, const Json& labels = {});
  // No other test or run has it.
  std::string Unique(const std::string& stem) const { return stem + "-" + ns_; }

  std::string ns_;
  std::unique_ptr<kubernetes::Client> client_;

 private:
  StatusOr<Json> Ask(kubernetes::Request request);
};

// Polls until `condition`; false after 20 s.
bool Eventually(const std::function<bool()>& condition);

}  // namespace gsh::conformance

#endif  // GSH_TESTS_CONFORMANCE_KUBERNETES_CLUSTER_H_
