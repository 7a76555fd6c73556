#include "src/testing/sandbox/sandbox_files.h"

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "src/testing/certificates.h"

namespace gsh::sandbox {
namespace {

using testing::CertificateAuthority;
using testing::CertificateRequest;

constexpr unsigned kPublic = 0644;

// The names under which the services are reached in a cluster and here; the first is the common
// name.
constexpr std::array kOpenMatchNames = {"open-match-evaluator",
                                        "localhost",
                                        "127.0.0.1",
                                        "open-match-frontend",
                                        "open-match-frontend.open-match.svc.cluster.local",
                                        "open-match-backend",
                                        "open-match-backend.open-match.svc.cluster.local",
                                        "open-match-query",
                                        "open-match-query.open-match.svc.cluster.local",
                                        "agones-openmatch-mmf.agones-openmatch.svc.cluster.local"};
constexpr std::array kAllocatorNames = {"agones-allocator", "localhost", "127.0.0.1",
                                        "agones-allocator.agones-system.svc.cluster.local",
                                        "agones-extensions-service.agones-system.svc"};
constexpr std::array kKubernetesNames = {"kubernetes", "localhost", "127.0.0.1",
                                         "kubernetes.default.svc",
                                         "kubernetes.default.svc.cluster.local"};

template <std::size_t N>
std::vector<std::string> Names(const std::array<const char*, N>& names,
                               const std::vector<std::string>& hosts) {
  std::vector<std::string> all(names.begin(), names.end());
  all.insert(all.end(), hosts.begin(), hosts.end());
  return all;
}

// One certificate that serves and calls: the director calls with what the match function serves
// with.
Status WriteOpenMatch(const std::string& dir, const std::vector<std::string>& hosts,
                      TlsOptions& tls) {
  const auto authority = CertificateAuthority::Make("gsh-sandbox Open Match CA");
  if (!authority.ok()) return authority.status();
  CertificateRequest request{.common_name = "open-match-evaluator",
                             .names = Names(kOpenMatchNames, hosts)};
  request.server_auth = true;
  request.client_auth = true;
  const auto pair = authority->Issue(request);
  if (!pair.ok()) return pair.status();
  const auto client = authority->IssueClient("gsh-sandbox game client");
  if (!client.ok()) return client.status();

  const std::string services = dir + "/openmatch-tls";
  const std::string clients = dir + "/client-tls";
  for (const std::string& folder : {services, clients}) {
    if (const Status status = MakeDirectory(folder); !status.ok()) return status;
  }
  tls = {.ca_file = services + "/ca.crt",
         .cert_file = services + "/tls.crt",
         .key_file = services + "/tls.key"};
  Status status = pair->Write(tls.cert_file, tls.key_file);
  if (status.ok()) status = authority->WriteCert(tls.ca_file);
  if (status.ok()) status = client->Write(clients + "/public.cert", clients + "/private.key");
  if (status.ok()) status = authority->WriteCert(clients + "/publicCA.cert");
  return status;
}

Status WriteAllocator(const std::string& dir, const std::vector<std::string>& hosts,
                      AllocatorTls& tls) {
  const auto authority = CertificateAuthority::Make("gsh-sandbox allocator CA");
  if (!authority.ok()) return authority.status();
  const auto client_authority = CertificateAuthority::Make("gsh-sandbox allocator client CA");
  if (!client_authority.ok()) return client_authority.status();
  const auto server = authority->IssueServer(Names(kAllocatorNames, hosts));
  if (!server.ok()) return server.status();
  const auto client = client_authority->IssueClient("gsh-sandbox allocator client");
  if (!client.ok()) return client.status();

  const std::string own = dir + "/allocator-tls";
  const std::string callers = dir + "/agones-tls";
  for (const std::string& folder : {own, callers}) {
    if (const Status status = MakeDirectory(folder); !status.ok()) return status;
  }
  tls.server = {.ca_file = own + "/client-ca.crt",
                .cert_file = own + "/tls.crt",
                .key_file = own + "/tls.key"};
  tls.client = {.ca_file = callers + "/ca.crt",
                .cert_file = callers + "/tls.crt",
                .key_file = callers + "/tls.key"};
  Status status = server->Write(tls.server.cert_file, tls.server.key_file);
  if (status.ok()) status = client_authority->WriteCert(tls.server.ca_file);
  if (status.ok()) {
    status = client->Write(tls.client.cert_file, tls.client.key_file);
  }
  // The director's defaults have other names.
  if (status.ok()) status = client->Write(callers + "/client.crt", callers + "/client.key");
  if (status.ok()) status = authority->WriteCert(tls.client.ca_file);
  return status;
}

}  // namespace

StatusOr<TlsOptions> WriteOpenMatchCertificates(const std::string& dir,
                                                const std::vector<std::string>& hosts) {
  TlsOptions tls;
  if (const Status status = WriteOpenMatch(dir, hosts, tls); !status.ok()) return status;
  return tls;
}

StatusOr<AllocatorTls> WriteAllocatorCertificates(const std::string& dir,
                                                  const std::vector<std::string>& hosts) {
  AllocatorTls tls;
  if (const Status status = WriteAllocator(dir, hosts, tls); !status.ok()) return status;
  return tls;
}

StatusOr<TlsOptions> WriteKubernetesCertificates(const std::string& dir,
                                                 const std::vector<std::string>& hosts) {
  const auto authority = CertificateAuthority::Make("gsh-sandbox Kubernetes CA");
  if (!authority.ok()) return authority.status();
  const auto server = authority->IssueServer(Names(kKubernetesNames, hosts));
  if (!server.ok()) return server.status();
  const std::string folder = dir + "/kubernetes-tls";
  if (const Status status = MakeDirectory(folder); !status.ok()) return status;
  TlsOptions tls{.ca_file = folder + "/ca.crt",
                 .cert_file = folder + "/tls.crt",
                 .key_file = folder + "/tls.key"};
  Status status = server->Write(tls.cert_file, tls.key_file);
  if (status.ok()) status = authority->WriteCert(tls.ca_file);
  if (!status.ok()) return status;
  return tls;
}

Status WritePolicy(const std::string& dir, const ForwardingPolicy& policy) {
  nlohmann::ordered_json connection = {{"clusterName", policy.cluster}, {"namespace", "default"}};
  if (!policy.endpoint.empty()) {
    connection["allocationEndpoints"] = {policy.endpoint};
    connection["secretName"] = policy.secret;
  }
  const nlohmann::ordered_json manifest = {
      {"apiVersion", "multicluster.agones.dev/v1"},
      {"kind", "GameServerAllocationPolicy"},
      {"metadata", {{"name", policy.name}, {"namespace", "default"}}},
      {"spec", {{"connectionInfo", connection}, {"priority", 1}, {"weight", 100}}}};
  return testing::WriteFileAtomically(dir + "/policies/" + policy.name + ".json",
                                      manifest.dump(2) + "\n", kPublic);
}

Status WriteSecret(const std::string& dir, const std::string& ns, const std::string& name,
                   const TlsOptions& client) {
  if (client.insecure) return OkStatus();
  const std::string folder = dir + "/secrets/" + ns + "/" + name;
  if (Status status = MakeDirectory(folder); !status.ok()) return status;
  const std::array<std::pair<std::string, std::string>, 3> files = {
      {{client.cert_file, "tls.crt"}, {client.key_file, "tls.key"}, {client.ca_file, "ca.crt"}}};
  for (const auto& [from, to] : files) {
    std::error_code error;
    std::filesystem::copy_file(from, folder + "/" + to,
                               std::filesystem::copy_options::overwrite_existing, error);
    if (error) return FailedPreconditionError("cannot copy " + from + ": " + error.message());
  }
  return OkStatus();
}

Status WriteEndpoints(const std::string& dir, const testing::SandboxEndpoints& endpoints,
                      const std::map<std::string, std::string>& further) {
  nlohmann::ordered_json json = {{"frontend", endpoints.frontend},
                                 {"backend", endpoints.backend},
                                 {"query", endpoints.query},
                                 {"allocators", endpoints.allocators},
                                 {"allocator_rest", endpoints.allocator_rest},
                                 {"allocators_rest", endpoints.allocators_rest},
                                 {"allocation_api", endpoints.allocation_api},
                                 {"kubernetes", endpoints.kubernetes},
                                 {"ping_http", endpoints.ping_http},
                                 {"ping_udp", endpoints.ping_udp}};
  for (const auto& [name, address] : further) json[name] = address;
  return testing::WriteFileAtomically(dir + "/endpoints.json", json.dump(2) + "\n", kPublic);
}

Status MakeDirectory(const std::string& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return FailedPreconditionError("cannot make " + dir + ": " + error.message());
  return OkStatus();
}

}  // namespace gsh::sandbox
