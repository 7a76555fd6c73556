// KubernetesSide: a cluster's Kubernetes API, over the network.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_KUBERNETES_SIDE_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_KUBERNETES_SIDE_H_

#include <memory>
#include <string>
#include <vector>

#include "gsh/log.h"
#include "gsh/options.h"
#include "gsh/status.h"
#include "src/http/server.h"
#include "src/testing/sandbox/kubernetes_side/mirror.h"

namespace gsh::sandbox {

struct KubernetesSideOptions {
  std::string bind = "127.0.0.1";
  TlsOptions tls = {};     // the server's files, or plaintext
  std::string token = {};  // that requests must bear; empty: none is asked for
  MirrorOptions mirror = {};
  std::string dir = {};                // the cluster's folder, see Manifests
  http::AsyncHandler allocation = {};  // serves the group allocation.agones.dev
  LogSink* log = nullptr;
};

class KubernetesSide {
 public:
  static StatusOr<std::unique_ptr<KubernetesSide>> Start(KubernetesSideOptions options);
  virtual ~KubernetesSide() = default;

  virtual int port() const = 0;
  virtual void SetReplicas(const std::string& fleet, int replicas) = 0;
};

// A kubeconfig file, the first context being the current one.
struct KubeconfigContext {
  std::string name = {};
  std::string server = {};   // "https://127.0.0.1:6443"
  std::string ca_file = {};  // absolute, or from the kubeconfig's folder; empty: plaintext
  std::string token = {};
};
Status WriteKubeconfig(const std::string& file, const std::vector<KubeconfigContext>& contexts);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_KUBERNETES_SIDE_H_
