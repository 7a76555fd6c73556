// What a sandbox writes into its directory: certificates and endpoints.json.
#ifndef GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_
#define GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_

#include <map>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"

namespace gsh::sandbox {

// Makes an authority and writes
//   openmatch-tls/  tls.crt tls.key ca.crt                 for the director and the match function
//   client-tls/     public.cert private.key publicCA.cert  for game clients
// into `dir`. Returns what both the servers and their clients use, as in Open Match itself.
// `hosts`: further names and addresses that the servers are reached by.
StatusOr<TlsOptions> WriteOpenMatchCertificates(const std::string& dir,
                                                const std::vector<std::string>& hosts);

// TLS files of an allocator and of its clients.
struct AllocatorTls {
  TlsOptions server;  // ca_file: whose clients it believes
  TlsOptions client;
};

// Makes two authorities, the allocator's and its clients', and writes
//   agones-tls/     tls.crt tls.key ca.crt, client.crt client.key  for callers of the allocator
//   allocator-tls/  tls.crt tls.key client-ca.crt                  the allocator's own
// into `dir`.
StatusOr<AllocatorTls> WriteAllocatorCertificates(const std::string& dir,
                                                  const std::vector<std::string>& hosts);

// Makes an authority and writes
//   kubernetes-tls/ tls.crt tls.key ca.crt  for the cluster's Kubernetes API
// into `dir`. Returns the server's files.
StatusOr<TlsOptions> WriteKubernetesCertificates(const std::string& dir,
                                                 const std::vector<std::string>& hosts);

// What a cluster needs to forward allocations, into its folder `dir`, as PolicyFiles reads it.
struct ForwardingPolicy {
  std::string name = {};
  std::string cluster = {};
  std::string endpoint = {};  // empty: this cluster
  std::string secret = {};
};
Status WritePolicy(const std::string& dir, const ForwardingPolicy& policy);
// The trust: the other cluster's client files. Nothing if it is plaintext.
Status WriteSecret(const std::string& dir, const std::string& ns, const std::string& name,
                   const TlsOptions& client);

// DIR/endpoints.json, for those who start services against the sandbox.
Status WriteEndpoints(const std::string& dir, const testing::SandboxEndpoints& endpoints,
                      const std::map<std::string, std::string>& further);

// Makes the directory and its parents; OK if it is there.
Status MakeDirectory(const std::string& dir);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_SANDBOX_FILES_H_
