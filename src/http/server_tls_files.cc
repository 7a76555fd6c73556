#include "src/http/server_tls_files.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "src/rpc/common/pem.h"

namespace gsh::http {
namespace {

// Resumed sessions are only those of this very server.
constexpr unsigned char kSessionContext[] = "gsh";

bool RequireClients(SSL_CTX* context, const std::vector<rpc::X509Ptr>& authorities) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const rpc::X509Ptr& authority : authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1) return false;
    if (SSL_CTX_add_client_CA(context, authority.get()) != 1) return false;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1) == 1;
}

// Without `authorities` clients need no certificate; resumption by tickets works as long as the
// context does.
StatusOr<std::shared_ptr<SSL_CTX>> MakeContext(const std::vector<rpc::X509Ptr>& chain,
                                               EVP_PKEY* key,
                                               const std::vector<rpc::X509Ptr>& authorities) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  bool good =
      context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1;
  good = good && SSL_CTX_use_certificate(context.get(), chain.front().get()) == 1;
  for (std::size_t i = 1; good && i < chain.size(); ++i) {
    good = SSL_CTX_add1_chain_cert(context.get(), chain[i].get()) == 1;
  }
  good = good && SSL_CTX_use_PrivateKey(context.get(), key) == 1;
  if (!authorities.empty()) good = good && RequireClients(context.get(), authorities);
  if (!good) {
    const char* reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return InvalidArgumentError(std::string("TLS context: ") +
                                (reason == nullptr ? "refused" : reason));
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // idle connections hold less memory
  return context;
}

}  // namespace

StatusOr<std::shared_ptr<ServerTlsFiles>> ServerTlsFiles::Open(ServerTlsFilesOptions options) {
  if (options.cert_file.empty() || options.key_file.empty()) {
    return InvalidArgumentError("tls: a server needs a certificate's file and its key's");
  }
  if (options.clock == nullptr) options.clock = &SystemClock();
  std::shared_ptr<ServerTlsFiles> files(new ServerTlsFiles(std::move(options)));
  if (Status loaded = files->Load(); !loaded.ok()) {
    return InvalidArgumentError(loaded.message()).WithContext("tls");
  }
  return files;
}

ServerTlsFiles::ServerTlsFiles(ServerTlsFilesOptions options)
    : options_(std::move(options)),
      watch_({options_.cert_file, options_.key_file, options_.client_ca_file},
             options_.clock->SteadyNow()) {}

std::shared_ptr<ssl_ctx_st> ServerTlsFiles::Context() {
  std::lock_guard lock(mutex_);
  if (watch_.ShouldReload(options_.clock->SteadyNow())) Reload();
  return context_;
}

Status ServerTlsFiles::Load() {
  // Validity as the clients judge it.
  const auto identity =
      rpc::LoadIdentity(options_.cert_file, options_.key_file, std::chrono::system_clock::now());
  if (!identity.ok()) return identity.status();
  const auto chain = rpc::ParseCertificates(options_.cert_file, identity->chain);
  if (!chain.ok()) return chain.status();
  const auto key = rpc::ParseKey(options_.key_file, identity->key.text());
  if (!key.ok()) return key.status();
  std::vector<rpc::X509Ptr> authorities;
  if (!options_.client_ca_file.empty()) {
    const auto roots = rpc::LoadRoots(options_.client_ca_file, std::chrono::system_clock::now());
    if (!roots.ok()) return roots.status();
    auto parsed = rpc::ParseCertificates(options_.client_ca_file, roots->pem);
    if (!parsed.ok()) return parsed.status();
    authorities = *std::move(parsed);
  }
  auto context = MakeContext(*chain, key->get(), authorities);
  if (!context.ok()) return context.status();
  context_ = *std::move(context);
  if (options_.metrics != nullptr) {
    const MetricLabel labels[] = {{"file", options_.cert_file}};
    const auto end = identity->not_after.time_since_epoch();
    options_.metrics->Set("gsh_tls_certificate_expiry_seconds",
                          std::chrono::duration<double>(end).count(), labels);
  }
  return OkStatus();
}

void ServerTlsFiles::Reload() {
  const Status status = Load();
  if (status.ok()) {
    watch_.Accepted();
    refused_.clear();
    Log(options_.log, LogLevel::kInfo, "server's TLS files loaded anew",
        {{"file", options_.cert_file}});
    return;
  }
  watch_.Refused(options_.clock->SteadyNow());
  if (refused_ == status.message()) return;
  refused_ = status.message();
  Log(options_.log, LogLevel::kWarning, "server's new TLS files refused, the old ones stay in use",
      {{"reason", refused_}});
}

}  // namespace gsh::http
