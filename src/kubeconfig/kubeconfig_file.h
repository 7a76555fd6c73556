// The text of kubeconfig files.
#ifndef GSH_SRC_KUBECONFIG_KUBECONFIG_FILE_H_
#define GSH_SRC_KUBECONFIG_KUBECONFIG_FILE_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/status.h"

namespace gsh::kubernetes {

struct KubeCluster {
  std::string server = {};
  std::string server_name = {};
  std::string ca_file = {};
  std::string ca_pem = {};
  std::string proxy = {};
  bool insecure_skip_tls_verify = false;
};

struct KubePlugin {
  std::string api_version = {};
  std::string command = {};
  std::vector<std::string> args = {};
  std::vector<std::pair<std::string, std::string>> env = {};
  std::string install_hint = {};
  std::string interactive_mode = {};
  bool provide_cluster_info = false;
};

struct KubeUser {
  std::string cert_file = {};
  std::string cert_pem = {};
  std::string key_file = {};
  std::string key_pem = {};
  std::string token = {};
  std::string token_file = {};
  std::string unsupported = {};  // the key of what this library does not do
  KubePlugin plugin = {};        // without a command: none
};

struct KubeContext {
  std::string cluster = {};
  std::string user = {};
  std::string ns = {};
};

struct Kubeconfig {
  std::string current_context = {};
  std::map<std::string, KubeCluster> clusters = {};
  std::map<std::string, KubeUser> users = {};
  std::map<std::string, KubeContext> contexts = {};
};

// `file` is for errors, `folder` for the relative paths in it. Base64 is decoded. Throws nothing.
StatusOr<Kubeconfig> ParseKubeconfig(std::string_view text, const std::string& file,
                                     const std::string& folder);

// What `first` has stays.
void MergeKubeconfig(Kubeconfig more, Kubeconfig& first);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBECONFIG_KUBECONFIG_FILE_H_
