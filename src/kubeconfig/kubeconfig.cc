#include "gsh/kubernetes/kubeconfig.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "src/kubeconfig/exec_credentials.h"
#include "src/kubeconfig/kubeconfig_file.h"
#include "src/kubernetes/common/json.h"
#include "src/rpc/common/base64.h"

namespace gsh::kubernetes {
namespace {

std::vector<std::string> FilesOf(const KubeconfigOptions& options) {
  if (!options.files.empty()) return options.files;
  const Env& env = options.env != nullptr ? *options.env : SystemEnv();
  std::vector<std::string> files;
  std::istringstream list(env.Get("KUBECONFIG").value_or(""));
  for (std::string file; std::getline(list, file, ':');) {
    if (!file.empty()) files.push_back(file);
  }
  const auto home = env.Get("HOME");
  if (files.empty() && home && !home->empty()) files.push_back(*home + "/.kube/config");
  return files;
}

std::string FolderOf(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  if (slash == file.npos) return ".";
  return slash == 0 ? "/" : file.substr(0, slash);
}

bool IsMissing(const std::string& file) {
  struct stat info = {};
  return stat(file.c_str(), &info) != 0 && errno == ENOENT;
}

StatusOr<std::string> ReadFile(const std::string& file) {
  constexpr std::size_t kMaxBytes = 1u << 20;
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())) && !in.eof()) {
    return InvalidArgumentError(file + ": cannot be read");
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

StatusOr<Kubeconfig> ReadAll(const KubeconfigOptions& options) {
  const std::vector<std::string> files = FilesOf(options);
  Kubeconfig config;
  bool any = false;
  for (const std::string& file : files) {
    if (IsMissing(file)) continue;
    any = true;
    const auto text = ReadFile(file);
    if (!text.ok()) return text.status();
    auto parsed = ParseKubeconfig(*text, file, FolderOf(file));
    if (!parsed.ok()) return parsed.status();
    MergeKubeconfig(*std::move(parsed), config);
  }
  if (any) return config;
  std::string names;
  for (const std::string& file : files) names += (names.empty() ? "" : ", ") + file;
  return NotFoundError("no kubeconfig" + (names.empty() ? " is named" : ": " + names));
}

// KUBERNETES_EXEC_INFO, as the plugin's protocol says.
std::string ExecInfo(const KubePlugin& plugin, const KubeCluster& cluster) {
  Json spec = {{"interactive", false}};
  if (plugin.provide_cluster_info) {
    spec["cluster"] = {{"server", cluster.server}};
    if (!cluster.server_name.empty()) spec["cluster"]["tls-server-name"] = cluster.server_name;
    if (!cluster.ca_pem.empty()) {
      spec["cluster"]["certificate-authority-data"] = rpc::Base64Encode(cluster.ca_pem);
    }
  }
  return Dump({{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}});
}

StatusOr<std::shared_ptr<CredentialSource>> PluginSource(const KubePlugin& plugin,
                                                         const KubeCluster& cluster,
                                                         const KubeconfigOptions& options) {
  const std::string group = "client.authentication.k8s.io/";
  if (plugin.api_version != group + "v1" && plugin.api_version != group + "v1beta1") {
    return InvalidArgumentError("exec's apiVersion must be " + group + "v1 or " + group +
                                "v1beta1");
  }
  if (plugin.interactive_mode == "Always") {
    return InvalidArgumentError("its plugin must ask somebody (interactiveMode Always)");
  }
  process::RunOptions run{
      .what = "credential plugin", .argv = {plugin.command}, .timeout = options.plugin_timeout};
  run.argv.insert(run.argv.end(), plugin.args.begin(), plugin.args.end());
  for (const auto& [name, value] : plugin.env) run.environment[name] = value;
  run.environment["KUBERNETES_EXEC_INFO"] = ExecInfo(plugin, cluster);
  return std::shared_ptr<CredentialSource>(std::make_shared<ExecCredentials>(
      std::move(run), plugin.api_version, options.clock != nullptr ? *options.clock : SystemClock(),
      options.log));
}

// kubectl's order: a token wins over a plugin, inline text over a file.
StatusOr<std::shared_ptr<CredentialSource>> CredentialsOf(const KubeUser& user,
                                                          const KubeCluster& cluster,
                                                          const KubeconfigOptions& options) {
  if (!user.unsupported.empty()) {
    return InvalidArgumentError(user.unsupported + " is not supported");
  }
  if (!user.token.empty()) return MakeToken(user.token);
  if (!user.token_file.empty()) return MakeTokenFile(user.token_file, options.clock);
  if (!user.plugin.command.empty()) return PluginSource(user.plugin, cluster, options);
  return std::shared_ptr<CredentialSource>();
}

StatusOr<ClusterConfig> Compose(const KubeCluster& cluster, const KubeUser& user,
                                const std::string& ns, const KubeconfigOptions& options) {
  auto credentials = CredentialsOf(user, cluster, options);
  if (!credentials.ok()) return credentials.status();
  const auto unless = [](bool inlined, const std::string& file) {
    return inlined ? std::string() : file;
  };
  return ClusterConfig{.server = cluster.server,
                       .server_name = cluster.server_name,
                       .ca_file = unless(!cluster.ca_pem.empty(), cluster.ca_file),
                       .ca_pem = cluster.ca_pem,
                       .cert_file = unless(!user.cert_pem.empty(), user.cert_file),
                       .key_file = unless(!user.key_pem.empty(), user.key_file),
                       .cert_pem = user.cert_pem,
                       .key_pem = user.key_pem,
                       .credentials = *std::move(credentials),
                       .ns = ns.empty() ? "default" : ns,
                       .proxy = cluster.proxy};
}

std::string Named(const char* what, const std::string& name) {
  return std::string(what) + " \"" + name + "\"";
}

}  // namespace

