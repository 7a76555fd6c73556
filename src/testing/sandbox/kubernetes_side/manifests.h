// Manifests: the policies and secrets of a cluster as objects of its Kubernetes API: what is put
// there is written into the files that the cluster reads (PolicyFiles), what is deleted there goes.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MANIFESTS_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MANIFESTS_H_

#include <cstdint>
#include <map>
#include <string>

#include "gsh/log.h"
#include "src/testing/sandbox/kubernetes/object_store.h"

namespace gsh::sandbox {

class Manifests {
 public:
  // The policies that are in `dir` become objects. `store` must outlive it.
  Manifests(testing::kubernetes::ObjectStore& store, std::string dir, LogSink* log);
  ~Manifests();

 private:
  void LoadPolicies();
  // Under the store's lock, which therefore guards what is here.
  void OnObject(const testing::kubernetes::ObjectEvent& event);
  Status OnPolicy(const testing::kubernetes::ObjectEvent& event);
  Status OnSecret(const testing::kubernetes::ObjectEvent& event) const;

  testing::kubernetes::ObjectStore& store_;
  const std::string dir_;
  LogSink* const log_;
  std::map<std::string, std::string> policy_files_;  // by "namespace/name"
  std::uint64_t follower_ = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MANIFESTS_H_
