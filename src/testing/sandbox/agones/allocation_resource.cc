#include "src/testing/sandbox/agones/allocation_resource.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "src/proto/json/agones_json.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;

// The resource's names of what the message calls otherwise; all others are the same in both.
constexpr std::array<std::pair<const char*, const char*>, 3> kRenamed = {
    {{"required", "requiredGameServerSelector"},
     {"preferred", "preferredGameServerSelectors"},
     {"selectors", "gameServerSelectors"}}};

Status ConvertSelector(Json& selector) {
  if (!selector.is_object()) return InvalidArgumentError("a selector is no object");
  selector.erase("matchExpressions");
  const auto state = selector.find("gameServerState");
  if (state == selector.end()) return OkStatus();
  if (*state == "Ready" || *state == "") {
    *state = "READY";
  } else if (*state == "Allocated") {
    *state = "ALLOCATED";
  } else {
    return InvalidArgumentError("gameServerState is neither Ready nor Allocated");
  }
  return OkStatus();
}

Status ConvertSelectors(Json& selectors) {
  if (!selectors.is_array()) return ConvertSelector(selectors);
  for (Json& selector : selectors) {
    if (const Status status = ConvertSelector(selector); !status.ok()) return status;
  }
  return OkStatus();
}

// As SelectorsOf goes through them. `spec` has the resource's names.
StatusOr<SelectorExpressions> ExpressionsOf(const Json& spec) {
  std::vector<std::pair<std::string, Json>> selectors;
  const auto add_all = [&](const char* key) {
    const Json list = spec.value(key, Json::array());
    for (const Json& selector : list) selectors.emplace_back(std::string("spec.") + key, selector);
  };
  add_all("selectors");
  if (selectors.empty()) {
    add_all("preferred");
    selectors.emplace_back("spec.required", spec.value("required", Json::object()));
  }
  SelectorExpressions all;
  for (const auto& [path, selector] : selectors) {
    if (!selector.is_object()) return InvalidArgumentError(path + ": a selector is no object");
    auto expressions = ParseExpressions(selector);
    if (!expressions.ok()) return expressions.status().WithContext(path + ".labelSelector");
    all.push_back(*std::move(expressions));
  }
  return all;
}

Json Labels(const google::protobuf::Map<std::string, std::string>& map) {
  return std::map<std::string, std::string>(map.begin(), map.end());
}

}  // namespace

StatusOr<ResourceRequest> ToAllocationRequest(const Json& resource, const std::string& ns) {
  if (!resource.is_object() || resource.value("kind", Json()) != "GameServerAllocation") {
    return InvalidArgumentError("the body is no GameServerAllocation");
  }
  if (!resource.value("metadata", Json::object()).is_object()) {
    return InvalidArgumentError("metadata is no object");
  }
  Json spec = resource.value("spec", Json::object());
  if (!spec.is_object()) return InvalidArgumentError("spec is no object");
  auto expressions = ExpressionsOf(spec);
  if (!expressions.ok()) return expressions.status();
  for (const auto& [from, to] : kRenamed) {
    const auto selectors = spec.find(from);
    if (selectors == spec.end()) continue;
    if (const Status status = ConvertSelectors(*selectors); !status.ok()) return status;
    spec[to] = std::move(*selectors);
    spec.erase(from);
  }
  spec["namespace"] = ns;
  const auto bytes = wire_json::FromJson(wire_json::kAllocationRequest,
                                         spec.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!bytes.ok()) return bytes.status();
  ResourceRequest request{.expressions = *std::move(expressions)};
  if (!request.message.ParseFromString(*bytes)) {
    return InvalidArgumentError("no GameServerAllocation");
  }
  return request;
}

Json AllocatedStatus(const wire_allocation::AllocationResponse& response) {
  Json status = {{"state", "Allocated"},
                 {"gameServerName", response.gameservername()},
                 {"ports", Json::array()},
                 {"address", response.address()},
                 {"addresses", Json::array()},
                 {"nodeName", response.nodename()},
                 {"source", response.source()},
                 {"metadata",
                  {{"labels", Labels(response.metadata().labels())},
                   {"annotations", Labels(response.metadata().annotations())}}}};
  for (const auto& port : response.ports()) {
    status["ports"].push_back({{"name", port.name()}, {"port", port.port()}});
  }
  for (const auto& address : response.addresses()) {
    status["addresses"].push_back({{"type", address.type()}, {"address", address.address()}});
  }
  for (const auto& [name, counter] : response.counters()) {
    status["counters"][name] = {{"count", counter.count().value()},
                                {"capacity", counter.capacity().value()}};
  }
  for (const auto& [name, list] : response.lists()) {
    status["lists"][name] = {
        {"values", std::vector<std::string>(list.values().begin(), list.values().end())},
        {"capacity", list.capacity().value()}};
  }
  return status;
}

Json NotAllocatedStatus(const std::string& state) {
  return {{"state", state}, {"gameServerName", ""}};
}

}  // namespace gsh::sandbox
