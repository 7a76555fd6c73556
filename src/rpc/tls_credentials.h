// A client's channel credentials out of TlsOptions: files read and checked before gRPC sees them.
#ifndef GSH_SRC_RPC_TLS_CREDENTIALS_H_
#define GSH_SRC_RPC_TLS_CREDENTIALS_H_

#include <grpcpp/security/credentials.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::rpc {

// A file whose certificate ends some day.
struct CertificateExpiry {
  std::string file = {};
  WallTime not_after = {};
};

struct ClientCredentials {
  std::shared_ptr<grpc::ChannelCredentials> credentials = {};
  std::vector<CertificateExpiry> expiries = {};
  std::string digest = {};  // of all files' contents
};

// Plaintext if options.insecure, else TLS (gRPC's own lowest version is 1.2). Validity is judged by
// the machine's clock, as the handshake will. The error names the file and what is wrong with it.
StatusOr<ClientCredentials> LoadClientCredentials(const TlsOptions& options);

// Sets gsh_tls_certificate_expiry_seconds{file}: Unix time at which the certificate ends.
void ReportExpiries(MetricsSink* metrics, std::span<const CertificateExpiry> expiries);

// SHA-256 of the texts, to see whether files that were written again hold something new.
std::string DigestOf(std::initializer_list<const std::string*> texts);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_TLS_CREDENTIALS_H_
