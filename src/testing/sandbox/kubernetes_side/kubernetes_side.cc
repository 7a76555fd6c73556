#include "src/testing/sandbox/kubernetes_side/kubernetes_side.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/http/server_tls_files.h"
#include "src/testing/certificates.h"
#include "src/testing/sandbox/kubernetes/api_server.h"
#include "src/testing/sandbox/kubernetes_side/manifests.h"

namespace gsh::sandbox {
namespace {

using testing::kubernetes::ApiServer;
using testing::kubernetes::ApiServerOptions;

// Of some KiB each; a watch that is further behind lists anew.
constexpr std::size_t kEventsRemembered = 5000;
constexpr unsigned kSecret = 0600;

class LocalSide final : public KubernetesSide {
 public:
  LocalSide(std::unique_ptr<ApiServer> server, KubernetesSideOptions options)
      : server_(std::move(server)),
        mirror_(server_->store(), std::move(options.mirror)),
        manifests_(server_->store(), std::move(options.dir), options.log) {}

  int port() const override { return server_->port(); }
  void SetReplicas(const std::string& fleet, int replicas) override {
    mirror_.SetReplicas(fleet, replicas);
  }

 private:
  const std::unique_ptr<ApiServer> server_;
  Mirror mirror_;
  Manifests manifests_;
};

}  // namespace

StatusOr<std::unique_ptr<KubernetesSide>> KubernetesSide::Start(KubernetesSideOptions options) {
  ApiServerOptions api{.address = options.bind + ":0",
                       .token = options.token,
                       .aggregated = {{"allocation.agones.dev", std::move(options.allocation)}},
                       .max_history = kEventsRemembered,
                       .log = options.log};
  if (!options.tls.insecure) {
    auto files = http::ServerTlsFiles::Open(
        {.cert_file = options.tls.cert_file, .key_file = options.tls.key_file, .log = options.log});
    if (!files.ok()) return files.status().WithContext("the Kubernetes API");
    api.tls = [files = *files] { return files->Context(); };
  }
  auto server = ApiServer::Start(std::move(api));
  if (!server.ok()) return server.status().WithContext("the Kubernetes API");
  return std::unique_ptr<KubernetesSide>(
      std::make_unique<LocalSide>(*std::move(server), std::move(options)));
}

Status WriteKubeconfig(const std::string& file, const std::vector<KubeconfigContext>& contexts) {
  using Json = nlohmann::ordered_json;
  Json config = {{"apiVersion", "v1"},     {"kind", "Config"},
                 {"current-context", ""},  {"clusters", Json::array()},
                 {"users", Json::array()}, {"contexts", Json::array()}};
  for (const KubeconfigContext& context : contexts) {
    Json cluster = {{"server", context.server}};
    if (!context.ca_file.empty()) cluster["certificate-authority"] = context.ca_file;
    Json user = Json::object();
    if (!context.token.empty()) user["token"] = context.token;
    config["clusters"].push_back({{"name", context.name}, {"cluster", cluster}});
    config["users"].push_back({{"name", context.name}, {"user", user}});
    config["contexts"].push_back(
        {{"name", context.name},
         {"context",
          {{"cluster", context.name}, {"user", context.name}, {"namespace", "default"}}}});
  }
  if (!contexts.empty()) config["current-context"] = contexts.front().name;
  return testing::WriteFileAtomically(file, config.dump(2) + "\n",
                                      kSecret);  // YAML is more than JSON
}

}  // namespace gsh::sandbox