StatusOr<ClusterConfig> LoadKubeconfig(KubeconfigOptions options) {
  const StatusOr<Kubeconfig> config = ReadAll(options);
  if (!config.ok()) return config.status();
  const std::string name = options.context.empty() ? config->current_context : options.context;
  if (name.empty()) return InvalidArgumentError("kubeconfig: no context is named or current");
  const auto context = config->contexts.find(name);
  if (context == config->contexts.end()) {
    return InvalidArgumentError("kubeconfig: no " + Named("context", name));
  }
  const auto cluster = config->clusters.find(context->second.cluster);
  if (cluster == config->clusters.end()) {
    return InvalidArgumentError("kubeconfig: " + Named("context", name) + " names the unknown " +
                                Named("cluster", context->second.cluster));
  }
  if (cluster->second.insecure_skip_tls_verify) {
    return InvalidArgumentError("kubeconfig: " + Named("cluster", cluster->first) +
                                ": insecure-skip-tls-verify is not supported, give a "
                                "certificate-authority");
  }
  KubeUser nobody;
  const KubeUser* user = &nobody;
  if (!context->second.user.empty()) {
    const auto found = config->users.find(context->second.user);
    if (found == config->users.end()) {
      return InvalidArgumentError("kubeconfig: " + Named("context", name) + " names the unknown " +
                                  Named("user", context->second.user));
    }
    user = &found->second;
  }
  auto composed = Compose(cluster->second, *user, context->second.ns, options);
  if (!composed.ok()) {
    return composed.status().WithContext("kubeconfig: " + Named("user", context->second.user));
  }
  return composed;
}

StatusOr<KubeContexts> ListKubeContexts(KubeconfigOptions options) {
  const StatusOr<Kubeconfig> config = ReadAll(options);
  if (!config.ok()) return config.status();
  KubeContexts contexts{.current = config->current_context};
  for (const auto& [name, context] : config->contexts) contexts.names.push_back(name);
  return contexts;
}

StatusOr<ClusterConfig> FindCluster(KubeconfigOptions options) {
  const Env& env = options.env != nullptr ? *options.env : SystemEnv();
  StatusOr<ClusterConfig> config = Status(StatusCode::kFailedPrecondition, "not looked");
  if (options.context.empty() && options.files.empty()) config = InClusterConfig(env);
  if (config.status().code() == StatusCode::kFailedPrecondition) {
    config = LoadKubeconfig(std::move(options));
  }
  if (config.ok() || config.status().code() == StatusCode::kInvalidArgument) return config;
  return InvalidArgumentError(config.status().message());  // such as a file that is missing
}

}  // namespace gsh::kubernetes
