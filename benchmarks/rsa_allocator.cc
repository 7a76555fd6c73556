#include "benchmarks/rsa_allocator.h"

#include <array>
#include <utility>

#include "src/rpc/server_credentials.h"
#include "src/testing/certificates.h"
#include "src/testing/sandbox/agones/agones.h"
#include "src/testing/temporary_directory.h"

namespace gsh::benchmarks {
namespace {

// More than the allocator serves before it looks at the cluster anew.
constexpr int kServers = 128;

struct Tls {
  TlsOptions server;
  TlsOptions client;
};

// Both ends believe one authority.
StatusOr<Tls> MakeCertificates(const std::string& dir) {
  const auto authority =
      testing::CertificateAuthority::Make("allocator ca", testing::KeyType::kRsa2048);
  if (!authority.ok()) return authority.status();
  const auto server = authority->Issue({.common_name = "allocator",
                                        .names = {"127.0.0.1"},
                                        .server_auth = true,
                                        .key_type = testing::KeyType::kRsa2048});
  if (!server.ok()) return server.status();
  const auto client = authority->Issue(
      {.common_name = "director", .client_auth = true, .key_type = testing::KeyType::kRsa2048});
  if (!client.ok()) return client.status();
  const Tls tls{.server = {.ca_file = dir + "/ca.crt",
                           .cert_file = dir + "/tls.crt",
                           .key_file = dir + "/tls.key"},
                .client = {.ca_file = dir + "/ca.crt",
                           .cert_file = dir + "/client.crt",
                           .key_file = dir + "/client.key"}};
  for (const Status& written : {authority->WriteCert(tls.server.ca_file),
                                server->Write(tls.server.cert_file, tls.server.key_file),
                                client->Write(tls.client.cert_file, tls.client.key_file)}) {
    if (!written.ok()) return written;
  }
  return tls;
}

sandbox::AgonesOptions Options(std::shared_ptr<grpc::ServerCredentials> credentials) {
  sandbox::FleetOptions fleet{.name = "fleet", .replicas = kServers};
  fleet.server.labels = {{"region", "us-east-1"}};
  fleet.server.health.disabled = true;
  return {.credentials = std::move(credentials),
          .batch_wait = Duration{0},
          .fleets = {std::move(fleet)},
          .node = {.side_cars = false, .clock = &SystemClock(), .rng = &SystemRng()}};
}

class Running final : public RsaAllocator {
 public:
  Status Start() {
    auto tls = MakeCertificates(dir_.string());
    if (!tls.ok()) return tls.status();
    tls_ = *std::move(tls);
    auto credentials = rpc::MakeServerCredentials(
        {.tls = tls_.server, .clients = rpc::ClientCertificates::kRequire});
    if (!credentials.ok()) return credentials.status();
    auto agones = sandbox::Agones::Start(Options(*credentials), faults_);
    if (!agones.ok()) return agones.status();
    agones_ = *std::move(agones);
    endpoint_ = "127.0.0.1:" + std::to_string(agones_->allocator_port());
    games_ = agones_->cluster()->Observe(
        [this](sandbox::Cluster::Event, const sandbox::GameServerPtr& server) {
          if (server->state == sandbox::State::kAllocated) EndGame(server->name);
        });
    return OkStatus();
  }
  ~Running() override { games_.reset(); }

  const std::string& endpoint() const override { return endpoint_; }
  const TlsOptions& client_tls() const override { return tls_.client; }

 private:
  void EndGame(const std::string& name) {
    agones_->cluster()->Update(name, [](sandbox::GameServer& server) {
      server.state = sandbox::State::kReady;
      return true;
    });
  }

  const testing::TemporaryDirectory dir_;
  Tls tls_;
  sandbox::FaultInjector faults_;
  std::unique_ptr<sandbox::Agones> agones_;
  std::unique_ptr<sandbox::Cluster::Observation> games_;
  std::string endpoint_;
};

}  // namespace

StatusOr<std::unique_ptr<RsaAllocator>> RsaAllocator::Start() {
  auto running = std::make_unique<Running>();
  if (const Status status = running->Start(); !status.ok()) return status;
  return std::unique_ptr<RsaAllocator>(std::move(running));
}

}  // namespace gsh::benchmarks
