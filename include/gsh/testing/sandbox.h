// Sandbox: Open Match and Agones in one process on real sockets, for tests, demos and work without
// a cluster.
#ifndef GSH_TESTING_SANDBOX_H_
#define GSH_TESTING_SANDBOX_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::testing {

// Open Match's timers; the defaults are what its Helm chart sets, but for the proposal window.
struct OpenMatchTimers {
  Duration registration_interval = std::chrono::milliseconds(250);
  Duration proposal_collection_interval = std::chrono::seconds(20);
  Duration pending_release_timeout = std::chrono::minutes(1);
  Duration assigned_delete_timeout = std::chrono::minutes(10);
  int query_page_size = 10000;
};

// What each game server starts with, and how it is looked after; the defaults are Agones' and the
// samples'.
struct SandboxFleet {
  std::map<std::string, std::int64_t> counters = {};  // capacity by name; counts start at 0
  std::map<std::string, std::int64_t> lists = {};     // capacity by name, at most 1000; empty lists
  std::int64_t player_capacity = 0;
  // A server with a process is Unhealthy after this many periods in a row without a ping.
  std::chrono::seconds health_initial_delay{30};
  std::chrono::seconds health_period{60};
  int health_failure_threshold = 5;
  Duration termination_grace = std::chrono::seconds(30);  // between SIGTERM and SIGKILL
  bool side_cars = true;  // an SDK server for each; false saves sockets when there are thousands
};

struct SandboxOptions {
  std::string dir = {};  // gets certificates and endpoints.json; required
  std::string bind = "127.0.0.1";
  bool insecure = false;  // plaintext everywhere
  std::vector<std::string> regions = {"us-east-1", "us-east-2"};
  int replicas = 2;  // game servers ready in each fleet
  // Each region is a cluster of its own, with an allocator and certificates of its own under
  // DIR/clusters/REGION. Allocation policies are JSON files in its folder `policies`, and the trust
  // that they need is in `secrets/NAMESPACE/NAME` (tls.crt, tls.key, ca.crt). False: one cluster,
  // whose folder is DIR.
  bool clusters = false;
  bool policies = true;  // of several clusters, the first begins with a policy and trust to each
  // Each cluster has a Kubernetes API: its game servers, with a pod each, fleets and nodes, which
  // tools list, watch and change, the allocator's service, policies and secrets, and
  // GameServerAllocations; HTTPS, with a token that is in DIR/kubeconfig (of several clusters a
  // context for each region; in plaintext no token). Objects of other kinds are kept, and mean
  // nothing.
  bool kubernetes = false;
  // Command line of a game server, "{port}" and "{frontend}" (its address) replaced; empty: servers
  // without process, Ready at once.
  std::string game_server = {};
  OpenMatchTimers open_match = {};
  // "host:port" of an openmatch.Evaluator, trusted and called as match functions are; empty: Open
  // Match's default one, inside the sandbox.
  std::string evaluator = {};
  // The allocator serves requests together, this often; 0: each at once.
  Duration allocation_batch_wait = std::chrono::milliseconds(500);
  SandboxFleet fleet = {};
  // What else runs beside the sandbox (AwsSandbox, for example): put into endpoints.json as it is.
  std::map<std::string, std::string> further_endpoints = {};
  Clock* clock = nullptr;  // of every timer; SystemClock(); must outlive the sandbox
  LogSink* log = nullptr;
};

// Addresses, "host:port"; as in endpoints.json.
struct SandboxEndpoints {
  std::string frontend = {};
  std::string backend = {};
  std::string query = {};
  std::map<std::string, std::string> allocators = {};  // by region
  std::map<std::string, std::string> allocators_rest = {};
  std::string allocator_rest = {};  // the first region's
  // Each region's latency service, for agones_rest::MeasureLatency.
  std::map<std::string, std::string> ping_http = {};
  std::map<std::string, std::string> ping_udp = {};
  // allocation.agones.dev/v1 of the first region's cluster, for an APIService; HTTPS with the
  // allocator's certificate.
  std::string allocation_api = {};
  // The URL of the Kubernetes API that has the region's game servers; empty without it.
  std::map<std::string, std::string> kubernetes = {};
};

// A game server as the sandbox sees it.
struct SandboxGameServer {
  std::string name = {};
  std::string fleet = {};
  std::string state = {};
  std::string address = {};
  int port = 0;
  int sdk_port = 0;       // its side-car (AGONES_SDK_GRPC_PORT)
  int sdk_http_port = 0;  // (AGONES_SDK_HTTP_PORT)
  std::map<std::string, std::string> labels = {};
  std::map<std::string, std::string> annotations = {};
};

// Faults for tests: what the engine does to the next calls of one RPC.
struct SandboxFault {
  std::string method = {};  // "CreateTicket", "Allocate", ...; empty: every one
  enum class When { kBefore, kAfter } when = When::kBefore;  // before or after the call took effect
  Status status = {};  // the error to answer; OK: none, only the delay
  Duration delay{0};
  int times = 1;  // -1: until cleared
};

class GSH_EXPORT Sandbox {
 public:
  // Listens, writes the certificates and endpoints.json, starts the fleets. Does not wait for Ready
  // servers.
  static StatusOr<std::unique_ptr<Sandbox>> Start(SandboxOptions options);
  virtual ~Sandbox() = default;  // stops the game servers and everything else

  virtual const SandboxEndpoints& endpoints() const = 0;
  // TLS options that a client of the Open Match services, or of the allocator, needs.
  virtual TlsOptions open_match_tls() const = 0;
  virtual TlsOptions allocator_tls() const = 0;  // of the first region's
  virtual TlsOptions allocator_tls(const std::string& region) const = 0;

  virtual std::vector<SandboxGameServer> game_servers() const = 0;
  // Blocks until `done(game_servers())`; false after `timeout`.
  virtual bool WaitForGameServers(
      const std::function<bool(const std::vector<SandboxGameServer>&)>& done, Duration timeout) = 0;
  // Changes a fleet's size; region names its fleet.
  virtual void ScaleFleet(const std::string& region, int replicas) = 0;

  // The region's latency service answers that much later from now on.
  virtual void SetPingDelay(const std::string& region, Duration delay) = 0;

  virtual std::size_t ticket_count() const = 0;  // that exist, assigned ones included
  virtual void InjectFault(SandboxFault fault) = 0;
  virtual void ClearFaults() = 0;
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_SANDBOX_H_
