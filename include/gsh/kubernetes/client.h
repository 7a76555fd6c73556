// kubernetes::Client: requests to a Kubernetes API server. Objects are JSON text; what this library
// itself needs of nodes, pods, leases and Agones' resources is typed in the headers beside this.
#ifndef GSH_KUBERNETES_CLIENT_H_
#define GSH_KUBERNETES_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/kubernetes/config.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::kubernetes {

// A kind of object, as the API's paths name it.
struct Resource {
  std::string_view group;  // empty: the core group
  std::string_view version;
  std::string_view plural;
  bool namespaced = true;
};

inline constexpr Resource kNodes{"", "v1", "nodes", false};
inline constexpr Resource kPods{"", "v1", "pods"};
inline constexpr Resource kEvents{"", "v1", "events"};
inline constexpr Resource kLeases{"coordination.k8s.io", "v1", "leases"};
inline constexpr Resource kDeployments{"apps", "v1", "deployments"};
inline constexpr Resource kGameServers{"agones.dev", "v1", "gameservers"};
inline constexpr Resource kFleets{"agones.dev", "v1", "fleets"};
inline constexpr Resource kGameServerAllocations{"allocation.agones.dev", "v1",
                                                 "gameserverallocations"};
inline constexpr Resource kGameServerAllocationPolicies{"multicluster.agones.dev", "v1",
                                                        "gameserverallocationpolicies"};

enum class Verb {
  kGet,
  kList,    // one page
  kCreate,  // sent once, unless it surely did not happen
  kUpdate,  // PUT; with metadata.resourceVersion in the body it fails if somebody was faster
  kPatch,
  kDelete,
};

enum class PatchType {
  kJson,            // RFC 6902; sent once
  kMerge,           // RFC 7386
  kStrategicMerge,  // Kubernetes' own; built-in kinds only
};

struct Request {
  Verb verb = Verb::kGet;
  Resource resource = {};
  std::string ns = {};           // empty: cluster-wide (lists), or resources without namespace
  std::string name = {};         // of one object
  std::string subresource = {};  // "status", "scale", "eviction"
  std::string body = {};         // JSON
  PatchType patch = PatchType::kMerge;
  // Lists:
  std::string label_selector = {};
  std::string field_selector = {};
  int limit = 0;  // objects a page; 0: no bound
  std::string continue_token = {};
  std::string resource_version = {};
  // Creations, updates, patches:
  bool dry_run = false;
  std::string field_manager = {};
};

struct WatchRequest {
  Resource resource = {};
  std::string ns = {};  // empty: all
  std::string label_selector = {};
  std::string field_selector = {};
  std::string resource_version = {};  // changes after this one; empty: from now on
  // After this the server ends the watch, which is no error.
  std::chrono::seconds timeout = std::chrono::minutes(5);
};

struct WatchEvent {
  enum class Type { kAdded, kModified, kDeleted, kBookmark };
  Type type = Type::kAdded;
  std::string object = {};  // JSON; of a bookmark only the resourceVersion counts
};

// What a list's answer holds.
struct Page {
  std::vector<std::string> items = {};  // each as JSON
  std::string resource_version = {};
  std::string continue_token = {};  // empty: it was the last page
};

// A port: MakeClient gives the real one.
//
// Errors are the API's: the Status's message is the server's, with its field causes and the HTTP
// code; ErrorInfo::name is the reason ("Conflict", "TooManyRequests", "Invalid").
// NotFound: no such object. AlreadyExists. Aborted: a conflict, read again and repeat.
// OutOfRange: the resourceVersion or the continue token is too old (410), list again.
// InvalidArgument: refused as it stands (400, 422). PermissionDenied: RBAC. Unauthenticated.
// ResourceExhausted: 429, after the repeats, or "DisruptionBudget" at once; or an answer larger
// than max_response_bytes. Unavailable, DeadlineExceeded, Internal: the server, or the way to it.
//
// Repeated with back-off, within the deadline and the budget of RetryOptions: 429 (after what the
// server wishes), 401 where another token may help, and, but for creations and JSON patches, 5xx
// and broken connections. Nothing is repeated while a PodDisruptionBudget refuses an eviction.
class GSH_EXPORT Client {
 public:
  virtual ~Client() = default;

  // The answer is the object (or list, or Status of a deletion) as JSON.
  virtual void CallAsync(Request request, CallOptions options,
                         std::function<void(StatusOr<std::string>)> done) = 0;
  // One watch, which the server ends after a while (then `done` gets OK); gsh/kubernetes/watch.h
  // has one that goes on. `on_event` runs in order, one at a time; false ends the watch.
  virtual void WatchAsync(WatchRequest request, CallOptions options,
                          std::function<bool(WatchEvent)> on_event,
                          std::function<void(Status)> done) = 0;
  // A delay that ends like a call: Cancelled when options.stop is asked for or the client goes.
  virtual void PauseAsync(Duration delay, CallOptions options,
                          std::function<void(Status)> done) = 0;
  virtual Clock& clock() const = 0;

  StatusOr<std::string> Call(Request request, CallOptions options = {});
};

// Of a list's answer; Internal if it is none.
GSH_EXPORT StatusOr<Page> ParsePage(std::string_view json);

struct KubernetesOptions {
  ClusterConfig cluster = {};
  RetryOptions retry = {};
  Duration timeout = std::chrono::seconds(30);  // of a call whose CallOptions name none; 0: none
  std::shared_ptr<Executor> executor = {};      // DefaultExecutor()
  Clock* clock = nullptr;                       // SystemClock(); must outlive the client
  Rng* rng = nullptr;                           // SystemRng(); must outlive the client
  LogSink* log = nullptr;                       // nowhere; must outlive the client
  MetricsSink* metrics = nullptr;               // nowhere; must outlive the client
  std::uint32_t max_response_bytes = 32u << 20;
  Duration connect_timeout = std::chrono::seconds(5);
};

// Does not connect yet. InvalidArgument names every mistake.
GSH_EXPORT StatusOr<std::unique_ptr<Client>> MakeClient(KubernetesOptions options);

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_CLIENT_H_
