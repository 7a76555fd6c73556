#include "src/rpc/tls_credentials.h"

#include <openssl/evp.h>

#include <chrono>
#include <utility>

#include "src/rpc/pem.h"

namespace gsh::rpc {

StatusOr<ClientCredentials> LoadClientCredentials(const TlsOptions& options) {
  if (options.insecure) {
    return ClientCredentials{.credentials = grpc::InsecureChannelCredentials()};
  }
  const WallTime now = std::chrono::system_clock::now();
  Roots roots;
  Identity identity;
  ClientCredentials result;
  if (!options.ca_file.empty()) {
    auto loaded = LoadRoots(options.ca_file, now);
    if (!loaded.ok()) return loaded.status();
    roots = *std::move(loaded);
    result.expiries.push_back({options.ca_file, roots.not_after});
  }
  if (!options.cert_file.empty()) {
    auto loaded = LoadIdentity(options.cert_file, options.key_file, now);
    if (!loaded.ok()) return loaded.status();
    identity = *std::move(loaded);
    result.expiries.push_back({options.cert_file, identity.not_after});
  }
  result.digest = DigestOf({&roots.pem, &identity.chain, &identity.key.text()});
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = std::move(roots.pem);
  ssl.pem_cert_chain = std::move(identity.chain);
  ssl.pem_private_key = identity.key.text();
  result.credentials = grpc::SslCredentials(ssl);
  SecretText wiped(std::move(ssl.pem_private_key));
  return result;
}

void ReportExpiries(MetricsSink* metrics, std::span<const CertificateExpiry> expiries) {
  if (metrics == nullptr) return;
  for (const CertificateExpiry& expiry : expiries) {
    const MetricLabel label{"file", expiry.file};
    const auto seconds = std::chrono::duration<double>(expiry.not_after.time_since_epoch());
    metrics->Set("gsh_tls_certificate_expiry_seconds", seconds.count(), {&label, 1});
  }
}

std::string DigestOf(std::initializer_list<const std::string*> texts) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  for (const std::string* text : texts) {
    EVP_DigestUpdate(context, text->c_str(), text->size() + 1);  // the NUL keeps them apart
  }
  EVP_DigestFinal_ex(context, bytes, &size);
  EVP_MD_CTX_free(context);
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace gsh::rpc
