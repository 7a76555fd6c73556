// ServerTlsFiles: the server's certificate and key out of two files that may change.
#ifndef GSH_SRC_HTTP_SERVER_TLS_FILES_H_
#define GSH_SRC_HTTP_SERVER_TLS_FILES_H_

#include <memory>
#include <mutex>
#include <string>

#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/status.h"
#include "src/rpc/common/file_watch.h"

struct ssl_ctx_st;

namespace gsh::http {

struct ServerTlsFilesOptions {
  std::string cert_file = {};  // PEM, the chain
  std::string key_file = {};   // PEM, unencrypted
  // PEM, the authorities whose client certificates are believed; one is then required. Empty:
  // clients need none.
  std::string client_ca_file = {};
  Clock* clock = nullptr;  // SystemClock()
  LogSink* log = nullptr;
  MetricsSink* metrics = nullptr;
};

// For ServerOptions::tls: Context() at each connection, which looks at the files at most once a
// second. New ones that cannot be used keep the old ones in use and are logged. TLS 1.2 at least.
class ServerTlsFiles {
 public:
  // InvalidArgument names the file and its mistake.
  static StatusOr<std::shared_ptr<ServerTlsFiles>> Open(ServerTlsFilesOptions options);

  std::shared_ptr<ssl_ctx_st> Context();

 private:
  explicit ServerTlsFiles(ServerTlsFilesOptions options);
  Status Load();
  void Reload();

  const ServerTlsFilesOptions options_;
  std::mutex mutex_;
  rpc::FileWatch watch_;
  std::string refused_;  // why the files were refused that are there now
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_SERVER_TLS_FILES_H_
