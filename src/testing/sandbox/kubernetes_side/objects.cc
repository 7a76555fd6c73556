#include "src/testing/sandbox/kubernetes_side/objects.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "src/rpc/common/pem.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;

Json MetadataOf(const std::string& name, const std::string& ns, const std::string& uid,
                WallTime created) {
  Json metadata = {{"name", name}, {"uid", uid}, {"creationTimestamp", rpc::FormatTime(created)}};
  if (!ns.empty()) metadata["namespace"] = ns;
  return metadata;
}

Json ControlledBy(const char* api_version, const char* kind, const std::string& name,
                  const std::string& uid) {
  return Json::array({{{"apiVersion", api_version},
                       {"kind", kind},
                       {"name", name},
                       {"uid", uid},
                       {"controller", true},
                       {"blockOwnerDeletion", true}}});
}

Json SpecOf(const GameServer& server) {
  Json spec = {{"scheduling", "Packed"},
               {"health",
                {{"disabled", server.health.disabled},
                 {"periodSeconds", server.health.period_seconds},
                 {"failureThreshold", server.health.failure_threshold},
                 {"initialDelaySeconds", server.health.initial_delay_seconds}}},
               {"ports", Json::array()}};
  for (const auto& port : server.ports) {
    spec["ports"].push_back({{"name", port.name},
                             {"portPolicy", "Dynamic"},
                             {"protocol", "TCP"},
                             {"containerPort", port.port},
                             {"hostPort", port.port}});
  }
  return spec;
}

Json StatusOf(const GameServer& server) {
  Json status = {{"state", StateName(server.state)},
                 {"address", server.address},
                 {"addresses", Json::array()},
                 {"ports", Json::array()},
                 {"nodeName", server.node},
                 {"players",
                  {{"count", server.players.count},
                   {"capacity", server.players.capacity},
                   {"ids", server.players.ids}}}};
  for (const auto& address : server.addresses) {
    status["addresses"].push_back({{"type", address.type}, {"address", address.address}});
  }
  for (const auto& port : server.ports) {
    status["ports"].push_back({{"name", port.name}, {"port", port.port}});
  }
  for (const auto& [name, counter] : server.counters) {
    status["counters"][name] = {{"count", counter.count}, {"capacity", counter.capacity}};
  }
  for (const auto& [name, list] : server.lists) {
    status["lists"][name] = {{"capacity", list.capacity}, {"values", list.values}};
  }
  return status;
}

}  // namespace

Json GameServerObject(const GameServer& server) {
  Json metadata = MetadataOf(server.name, server.ns, server.uid, server.created);
  metadata["generation"] = server.generation;
  metadata["labels"] = server.labels;
  metadata["annotations"] = server.annotations;
  if (server.deleted) metadata["deletionTimestamp"] = rpc::FormatTime(*server.deleted);
  if (const auto set = server.labels.find(kGameServerSetLabel); set != server.labels.end()) {
    metadata["ownerReferences"] =
        ControlledBy("agones.dev/v1", "GameServerSet", set->second, set->second);
  }
  return {{"apiVersion", "agones.dev/v1"},
          {"kind", "GameServer"},
          {"metadata", std::move(metadata)},
          {"spec", SpecOf(server)},
          {"status", StatusOf(server)}};
}

Json PodObject(const GameServer& server) {
  Json metadata = MetadataOf(server.name, server.ns, server.uid + "-pod", server.created);
  metadata["labels"] = server.labels;
  metadata["labels"]["agones.dev/gameserver"] = server.name;
  metadata["labels"]["agones.dev/role"] = "gameserver";
  metadata["ownerReferences"] =
      ControlledBy("agones.dev/v1", "GameServer", server.name, server.uid);
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", std::move(metadata)},
          {"spec", {{"nodeName", server.node}, {"containers", Json::array()}}},
          {"status", {{"phase", "Running"}}}};
}

Json FleetObject(const FleetOptions& fleet, WallTime created) {
  return {{"apiVersion", "agones.dev/v1"},
          {"kind", "Fleet"},
          {"metadata", MetadataOf(fleet.name, fleet.server.ns, fleet.name, created)},
          {"spec",
           {{"replicas", fleet.replicas},
            {"scheduling", "Packed"},
            {"strategy", {{"type", "Recreate"}}},
            {"template", {{"metadata", {{"labels", fleet.server.labels}}}}}}},
          {"status", FleetStatus({})}};
}

Json FleetStatus(const FleetCounts& counts) {
  return {{"replicas", counts.replicas},
          {"readyReplicas", counts.ready},
          {"reservedReplicas", counts.reserved},
          {"allocatedReplicas", counts.allocated}};
}

Json AllocatorServiceObject(const std::string& address, int port, WallTime created) {
  constexpr char kName[] = "agones-allocator";
  return {{"apiVersion", "v1"},
          {"kind", "Service"},
          {"metadata", MetadataOf(kName, "agones-system", kName, created)},
          {"spec",
           {{"type", "LoadBalancer"},
            {"ports", Json::array({{{"name", "grpc"}, {"protocol", "TCP"}, {"port", port}}})}}},
          {"status", {{"loadBalancer", {{"ingress", Json::array({{{"ip", address}}})}}}}}};
}

Json NodeObject(const std::string& name, const std::string& address, WallTime created) {
  return {{"apiVersion", "v1"},
          {"kind", "Node"},
          {"metadata", MetadataOf(name, "", name, created)},
          {"spec", Json::object()},
          {"status",
           {{"addresses", Json::array({{{"type", "InternalIP"}, {"address", address}},
                                       {{"type", "Hostname"}, {"address", name}}})},
            {"conditions", Json::array({{{"type", "Ready"}, {"status", "True"}}})}}}};
}

}  // namespace gsh::sandbox
