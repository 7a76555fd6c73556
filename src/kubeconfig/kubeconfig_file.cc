#include "src/kubeconfig/kubeconfig_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "src/rpc/common/base64.h"

namespace gsh::kubernetes {
namespace {

constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::size_t kMaxEntries = 10'000;

// A mistake in the file; yaml-cpp throws as well, so that both are caught in one place.
class Mistake : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {}

  Kubeconfig Read(const YAML::Node& root) const {
    Kubeconfig config;
    if (root.IsNull()) return config;  // an empty file is one without entries
    if (!root.IsMap()) throw Mistake("it is no mapping");
    config.current_context = Text(root, "current-context");
    ReadNamed(root, "clusters", "cluster", config.clusters,
              [this](const YAML::Node& node) { return ReadCluster(node); });
    ReadNamed(root, "users", "user", config.users,
              [this](const YAML::Node& node) { return ReadUser(node); });
    ReadNamed(root, "contexts", "context", config.contexts, [](const YAML::Node& node) {
      return KubeContext{.cluster = Text(node, "cluster"),
                         .user = Text(node, "user"),
                         .ns = Text(node, "namespace")};
    });
    return config;
  }

 private:
  // "", if it is missing or null.
  static std::string Text(const YAML::Node& map, const char* key) {
    if (!map.IsMap()) return {};
    const YAML::Node node = map[key];
    if (!node.IsDefined() || node.IsNull()) return {};
    if (!node.IsScalar()) throw Mistake(std::string(key) + " is no text");
    return node.Scalar();
  }
  static bool Flag(const YAML::Node& map, const char* key) {
    const std::string text = Text(map, key);
    if (!text.empty() && text != "true" && text != "false") {
      throw Mistake(std::string(key) + " is neither true nor false");
    }
    return text == "true";
  }
  std::string Path(const YAML::Node& map, const char* key) const {
    std::string path = Text(map, key);
    return path.empty() || path.starts_with('/') ? path : folder_ + "/" + path;
  }
  static std::string Data(const YAML::Node& map, const char* key) {
    const auto decoded = rpc::Base64DecodeLines(Text(map, key));
    if (!decoded) throw Mistake(std::string(key) + " is no base64");
    return *decoded;
  }

  template <typename T, typename ReadOne>
  static void ReadNamed(const YAML::Node& root, const char* list, const char* inner,
                        std::map<std::string, T>& into, const ReadOne& read_one) {
    const YAML::Node entries = root[list];
    if (!entries.IsDefined() || entries.IsNull()) return;
    if (!entries.IsSequence()) throw Mistake(std::string(list) + " is no list");
    if (entries.size() > kMaxEntries) throw Mistake(std::string(list) + " is too long");
    for (const YAML::Node& entry : entries) {
      if (!entry.IsMap()) throw Mistake(std::string("an entry of ") + list + " is no mapping");
      const std::string name = Text(entry, "name");
      const YAML::Node body = entry[inner];
      if (body.IsDefined() && !body.IsNull() && !body.IsMap()) {
        throw Mistake(std::string(inner) + " \"" + name + "\" is no mapping");
      }
      try {
        // The first of a name counts, as among files.
        into.try_emplace(name, body.IsDefined() ? read_one(body) : T{});
      } catch (const Mistake& mistake) {
        throw Mistake(std::string(inner) + " \"" + name + "\": " + mistake.what());
      }
    }
  }

  KubeCluster ReadCluster(const YAML::Node& node) const {
    return {.server = Text(node, "server"),
            .server_name = Text(node, "tls-server-name"),
            .ca_file = Path(node, "certificate-authority"),
            .ca_pem = Data(node, "certificate-authority-data"),
            .proxy = Text(node, "proxy-url"),
            .insecure_skip_tls_verify = Flag(node, "insecure-skip-tls-verify")};
  }

  KubeUser ReadUser(const YAML::Node& node) const {
    KubeUser user{.cert_file = Path(node, "client-certificate"),
                  .cert_pem = Data(node, "client-certificate-data"),
                  .key_file = Path(node, "client-key"),
                  .key_pem = Data(node, "client-key-data"),
                  .token = Text(node, "token"),
                  .token_file = Path(node, "tokenFile")};
    if (!node.IsMap()) return user;
    for (const char* key : {"username", "password", "auth-provider", "as", "as-groups"}) {
      if (node[key].IsDefined() && !node[key].IsNull()) user.unsupported = key;
    }
    const YAML::Node exec = node["exec"];
    if (exec.IsDefined() && !exec.IsNull()) user.plugin = ReadPlugin(exec);
    return user;
  }

  KubePlugin ReadPlugin(const YAML::Node& node) const {
    if (!node.IsMap()) throw Mistake("exec is no mapping");
    KubePlugin plugin{.api_version = Text(node, "apiVersion"),
                      .command = Text(node, "command"),
                      .install_hint = Text(node, "installHint"),
                      .interactive_mode = Text(node, "interactiveMode"),
                      .provide_cluster_info = Flag(node, "provideClusterInfo")};
    if (plugin.command.empty()) throw Mistake("exec has no command");
    // As kubectl does: a path is the file's, a name is looked up in PATH.
    if (plugin.command.find('/') != plugin.command.npos) plugin.command = Path(node, "command");
    if (const YAML::Node args = node["args"]; args.IsDefined() && !args.IsNull()) {
      if (!args.IsSequence()) throw Mistake("exec's args are no list");
      for (const YAML::Node& arg : args) {
        if (!arg.IsScalar()) throw Mistake("exec's args are no texts");
        plugin.args.push_back(arg.Scalar());
      }
    }
    if (const YAML::Node env = node["env"]; env.IsDefined() && !env.IsNull()) {
      if (!env.IsSequence()) throw Mistake("exec's env is no list");
      for (const YAML::Node& entry : env) {
        plugin.env.emplace_back(Text(entry, "name"), Text(entry, "value"));
      }
    }
    return plugin;
  }

  const std::string folder_;
};

// yaml-cpp's messages may quote the text, and so secrets.
std::string Position(const YAML::Exception& error) {
  if (error.mark.is_null()) return "not YAML";
  return "not YAML at line " + std::to_string(error.mark.line + 1);
}

}  // namespace

StatusOr<Kubeconfig> ParseKubeconfig(std::string_view text, const std::string& file,
                                     const std::string& folder) {
  if (text.size() > kMaxBytes) return InvalidArgumentError(file + ": more than 1 MiB");
  try {
    return Reader(folder).Read(YAML::Load(std::string(text)));
  } catch (const Mistake& mistake) {
    return InvalidArgumentError(file + ": " + mistake.what());
  } catch (const YAML::Exception& error) {
    return InvalidArgumentError(file + ": " + Position(error));
  } catch (const std::exception&) {
    return InvalidArgumentError(file + ": not YAML");
  }
}

void MergeKubeconfig(Kubeconfig more, Kubeconfig& first) {
  if (first.current_context.empty()) first.current_context = std::move(more.current_context);
  first.clusters.merge(std::move(more.clusters));
  first.users.merge(std::move(more.users));
  first.contexts.merge(std::move(more.contexts));
}

}  // namespace gsh::kubernetes
