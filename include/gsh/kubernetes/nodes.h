// kubernetes::Nodes: what node agents do to nodes. Each step may be repeated: what is done already
// changes nothing.
#ifndef GSH_KUBERNETES_NODES_H_
#define GSH_KUBERNETES_NODES_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

// Two taints are the same one if key and effect are.
struct Taint {
  std::string key = {};
  std::string value = {};
  std::string effect = {};  // "NoSchedule", "PreferNoSchedule", "NoExecute"

  friend bool operator==(const Taint&, const Taint&) = default;
};

struct Node {
  std::string name = {};
  bool unschedulable = false;  // cordoned
  std::vector<Taint> taints = {};
  std::map<std::string, std::string> labels = {};
  std::string provider_id = {};  // "aws:///us-east-1a/i-0123456789abcdef0"
};

// An empty value removes the label.
using LabelChanges = std::map<std::string, std::optional<std::string>>;

// A port; MakeNodes gives the real one. Errors are those of Client; somebody else's change at the
// same time is no error.
class GSH_EXPORT Nodes {
 public:
  using Callback = std::function<void(StatusOr<Node>)>;

  virtual ~Nodes() = default;
  virtual void GetAsync(std::string name, CallOptions options, Callback done) = 0;
  // Each answers with the node as it then is.
  virtual void CordonAsync(std::string name, CallOptions options, Callback done) = 0;
  virtual void UncordonAsync(std::string name, CallOptions options, Callback done) = 0;
  // A taint of the same key and effect gets the new value.
  virtual void AddTaintAsync(std::string name, Taint taint, CallOptions options, Callback done) = 0;
  // Of any value; with an empty effect all of the key.
  virtual void RemoveTaintAsync(std::string name, std::string key, std::string effect,
                                CallOptions options, Callback done) = 0;
  virtual void LabelAsync(std::string name, LabelChanges changes, CallOptions options,
                          Callback done) = 0;

  StatusOr<Node> Get(std::string name, CallOptions options = {});
  StatusOr<Node> Cordon(std::string name, CallOptions options = {});
  StatusOr<Node> Uncordon(std::string name, CallOptions options = {});
  StatusOr<Node> AddTaint(std::string name, Taint taint, CallOptions options = {});
  StatusOr<Node> RemoveTaint(std::string name, std::string key, std::string effect,
                             CallOptions options = {});
  StatusOr<Node> Label(std::string name, LabelChanges changes, CallOptions options = {});
};

// `client` must outlive it.
GSH_EXPORT std::unique_ptr<Nodes> MakeNodes(Client& client);

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_NODES_H_
