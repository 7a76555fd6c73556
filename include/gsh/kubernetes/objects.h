// Single steps on objects of other kinds: scale, events, Agones' game servers, fleets and
// multi-cluster policies; any object applied.
#ifndef GSH_KUBERNETES_OBJECTS_H_
#define GSH_KUBERNETES_OBJECTS_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

template <typename T>
using ResultCallback = std::function<void(StatusOr<T>)>;

// The scale sub-resource, of fleets and deployments alike.
struct Scale {
  int wanted = 0;   // spec.replicas
  int current = 0;  // status.replicas
};
GSH_EXPORT void GetScaleAsync(Client& client, Resource resource, std::string ns, std::string name,
                              CallOptions options, ResultCallback<Scale> done);
GSH_EXPORT void SetScaleAsync(Client& client, Resource resource, std::string ns, std::string name,
                              int wanted, CallOptions options, ResultCallback<Scale> done);
GSH_EXPORT StatusOr<Scale> GetScale(Client& client, Resource resource, std::string ns,
                                    std::string name, CallOptions options = {});
GSH_EXPORT StatusOr<Scale> SetScale(Client& client, Resource resource, std::string ns,
                                    std::string name, int wanted, CallOptions options = {});

// What `kubectl describe` shows of an object.
struct Event {
  std::string ns = "default";    // of the event; that of the object, or "default" for nodes
  std::string reason = {};       // "SpotInterruption": one word, for machines
  std::string message = {};      // for people
  bool warning = false;          // else "Normal"
  std::string component = {};    // who says it
  std::string api_version = {};  // of the object: "v1"
  std::string kind = {};         // "Node"
  std::string object_ns = {};
  std::string name = {};
  std::string uid = {};
};
GSH_EXPORT void EmitEventAsync(Client& client, Event event, CallOptions options,
                               std::function<void(Status)> done);
GSH_EXPORT Status EmitEvent(Client& client, Event event, CallOptions options = {});

// agones.dev/v1 GameServer, as far as this library looks at it.
struct GameServer {
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
  std::string resource_version = {};
  std::string state = {};  // "Ready", "Allocated", ...
  std::string address = {};
  std::map<std::string, int> ports = {};  // by name
  std::string node = {};
  std::string fleet = {};
  std::map<std::string, std::string> labels = {};
  std::map<std::string, std::string> annotations = {};
};
// InvalidArgument if it is no JSON object.
GSH_EXPORT StatusOr<GameServer> ParseGameServer(std::string_view json);

// agones.dev/v1 Fleet.
struct Fleet {
  std::string ns = {};
  std::string name = {};
  int wanted = 0;  // spec.replicas
  int replicas = 0;
  int ready = 0;
  int reserved = 0;
  int allocated = 0;
};
GSH_EXPORT StatusOr<Fleet> ParseFleet(std::string_view json);

// multicluster.agones.dev/v1 GameServerAllocationPolicy: where allocations of a namespace go.
struct AllocationPolicy {
  std::string ns = {};  // that the allocations ask for
  std::string name = {};
  std::map<std::string, std::string> labels = {};
  int priority = 1;  // lower first
  int weight = 100;  // among those of one priority
  std::string cluster_name = {};
  std::vector<std::string> allocation_endpoints = {};  // "host" or "host:port"; none: local
  std::string secret_name = {};                        // with tls.crt, tls.key, ca.crt
  std::string server_ns = {};                          // where the servers are
  std::string server_ca_pem = {};
};
GSH_EXPORT StatusOr<AllocationPolicy> ParseAllocationPolicy(std::string_view json);
// InvalidArgument names every mistake.
GSH_EXPORT Status CheckAllocationPolicy(const AllocationPolicy& policy);
// The object as JSON, for a creation.
GSH_EXPORT std::string ToJson(const AllocationPolicy& policy);

enum class Applied { kCreated, kConfigured };
// Creates the object, or merges it into the one of its name (RFC 7386): what it does not name
// stays, what it has as null goes. `object` is JSON with metadata.name, and metadata.namespace
// where its kind has one.
GSH_EXPORT void ApplyAsync(Client& client, Resource resource, std::string object,
                           CallOptions options, ResultCallback<Applied> done);
GSH_EXPORT StatusOr<Applied> Apply(Client& client, Resource resource, std::string object,
                                   CallOptions options = {});
// The same for a policy, once it has been checked. Labels of others stay.
GSH_EXPORT void ApplyAllocationPolicyAsync(Client& client, AllocationPolicy policy,
                                           CallOptions options, ResultCallback<Applied> done);
GSH_EXPORT StatusOr<Applied> ApplyAllocationPolicy(Client& client, AllocationPolicy policy,
                                                   CallOptions options = {});

// All objects of a kind, as JSON, page by page. The request's limit is the page's size (500 if 0).
GSH_EXPORT void ListAllAsync(Client& client, Request list, CallOptions options,
                             ResultCallback<std::vector<std::string>> done);
GSH_EXPORT StatusOr<std::vector<std::string>> ListAll(Client& client, Request list,
                                                      CallOptions options = {});

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_OBJECTS_H_
