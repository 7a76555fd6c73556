// Drain: evicts the pods of a node.
#ifndef GSH_KUBERNETES_DRAIN_H_
#define GSH_KUBERNETES_DRAIN_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/export.h"
#include "gsh/kubernetes/pods.h"

namespace gsh::kubernetes {

struct DrainOptions {
  EvictOptions evict = {};
  // Of the pods that would be evicted, those for which it is false stay; empty: none stays.
  std::function<bool(const Pod&)> filter = {};
  Clock* clock = nullptr;  // SystemClock()
};

struct DrainReport {
  std::vector<Pod> evicted = {};  // or gone by themselves
  std::vector<Pod> kept = {};     // DaemonSets', mirrors, finished ones, those that the filter kept
  std::vector<std::pair<Pod, Status>> failed = {};
};

// All evictions begin at once, so that a pod whose budget refuses holds up no other, and end by the
// call's timeout. Pods that come meanwhile are not seen: cordon the node first. The error is that
// of the list; evictions that failed are in the report.
GSH_EXPORT void DrainAsync(Pods& pods, std::string node, DrainOptions drain, CallOptions options,
                           std::function<void(StatusOr<DrainReport>)> done);
GSH_EXPORT StatusOr<DrainReport> Drain(Pods& pods, std::string node, DrainOptions drain = {},
                                       CallOptions options = {});

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_DRAIN_H_
