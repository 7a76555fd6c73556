// Channel credentials from files.
#ifndef GSH_SRC_RPC_TLS_CREDENTIALS_H_
#define GSH_SRC_RPC_TLS_CREDENTIALS_H_

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/tls_material.h"

namespace gsh::rpc {

struct ClientCredentials {
  std::shared_ptr<grpc::ChannelCredentials> credentials = {};
  std::vector<CertificateExpiry> expiries = {};
};

// TLS; gRPC's own lowest version is 1.2.
std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const TlsMaterial& material);

// Plaintext if options.insecure, else TLS from the files. The error names the file and what is
// wrong with it.
StatusOr<ClientCredentials> LoadClientCredentials(const TlsOptions& options);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_TLS_CREDENTIALS_H_
