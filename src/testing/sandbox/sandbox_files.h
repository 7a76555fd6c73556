// What a sandbox writes into its directory: certificates and endpoints.json.
#ifndef GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_
#define GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_

#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"

namespace gsh::sandbox {

// TLS files of the servers inside a sandbox and of their clients.
struct SandboxTls {
  TlsOptions open_match;        // both for its servers and its clients, as in Open Match itself
  TlsOptions allocator_server;  // ca_file: whose clients it believes
  TlsOptions allocator_client;
};

// Makes three authorities (Open Match's, the allocator's, the allocator's clients') and writes
//   openmatch-tls/  tls.crt tls.key ca.crt           for the director and the match function
//   client-tls/     public.cert private.key publicCA.cert  for game clients
//   agones-tls/     tls.crt tls.key ca.crt, client.crt client.key  for callers of the allocator
//   allocator-tls/  tls.crt tls.key client-ca.crt    the allocator's own
// into `dir`. `hosts`: further names and addresses that the servers are reached by.
StatusOr<SandboxTls> WriteCertificates(const std::string& dir,
                                       const std::vector<std::string>& hosts);

// All plaintext.
SandboxTls InsecureTls();

// DIR/endpoints.json, for those who start services against the sandbox.
Status WriteEndpoints(const std::string& dir, const testing::SandboxEndpoints& endpoints);

// Makes the directory and its parents; OK if it is there.
Status MakeDirectory(const std::string& dir);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_
