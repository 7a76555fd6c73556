#include "src/rpc/tls_credentials.h"

#include <utility>

namespace gsh::rpc {

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const TlsMaterial& material) {
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = material.roots;
  ssl.pem_cert_chain = material.chain;
  ssl.pem_private_key = material.key.text();
  auto credentials = grpc::SslCredentials(ssl);
  const SecretText wiped(std::move(ssl.pem_private_key));
  return credentials;
}

StatusOr<ClientCredentials> LoadClientCredentials(const TlsOptions& options) {
  if (options.insecure) {
    return ClientCredentials{.credentials = grpc::InsecureChannelCredentials()};
  }
  auto material = LoadTlsMaterial(options);
  if (!material.ok()) return material.status();
  return ClientCredentials{.credentials = CredentialsOf(*material),
                           .expiries = std::move(material->expiries)};
}

}  // namespace gsh::rpc
