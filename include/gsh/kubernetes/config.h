// Where a Kubernetes API server is, and as whom to speak to it.
#ifndef GSH_KUBERNETES_CONFIG_H_
#define GSH_KUBERNETES_CONFIG_H_

#include <functional>
#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::kubernetes {

// What proves who we are: a token, a certificate with its key (PEM), or both.
struct Credential {
  std::string bearer_token = {};
  std::string certificate_pem = {};
  std::string key_pem = {};
};

// Where credentials come from that change over time. May be called from several threads at once.
class GSH_EXPORT CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // Asked before each request; must not block. `done` may run at once, or later on any thread.
  virtual void GetAsync(std::function<void(StatusOr<Credential>)> done) = 0;
  // The server answered 401. True if the next GetAsync may give something better.
  virtual bool Rejected() = 0;
};

struct ClusterConfig {
  // "https://10.96.0.1:443", perhaps with a path ("https://rancher/k8s/clusters/c1"). http:// is
  // taken as it stands; credentials go over it to loopback addresses alone.
  std::string server = {};
  std::string server_name = {};  // that the server's certificate must carry; empty: its host
  // The authority, as a file (read again when it changes) or PEM text; both empty: the system's.
  std::string ca_file = {};
  std::string ca_pem = {};
  // A client certificate, likewise; both empty: none.
  std::string cert_file = {};
  std::string key_file = {};
  std::string cert_pem = {};
  std::string key_pem = {};
  std::shared_ptr<CredentialSource> credentials = {};  // null: no token
  std::string ns = "default";                          // the namespace of those who do not name one
  std::string proxy = {};                              // a URL; empty: none
};

// That of a pod: KUBERNETES_SERVICE_HOST and _PORT, and token, ca.crt and namespace in `folder`,
// where Kubernetes mounts them. FailedPrecondition outside a pod.
GSH_EXPORT StatusOr<ClusterConfig> InClusterConfig(
    const Env& env = SystemEnv(),
    const std::string& folder = "/var/run/secrets/kubernetes.io/serviceaccount");

// A token in a file, read again once a minute and when the server refuses it. NotFound,
// InvalidArgument (not one line of text) and others name the file.
GSH_EXPORT StatusOr<std::shared_ptr<CredentialSource>> MakeTokenFile(std::string file,
                                                                     Clock* clock = nullptr);
// A token that never changes.
GSH_EXPORT std::shared_ptr<CredentialSource> MakeToken(std::string token);

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_CONFIG_H_
