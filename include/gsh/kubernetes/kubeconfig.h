// kubeconfig files: how people (and CI) reach a cluster. A component of its own, `gsh::kubeconfig`,
// because it needs yaml-cpp.
#ifndef GSH_KUBERNETES_KUBECONFIG_H_
#define GSH_KUBERNETES_KUBECONFIG_H_

#include <chrono>
#include <string>
#include <vector>

#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/kubernetes/config.h"
#include "gsh/log.h"

namespace gsh::kubernetes {

struct KubeconfigOptions {
  // Empty: those in KUBECONFIG (separated by colons), else ~/.kube/config. Of several files each
  // name, and the current context, is taken from the first that has it; missing files are left out,
  // unless all are.
  std::vector<std::string> files = {};
  std::string context = {};  // empty: the current one
  // How long a credential plugin (`exec`) may take.
  std::chrono::milliseconds plugin_timeout = std::chrono::seconds(30);
  const Env* env = nullptr;  // SystemEnv()
  Clock* clock = nullptr;    // SystemClock(); must outlive the config
  LogSink* log = nullptr;    // nowhere; must outlive the config
};

// Certificates and keys inline or as files, tokens inline or as files, and credential plugins
// (client.authentication.k8s.io v1 and v1beta1), whose answers are kept until they expire or are
// refused. NotFound: there is no such file. InvalidArgument says what is wrong with which file,
// context or user, and never a secret. Refused on purpose: insecure-skip-tls-verify, user names
// with passwords, auth-provider, and plugins that must ask somebody.
GSH_EXPORT StatusOr<ClusterConfig> LoadKubeconfig(KubeconfigOptions options = {});

struct KubeContexts {
  std::vector<std::string> names = {};
  std::string current = {};
};
GSH_EXPORT StatusOr<KubeContexts> ListKubeContexts(KubeconfigOptions options = {});

// In a pod InClusterConfig, elsewhere LoadKubeconfig; a `context` or `files` are always the
// kubeconfig's. InvalidArgument for all that is wrong, be it that there is none or that a file
// cannot be read: it is how the process was set up.
GSH_EXPORT StatusOr<ClusterConfig> FindCluster(KubeconfigOptions options = {});

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_KUBECONFIG_H_
