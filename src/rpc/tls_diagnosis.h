// Why a TLS connection failed, as far as it can be told from this side.
#ifndef GSH_SRC_RPC_TLS_DIAGNOSIS_H_
#define GSH_SRC_RPC_TLS_DIAGNOSIS_H_

#include <string>
#include <string_view>

#include "gsh/options.h"

namespace gsh::rpc {

// gRPC's C core gives code 14 for everything: a refused or expired client certificate, the wrong
// CA, nothing listening. This looks at the text and at our own files and says what is likely, as
// one sentence without full stop; empty if nothing is known or `error` does not look like a failed
// connection.
std::string DiagnoseTls(const TlsOptions& options, std::string_view endpoint,
                        std::string_view error);

// What is wrong with the client's own files whatever the server says: expired, not yet valid, key
// of another certificate, not issued by the CA in ca_file, not meant for clients. Empty: nothing
// found.
std::string DiagnoseFiles(const TlsOptions& options);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_TLS_DIAGNOSIS_H_
