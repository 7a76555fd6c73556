// Server credentials that follow their files without a restart.
#ifndef GSH_SRC_RPC_SERVER_CREDENTIALS_H_
#define GSH_SRC_RPC_SERVER_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::rpc {

// What is asked of clients; ca_file says which authorities are believed.
enum class ClientCertificates { kNone, kVerifyIfGiven, kRequire };

struct ServerTlsOptions {
  TlsOptions tls = {};  // cert_file and key_file, ca_file for clients; or insecure
  ClientCertificates clients = ClientCertificates::kNone;
  Clock* clock = nullptr;          // SystemClock()
  LogSink* log = nullptr;          // nowhere
  MetricsSink* metrics = nullptr;  // nowhere
};

// Reads the files again, at most once a second, when a client connects and they have changed; a
// pair that does not load keeps the old one in use and is logged. Over the C core's config fetcher,
// since gRPC 1.51's FileWatcherCertificateProvider stops serving on a bad file. Keep the object as
// long as the server: without it the last files stay in use. InvalidArgument names the file and its
// mistake.
StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(ServerTlsOptions options);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_SERVER_CREDENTIALS_H_
