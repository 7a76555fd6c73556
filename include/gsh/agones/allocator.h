// agones::Allocator: takes a ready game server for a match (agones:
// proto/allocation/allocation.proto).
#ifndef GSH_AGONES_ALLOCATOR_H_
#define GSH_AGONES_ALLOCATOR_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/agones/failover_options.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::agones {

using Labels = std::map<std::string, std::string>;

// 0 means no bound, as in Agones.
struct CounterSelector {
  std::int64_t min_count = 0;
  std::int64_t max_count = 0;
  std::int64_t min_available = 0;
  std::int64_t max_available = 0;
};

struct ListSelector {
  std::string contains_value = {};
  std::int64_t min_available = 0;
  std::int64_t max_available = 0;
};

struct PlayerSelector {
  std::uint64_t min_available = 0;
  std::uint64_t max_available = 0;
};

// Which game servers will do. Selectors are tried in order.
struct GameServerSelector {
  enum class State { kReady, kAllocated };
  Labels match_labels = {};
  State state = State::kReady;
  std::optional<PlayerSelector> players = {};
  std::map<std::string, CounterSelector> counters = {};
  std::map<std::string, ListSelector> lists = {};
};

struct CounterAction {
  std::optional<std::string> action = {};  // "Increment", "Decrement"
  std::optional<std::int64_t> amount = {};
  std::optional<std::int64_t> capacity = {};
};

struct ListAction {
  std::vector<std::string> add_values = {};
  std::vector<std::string> delete_values = {};
  std::optional<std::int64_t> capacity = {};
};

// Orders the servers that fit.
struct Priority {
  enum class Type { kCounter, kList };
  enum class Order { kAscending, kDescending };
  Type type = Type::kCounter;
  std::string key = {};
  Order order = Order::kAscending;
};

struct AllocationRequest {
  enum class Scheduling { kPacked, kDistributed };
  std::string ns = "default";  // the Kubernetes namespace
  bool multicluster = false;
  Labels multicluster_policy_labels = {};  // which policies; empty: all
  std::vector<GameServerSelector> selectors = {};
  Scheduling scheduling = Scheduling::kPacked;
  std::vector<Priority> priorities = {};
  Labels labels = {};       // put on the server that is allocated
  Labels annotations = {};  // likewise
  std::map<std::string, CounterAction> counters = {};
  std::map<std::string, ListAction> lists = {};
};

struct GameServerPort {
  std::string name = {};
  int port = 0;
};

struct GameServerAddress {
  std::string type = {};  // "InternalIP", "ExternalIP", "Hostname" ...
  std::string address = {};
};

struct CounterStatus {
  std::int64_t count = 0;
  std::int64_t capacity = 0;
};

struct ListStatus {
  std::vector<std::string> values = {};
  std::int64_t capacity = 0;
};

struct Allocation {
  std::string game_server = {};
  std::vector<GameServerPort> ports = {};
  std::string address = {};
  std::vector<GameServerAddress> addresses = {};
  std::string node = {};
  std::string source = {};  // "local", or the endpoint of the remote cluster
  Labels labels = {};
  Labels annotations = {};
  std::map<std::string, CounterStatus> counters = {};
  std::map<std::string, ListStatus> lists = {};
};

// "address:port" of the port `name`, or of the only port when none has that name.
// FailedPrecondition when the answer names no address, no such port or an impossible one: such a
// server is of no use to players.
GSH_EXPORT StatusOr<std::string> ConnectionOf(const Allocation& allocation,
                                              const std::string& name = "default");

// A port; see openmatch::Frontend for how such are used. Many calls may be in flight at once.
//
// Errors: ResourceExhausted: no game server fits. Aborted: contention, retried. Unavailable: no
// connection; a failed TLS handshake says what is likely wrong with the files. InvalidArgument:
// Agones refused the request (its HTTP-like codes outside gRPC's enum too, ErrorInfo::name has the
// number). A call that may have happened is not repeated, unless the request carries an identity
// (see director's allocation identity).
class GSH_EXPORT Allocator {
 public:
  virtual ~Allocator() = default;
  virtual void AllocateAsync(AllocationRequest request, CallOptions options,
                             std::function<void(StatusOr<Allocation>)> done) = 0;
  StatusOr<Allocation> Allocate(AllocationRequest request, CallOptions options = {});
};

struct AllocatorOptions {
  // One kept channel over mutual TLS: tls.cert_file and tls.key_file are the client's.
  ClientOptions client = {};
  // Further endpoints ("host:port") that serve the same requests; client.endpoint may then be
  // empty. Calls go to the one that answers soonest, and on to another when it fails: see
  // gsh/agones/failover_allocator.h.
  std::vector<std::string> endpoints = {};
  FailoverOptions failover = {};  // among several endpoints
  // How long a try to connect may take before the call fails, or goes on to another endpoint.
  Duration connect_timeout = std::chrono::seconds(5);
  // gRPC pings while calls are in flight; at least a minute, for the server closes connections that
  // ping more often. 0: none.
  Duration keepalive = std::chrono::minutes(2);
};

GSH_EXPORT StatusOr<std::unique_ptr<Allocator>> MakeAllocator(AllocatorOptions options);

}  // namespace gsh::agones

#endif  // GSH_AGONES_ALLOCATOR_H_
