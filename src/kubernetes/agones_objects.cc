// Agones' objects.
#include <algorithm>
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/core/mistakes.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/object_meta.h"
#include "src/rpc/common/base64.h"

namespace gsh::kubernetes {
namespace {

std::map<std::string, std::string> MapAt(const Json& json, Path path) {
  const Json* found = Find(json, path);
  return found != nullptr ? TextMap(*found) : std::map<std::string, std::string>();
}

std::vector<std::string> ListAt(const Json& json, Path path) {
  std::vector<std::string> texts;
  const Json* found = Find(json, path);
  if (found == nullptr || !found->is_array()) return texts;
  for (const Json& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

// What is empty is null.
Json ToObject(const AllocationPolicy& policy) {
  const auto or_null = [](const auto& value) { return value.empty() ? Json() : Json(value); };
  Json info = {{"clusterName", or_null(policy.cluster_name)},
               {"allocationEndpoints", or_null(policy.allocation_endpoints)},
               {"secretName", or_null(policy.secret_name)},
               {"namespace", or_null(policy.server_ns)},
               {"serverCa", or_null(rpc::Base64Encode(policy.server_ca_pem))}};
  Json metadata = {{"name", policy.name}, {"namespace", policy.ns}};
  if (!policy.labels.empty()) metadata["labels"] = policy.labels;  // null would remove others'
  return {{"apiVersion", "multicluster.agones.dev/v1"},
          {"kind", "GameServerAllocationPolicy"},
          {"metadata", std::move(metadata)},
          {"spec",
           {{"priority", policy.priority},
            {"weight", policy.weight},
            {"connectionInfo", std::move(info)}}}};
}

}  // namespace

StatusOr<GameServer> ParseGameServer(std::string_view text) {
  const StatusOr<Json> json = ParseJsonObject(text);
  if (!json.ok()) return json.status();
  ObjectMeta meta = MetaOf(*json);
  GameServer server{.ns = std::move(meta.ns),
                    .name = std::move(meta.name),
                    .uid = std::move(meta.uid),
                    .resource_version = std::move(meta.resource_version),
                    .state = TextAt(*json, {"status", "state"}),
                    .address = TextAt(*json, {"status", "address"}),
                    .node = TextAt(*json, {"status", "nodeName"}),
                    .labels = MapAt(*json, {"metadata", "labels"}),
                    .annotations = MapAt(*json, {"metadata", "annotations"})};
  if (const auto fleet = server.labels.find("agones.dev/fleet"); fleet != server.labels.end()) {
    server.fleet = fleet->second;
  }
  const Json* ports = Find(*json, {"status", "ports"});
  if (ports != nullptr && ports->is_array()) {
    for (const Json& port : *ports) server.ports[TextAt(port, {"name"})] = Int32At(port, {"port"});
  }
  return server;
}

StatusOr<Fleet> ParseFleet(std::string_view text) {
  const StatusOr<Json> json = ParseJsonObject(text);
  if (!json.ok()) return json.status();
  const ObjectMeta meta = MetaOf(*json);
  return Fleet{.ns = meta.ns,
               .name = meta.name,
               .wanted = Int32At(*json, {"spec", "replicas"}),
               .replicas = Int32At(*json, {"status", "replicas"}),
               .ready = Int32At(*json, {"status", "readyReplicas"}),
               .reserved = Int32At(*json, {"status", "reservedReplicas"}),
               .allocated = Int32At(*json, {"status", "allocatedReplicas"})};
}

StatusOr<AllocationPolicy> ParseAllocationPolicy(std::string_view text) {
  const StatusOr<Json> json = ParseJsonObject(text);
  if (!json.ok()) return json.status();
  const ObjectMeta meta = MetaOf(*json);
  return AllocationPolicy{
      .ns = meta.ns,
      .name = meta.name,
      .labels = MapAt(*json, {"metadata", "labels"}),
      .priority = Int32At(*json, {"spec", "priority"}),
      .weight = Int32At(*json, {"spec", "weight"}),
      .cluster_name = TextAt(*json, {"spec", "connectionInfo", "clusterName"}),
      .allocation_endpoints = ListAt(*json, {"spec", "connectionInfo", "allocationEndpoints"}),
      .secret_name = TextAt(*json, {"spec", "connectionInfo", "secretName"}),
      .server_ns = TextAt(*json, {"spec", "connectionInfo", "namespace"}),
      .server_ca_pem = rpc::Base64DecodeLines(TextAt(*json, {"spec", "connectionInfo", "serverCa"}))
                           .value_or("")};
}

Status CheckAllocationPolicy(const AllocationPolicy& policy) {
  const std::vector<std::string>& endpoints = policy.allocation_endpoints;
  internal::Mistakes mistakes("allocation policy");
  mistakes.Check(!policy.name.empty(), "it has no name");
  mistakes.Check(!policy.ns.empty(), "it has no namespace");
  mistakes.Check(!policy.server_ns.empty(), "the game servers have no namespace");
  mistakes.Check(endpoints.empty() || !policy.secret_name.empty(),
                 "with endpoints it needs a secret with the trust");
  mistakes.Check(std::ranges::none_of(endpoints, &std::string::empty),
                 "an allocation endpoint is empty");
  mistakes.Check(policy.priority >= 0, "the priority is negative");
  mistakes.Check(policy.weight >= 0, "the weight is negative");
  return mistakes.ToStatus();
}

std::string ToJson(const AllocationPolicy& policy) { return Dump(WithoutNulls(ToObject(policy))); }

void ApplyAllocationPolicyAsync(Client& client, AllocationPolicy policy, CallOptions options,
                                ResultCallback<Applied> done) {
  Status checked = CheckAllocationPolicy(policy);
  if (checked.ok()) {
    return ApplyAsync(client, kGameServerAllocationPolicies, Dump(ToObject(policy)),
                      std::move(options), std::move(done));
  }
  client.PauseAsync(
      Duration(0), std::move(options),
      [checked = std::move(checked), done = std::move(done)](const Status&) { done(checked); });
}

StatusOr<Applied> ApplyAllocationPolicy(Client& client, AllocationPolicy policy,
                                        CallOptions options) {
  return internal::Await<StatusOr<Applied>>(std::move(options), [&](CallOptions inner, auto done) {
    ApplyAllocationPolicyAsync(client, std::move(policy), std::move(inner), std::move(done));
  });
}

}  // namespace gsh::kubernetes
