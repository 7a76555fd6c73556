#include "src/probe/manifests.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "src/rpc/common/base64.h"
#include "src/rpc/common/pem.h"

namespace gsh::probe {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

StatusOr<std::string> TrustManifest(const std::string& name, const std::string& ns,
                                    const TlsOptions& tls) {
  if (name.empty()) return InvalidArgumentError("the secret has no name");
  const auto now = std::chrono::system_clock::now();
  const auto identity = rpc::LoadIdentity(tls.cert_file, tls.key_file, now);
  if (!identity.ok()) return InvalidArgumentError(identity.status().message());
  const auto roots = rpc::LoadRoots(tls.ca_file, now);
  if (!roots.ok()) return InvalidArgumentError(roots.status().message());
  const Json manifest = {{"apiVersion", "v1"},
                         {"kind", "Secret"},
                         {"type", "Opaque"},
                         {"metadata", {{"name", name}, {"namespace", ns}}},
                         {"data",
                          {{"ca.crt", rpc::Base64Encode(roots->pem)},
                           {"tls.crt", rpc::Base64Encode(identity->chain)},
                           {"tls.key", rpc::Base64Encode(identity->key.text())}}}};
  return manifest.dump(2);
}

}  // namespace gsh::probe
