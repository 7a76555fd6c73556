// What a client's TLS options name, read and checked, and read again when the files change.
#ifndef GSH_SRC_RPC_COMMON_TLS_MATERIAL_H_
#define GSH_SRC_RPC_COMMON_TLS_MATERIAL_H_

#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/file_watch.h"
#include "src/rpc/common/pem.h"

namespace gsh::rpc {

// A file whose certificate ends some day.
struct CertificateExpiry {
  std::string file = {};
  WallTime not_after = {};
};

struct TlsMaterial {
  std::string roots = {};  // PEM; empty: the system's
  std::string chain = {};  // PEM; empty: no certificate of our own
  SecretText key = {};
  std::vector<CertificateExpiry> expiries = {};
  std::string digest = {};  // of all of it
};

// Nothing if options.insecure. Validity is judged by the machine's clock, as the handshake will.
// The error names the file and what is wrong with it.
StatusOr<TlsMaterial> LoadTlsMaterial(const TlsOptions& options);

// Sets gsh_tls_certificate_expiry_seconds{file}: Unix time at which the certificate ends.
void ReportExpiries(MetricsSink* metrics, std::span<const CertificateExpiry> expiries);

// SHA-256 of the texts, to see whether files that were written again hold something new.
std::string DigestOf(std::initializer_list<const std::string*> texts);

// May be used from several threads at once.
class TlsSource {
 public:
  // `options` has a clock.
  static StatusOr<std::unique_ptr<TlsSource>> Make(const ClientOptions& options);

  // Looks at the files at most once a second; another pointer means new contents. Bad new files
  // keep the old ones in use and are logged.
  std::shared_ptr<const TlsMaterial> Get();

 private:
  explicit TlsSource(const ClientOptions& options);
  Status Load();
  void Reload();

  const TlsOptions tls_;
  const std::string endpoint_;
  Clock* const clock_;
  LogSink* const log_;
  MetricsSink* const metrics_;

  std::mutex mutex_;
  FileWatch watch_;
  std::string refused_;  // why the files were refused that are there now
  std::shared_ptr<const TlsMaterial> material_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_TLS_MATERIAL_H_
