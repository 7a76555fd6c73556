// kubernetes::Pods: the pods of a node, their eviction, their tolerations.
#ifndef GSH_KUBERNETES_PODS_H_
#define GSH_KUBERNETES_PODS_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

struct Pod {
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
  std::string node = {};
  std::string phase = {};       // "Pending", "Running", "Succeeded", "Failed"
  std::string owner_kind = {};  // of the controller: "DaemonSet", "GameServer", ...
  std::string owner_name = {};
  bool mirror = false;       // of a static pod: only its node can end it
  bool terminating = false;  // being deleted
  std::map<std::string, std::string> labels = {};
};

struct Toleration {
  std::string key = {};
  std::string op = "Equal";  // or "Exists", without a value
  std::string value = {};
  std::string effect = {};  // empty: all
};

struct EvictOptions {
  // How long the pod has after SIGTERM; empty: as its own spec says.
  std::optional<std::chrono::seconds> grace = {};
  // While a PodDisruptionBudget refuses, the eviction is repeated so often, until the call's
  // timeout (without one for ever). 0: not at all.
  Duration budget_pause = std::chrono::seconds(5);
};

// A port; MakePods gives the real one. Errors are those of Client.
class GSH_EXPORT Pods {
 public:
  virtual ~Pods() = default;

  // Those of every namespace that are bound to the node.
  virtual void ListOnNodeAsync(std::string node, CallOptions options,
                               std::function<void(StatusOr<std::vector<Pod>>)> done) = 0;
  // OK when the API server has taken the eviction, and when that very pod (by its uid, if it has
  // one) has gone already. ResourceExhausted when a budget refused to the end; the call's timeout
  // bounds it all.
  virtual void EvictAsync(Pod pod, EvictOptions evict, CallOptions options,
                          std::function<void(Status)> done) = 0;
  // Tolerations can be added to a running pod, not taken away. One that is there is not added.
  virtual void AddTolerationAsync(std::string ns, std::string name, Toleration toleration,
                                  CallOptions options, std::function<void(Status)> done) = 0;

  StatusOr<std::vector<Pod>> ListOnNode(std::string node, CallOptions options = {});
  Status Evict(Pod pod, EvictOptions evict = {}, CallOptions options = {});
  Status AddToleration(std::string ns, std::string name, Toleration toleration,
                       CallOptions options = {});
};

// `client` must outlive it.
GSH_EXPORT std::unique_ptr<Pods> MakePods(Client& client);

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_PODS_H_
