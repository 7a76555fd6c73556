// What a cluster needs to forward allocations, besides policies: trust (agones:
// site/content/en/docs/Advanced/multi-cluster-allocation.md).
#ifndef GSH_SRC_PROBE_MANIFESTS_H_
#define GSH_SRC_PROBE_MANIFESTS_H_

#include <string>

#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::probe {

// A Secret with tls.crt, tls.key and ca.crt, the files with which one cluster calls the allocator
// of another. InvalidArgument if the files do not belong together or are not valid now.
StatusOr<std::string> TrustManifest(const std::string& name, const std::string& ns,
                                    const TlsOptions& tls);

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_MANIFESTS_H_
