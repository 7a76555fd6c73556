// Follower: what somebody has who applies all changes that a watch gives.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_FOLLOWER_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_FOLLOWER_H_

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "gsh/kubernetes/watch.h"

namespace gsh::kubernetes_test {

// May be used from several threads.
class Follower {
 public:
  void Apply(const kubernetes::Change& change) {
    using Kind = kubernetes::Change::Kind;
    const std::lock_guard lock(mutex_);
    if (change.kind == Kind::kSynced) {
      ++lists_;
    } else if (change.kind == Kind::kDeleted) {
      objects_.erase(change.name);
    } else {
      const std::string version =
          nlohmann::json::parse(change.object).at("metadata").at("resourceVersion");
      objects_[change.name] = version;
      versions_.insert(version);
    }
  }
  // By name, their version.
  std::map<std::string, std::string> objects() const {
    const std::lock_guard lock(mutex_);
    return objects_;
  }
  // All that were seen.
  std::set<std::string> versions() const {
    const std::lock_guard lock(mutex_);
    return versions_;
  }
  // That were given to their end.
  int lists() const {
    const std::lock_guard lock(mutex_);
    return lists_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> objects_;
  std::set<std::string> versions_;
  int lists_ = 0;
};

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_FOLLOWER_H_
