// The commands of gsh-allocator-probe that speak to a Kubernetes API server.
#ifndef GSH_SRC_PROBE_CLUSTER_COMMANDS_H_
#define GSH_SRC_PROBE_CLUSTER_COMMANDS_H_

#include <functional>
#include <stop_token>
#include <string>

#include "gsh/kubernetes/client.h"
#include "gsh/status.h"
#include "src/probe/probe.h"

namespace gsh::probe {

inline constexpr kubernetes::Resource kSecrets{"", "v1", "secrets"};
inline constexpr kubernetes::Resource kServices{"", "v1", "services"};

using Print = std::function<void(const std::string&)>;  // a line

// GameServerAllocationPolicies of a namespace, in the order in which they are followed.
Status ListPolicies(kubernetes::Client& client, const std::string& ns, Output output,
                    const Print& print);

// Where other clusters reach the service's load balancer, as an allocator's endpoint is written: a
// host name or an address, with the port (that named "grpc", else the first) if it is not 443.
// NotFound while it has none.
StatusOr<std::string> AddressOf(kubernetes::Client& client, const std::string& ns,
                                const std::string& service);

struct GameServersOptions {
  std::string ns = "default";
  std::string state = {};  // only these; empty: all
  Output output = Output::kText;
  WallTime now = {};         // for their age
  std::string context = {};  // of several clusters: JSON lines name it, as "context"
};

// As `kubectl get gameservers --show-labels`; with Output::kJson one object a line.
Status ListGameServers(kubernetes::Client& client, const GameServersOptions& options,
                       const Print& print);
// Goes on with every change until `stop`.
Status WatchGameServers(kubernetes::Client& client, const GameServersOptions& options,
                        std::stop_token stop, const Print& print);
// Deletes those that fit; fleets put others in their place.
Status DeleteGameServers(kubernetes::Client& client, const GameServersOptions& options,
                         const Print& print);

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_CLUSTER_COMMANDS_H_
