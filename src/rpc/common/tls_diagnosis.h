// Why a TLS connection failed, as far as it can be told from this side.
#ifndef GSH_SRC_RPC_COMMON_TLS_DIAGNOSIS_H_
#define GSH_SRC_RPC_COMMON_TLS_DIAGNOSIS_H_

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/options.h"

namespace gsh::rpc {

// gRPC's C core gives code 14 for everything: a refused or expired client certificate, the wrong
// CA, nothing listening. This looks at the text and at our own files and says what is likely, as
// one sentence without full stop; empty if nothing is known or `error` does not look like a failed
// connection. `diagnose_files`: DiagnoseFiles of the same options.
std::string DiagnoseTls(const TlsOptions& options, std::string_view endpoint,
                        std::string_view error, const std::function<std::string()>& diagnose_files);

// What is wrong with the client's own files whatever the server says: expired, not yet valid, key
// of another certificate, not issued by the CA in ca_file, not meant for clients. Empty: nothing
// found.
std::string DiagnoseFiles(const TlsOptions& options);

// Both for one client. When a connection fails, so may a thousand calls at once: to parse keys for
// each would take the processor from the attempt to connect again, so the files are looked at no
// more than once in kInterval. May be called from several threads at once.
class TlsDiagnosis {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(1);

  std::string Of(const ClientOptions& options, std::string_view error);

 private:
  std::string OfFiles(const ClientOptions& options);

  std::mutex mutex_;
  std::optional<SteadyTime> looked_at_;
  std::string found_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_TLS_DIAGNOSIS_H_
