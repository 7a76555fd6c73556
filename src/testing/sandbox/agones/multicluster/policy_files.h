// PolicyFiles: the policies and secrets of a cluster, kept as files. Putting a file there is what
// `kubectl apply` is to a real cluster:
//   DIR/policies/*.json               GameServerAllocationPolicies
//   DIR/secrets/NAMESPACE/NAME/KEY    secrets: tls.crt, tls.key, ca.crt
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_FILES_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_FILES_H_

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gsh/log.h"
#include "gsh/options.h"
#include "gsh/status.h"
#include "src/testing/sandbox/agones/multicluster/policy.h"

namespace gsh::sandbox {

class PolicyFiles {
 public:
  // An empty `dir` has nothing. `log` may be null.
  PolicyFiles(std::string dir, LogSink* log) : dir_(std::move(dir)), log_(log) {}

  // Those of `ns` that have all of `labels`, as the files are now. A file that is no valid policy
  // is left out, and logged once.
  std::vector<AllocationPolicy> Find(const std::string& ns,
                                     const std::map<std::string, std::string>& labels);

  // The secret's files as a client's; Unknown, as the allocator words it, if there is no such
  // secret or no key pair in it.
  StatusOr<TlsOptions> Secret(const std::string& ns, const std::string& name) const;

 private:
  StatusOr<AllocationPolicy> Read(const std::string& file) const;
  void Refuse(const std::string& file, const Status& status);

  const std::string dir_;
  LogSink* const log_;
  std::mutex mutex_;
  std::set<std::string> refused_;  // files and why, to say it once
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_FILES_H_
