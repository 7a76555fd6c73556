#include "src/rpc/server_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/rpc/common/file_watch.h"
#include "src/rpc/common/pem.h"
#include "src/rpc/common/tls_material.h"

namespace gsh::rpc {
namespace {

// The pair in use, and the files that it came from.
class ServerFiles {
 public:
  explicit ServerFiles(ServerTlsOptions options)
      : options_(std::move(options)),
        watch_({options_.tls.ca_file, options_.tls.cert_file, options_.tls.key_file},
               options_.clock->SteadyNow()) {}

  // Reads the files; what was there before stays if they are bad.
  Status Load();
  // gRPC's question at each handshake; null: nothing newer than version `seen`, which is updated.
  grpc_ssl_server_certificate_config* TakeNewerThan(std::uint64_t& seen);

 private:
  void Reload();

  const ServerTlsOptions options_;
  std::mutex mutex_;
  FileWatch watch_;
  Identity identity_;
  Roots roots_;
  std::string digest_;
  std::string refused_;
  std::uint64_t version_ = 0;  // counts the pairs
};

Status ServerFiles::Load() {
  const WallTime now = std::chrono::system_clock::now();  // as the handshake judges
  auto identity = LoadIdentity(options_.tls.cert_file, options_.tls.key_file, now);
  if (!identity.ok()) return identity.status();
  std::vector<CertificateExpiry> expiries = {{options_.tls.cert_file, identity->not_after}};
  Roots roots;
  if (options_.clients != ClientCertificates::kNone) {
    auto loaded = LoadRoots(options_.tls.ca_file, now);
    if (!loaded.ok()) return loaded.status();
    roots = *std::move(loaded);
    expiries.push_back({options_.tls.ca_file, roots.not_after});
  }
  std::string digest = DigestOf({&roots.pem, &identity->chain, &identity->key.text()});
  if (digest == digest_) return OkStatus();
  digest_ = std::move(digest);
  identity_ = *std::move(identity);
  roots_ = std::move(roots);
  ++version_;
  ReportExpiries(options_.metrics, expiries);
  return OkStatus();
}

void ServerFiles::Reload() {
  const std::uint64_t before = version_;
  const Status status = Load();
  if (status.ok()) {
    watch_.Accepted();
    refused_.clear();
    if (version_ != before) {
      Log(options_.log, LogLevel::kInfo, "server's TLS files loaded anew",
          {{"file", options_.tls.cert_file}});
    }
    return;
  }
  watch_.Refused(options_.clock->SteadyNow());
  if (refused_ == status.message()) return;
  refused_ = status.message();
  Log(options_.log, LogLevel::kWarning, "server's new TLS files refused, the old ones stay in use",
      {{"reason", refused_}});
}

grpc_ssl_server_certificate_config* ServerFiles::TakeNewerThan(std::uint64_t& seen) {
  std::lock_guard lock(mutex_);
  if (watch_.ShouldReload(options_.clock->SteadyNow())) Reload();
  if (std::exchange(seen, version_) == version_) return nullptr;
  const grpc_ssl_pem_key_cert_pair pair{identity_.key.text().c_str(), identity_.chain.c_str()};
  // gRPC insists on roots even if it asks for no client certificate: any will do then.
  const std::string& roots = roots_.pem.empty() ? identity_.chain : roots_.pem;
  return grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
}

// What one listening port has fetched.
struct Port {
  std::shared_ptr<ServerFiles> files;
  std::uint64_t seen = 0;
  std::mutex mutex = {};
};

// gRPC's core keeps its pointer longer than our object may live, so it gets a number.
class PortsByNumber {
 public:
  static PortsByNumber& Instance() {
    static auto* const kInstance = new PortsByNumber;  // never destroyed: servers may outlive main
    return *kInstance;
  }

  std::uintptr_t Add(std::shared_ptr<ServerFiles> files) {
    auto port = std::make_shared<Port>();
    port->files = std::move(files);
    std::lock_guard lock(mutex_);
    ports_.emplace(++last_, std::move(port));
    return last_;
  }
  void Remove(std::uintptr_t number) {
    std::lock_guard lock(mutex_);
    ports_.erase(number);
  }
  std::shared_ptr<Port> Find(std::uintptr_t number) {
    std::lock_guard lock(mutex_);
    const auto found = ports_.find(number);
    return found == ports_.end() ? nullptr : found->second;
  }

 private:
  std::mutex mutex_;
  std::uintptr_t last_ = 0;
  std::map<std::uintptr_t, std::shared_ptr<Port>> ports_;
};

grpc_ssl_certificate_config_reload_status Fetch(void* number,
                                                grpc_ssl_server_certificate_config** config) {
  const auto port = PortsByNumber::Instance().Find(reinterpret_cast<std::uintptr_t>(number));
  if (port == nullptr) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  std::lock_guard lock(port->mutex);
  *config = port->files->TakeNewerThan(port->seen);
  return *config == nullptr ? GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED
                            : GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

grpc_ssl_client_certificate_request_type RequestType(ClientCertificates clients) {
  switch (clients) {
    case ClientCertificates::kVerifyIfGiven:
      return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
    case ClientCertificates::kRequire:
      return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    case ClientCertificates::kNone:
      break;
  }
  return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
}

// May serve several ports and servers: each port fetches for itself.
class ReloadingCredentials final : public grpc::ServerCredentials {
 public:
  ReloadingCredentials(std::shared_ptr<ServerFiles> files, ClientCertificates clients)
      : files_(std::move(files)), clients_(clients) {}

  ~ReloadingCredentials() override {
    for (const std::uintptr_t number : ports_) PortsByNumber::Instance().Remove(number);
  }

  // Servers of ours read call credentials themselves, if any.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    const std::uintptr_t number = PortsByNumber::Instance().Add(files_);
    {
      std::lock_guard lock(mutex_);
      ports_.push_back(number);
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr): gRPC hands it back to Fetch, nobody follows it.
    void* const user_data = reinterpret_cast<void*>(number);
    grpc_server_credentials* const credentials = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(RequestType(clients_),
                                                                        Fetch, user_data));
    const int bound = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);  // the server holds its own share
    return bound;
  }

  const std::shared_ptr<ServerFiles> files_;
  const ClientCertificates clients_;
  std::mutex mutex_;
  std::vector<std::uintptr_t> ports_;
};

}  // namespace

StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(ServerTlsOptions options) {
  const TlsOptions& tls = options.tls;
  if (tls.insecure) return grpc::InsecureServerCredentials();
  if (tls.cert_file.empty() || tls.key_file.empty()) {
    return InvalidArgumentError("tls: a server needs cert_file and key_file (or insecure)");
  }
  if (options.clients != ClientCertificates::kNone && tls.ca_file.empty()) {
    return InvalidArgumentError("tls: to check clients' certificates ca_file is needed");
  }
  if (options.clock == nullptr) options.clock = &SystemClock();
  const ClientCertificates clients = options.clients;
  auto files = std::make_shared<ServerFiles>(std::move(options));
  if (Status status = files->Load(); !status.ok()) {
    return InvalidArgumentError(status.message()).WithContext("tls");
  }
  return std::shared_ptr<grpc::ServerCredentials>(
      std::make_shared<ReloadingCredentials>(std::move(files), clients));
}

}  // namespace gsh::rpc
