#include "src/testing/sandbox/aws/fleetiq.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "src/testing/sandbox/aws/epoch_seconds.h"
#include "src/testing/sandbox/aws/pages.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::embedded {
extern const unsigned char fleetiq_inputs[];
extern const unsigned long fleetiq_inputs_size;
}  // namespace gsh::embedded

namespace gsh::testing::aws {
namespace {

constexpr Duration kClaim = std::chrono::seconds(60);

std::string_view Model() {
  return {reinterpret_cast<const char*>(embedded::fleetiq_inputs), embedded::fleetiq_inputs_size};
}

Status Conflict(const std::string& why) { return ServiceError("ConflictException", why); }

}  // namespace

FleetIq::FleetIq(FleetIqOptions options) : options_(std::move(options)), check_(Model()) {}

StatusOr<Json> FleetIq::Call(const std::string& operation, const Json& input) {
  static const std::map<std::string, Operation> kOperations = {
      {"ClaimGameServer", &FleetIq::Claim},
      {"CreateGameServerGroup", &FleetIq::CreateGroup},
      {"DeleteGameServerGroup", &FleetIq::DeleteGroup},
      {"DeregisterGameServer", &FleetIq::Deregister},
      {"DescribeGameServer", &FleetIq::Describe},
      {"DescribeGameServerGroup", &FleetIq::DescribeGroup},
      {"DescribeGameServerInstances", &FleetIq::DescribeInstances},
      {"ListGameServerGroups", &FleetIq::ListGroups},
      {"ListGameServers", &FleetIq::List},
      {"RegisterGameServer", &FleetIq::Register},
      {"ResumeGameServerGroup", &FleetIq::ResumeGroup},
      {"SuspendGameServerGroup", &FleetIq::SuspendGroup},
      {"UpdateGameServer", &FleetIq::Update},
      {"UpdateGameServerGroup", &FleetIq::UpdateGroup}};
  const auto found = kOperations.find(operation);
  if (found == kOperations.end()) {
    return ServiceError("UnknownOperationException", "No such operation: " + operation);
  }
  if (Status status = check_.Check(operation, input); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  PassTime();
  return (this->*found->second)(input);
}

void FleetIq::PassTime() {
  const WallTime now = options_.clock->Now();
  for (auto& [name, group] : groups_) {
    std::erase_if(group.servers, [&](const auto& server) {
      return now - server.second.healthy >= options_.forgotten_after;
    });
    for (auto& [id, server] : group.servers) {
      if (server.claim_open && now - *server.claimed >= kClaim) server.claim_open = false;
    }
  }
  std::erase_if(groups_, [](const auto& group) {
    return group.second.delete_when_idle &&
           std::ranges::none_of(group.second.servers,
                                [](const auto& server) { return server.second.utilized; });
  });
}

bool FleetIq::IsHealthy(const GameServer& server) const {
  return options_.clock->Now() - server.healthy < options_.healthy_for;
}

FleetIq::GameServer* FleetIq::FindServer(Group& group, const Json& input) {
  const auto found = group.servers.find(input["GameServerId"].get<std::string>());
  return found == group.servers.end() ? nullptr : &found->second;
}

Status FleetIq::NoServer(const Json& input) {
  return ServiceError("NotFoundException",
                      "Game server not found: " + input["GameServerId"].get<std::string>());
}

Json FleetIq::JsonOf(const Group& group, const GameServer& server) const {
  Json json = {{"GameServerGroupName", group.described["GameServerGroupName"]},
               {"GameServerGroupArn", group.described["GameServerGroupArn"]},
               {"GameServerId", server.id},
               {"InstanceId", server.instance},
               {"UtilizationStatus", server.utilized ? "UTILIZED" : "AVAILABLE"},
               {"RegistrationTime", EpochSeconds(server.registered)},
               {"LastHealthCheckTime", EpochSeconds(server.healthy)}};
  if (!server.connection_info.empty()) json["ConnectionInfo"] = server.connection_info;
  if (!server.data.empty()) json["GameServerData"] = server.data;
  if (server.claim_open) json["ClaimStatus"] = "CLAIMED";
  if (server.claimed) json["LastClaimTime"] = EpochSeconds(*server.claimed);
  return json;
}

StatusOr<Json> FleetIq::Register(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input, "InvalidRequestException");
  const std::string id = input["GameServerId"].get<std::string>();
  const std::string instance = input["InstanceId"].get<std::string>();
  if (group->servers.contains(id)) return Conflict("Game server already registered: " + id);
  if (!group->instances.contains(instance)) {
    return InvalidRequest("Instance is not in the game server group: " + instance);
  }
  const WallTime now = options_.clock->Now();
  const GameServer& server =
      group->servers
          .emplace(id, GameServer{.id = id,
                                  .instance = instance,
                                  .connection_info = input.value("ConnectionInfo", std::string()),
                                  .data = input.value("GameServerData", std::string()),
                                  .number = ++group->servers_so_far,
                                  .registered = now,
                                  .healthy = now})
          .first->second;
  return Json{{"GameServer", JsonOf(*group, server)}};
}

StatusOr<Json> FleetIq::Describe(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  const GameServer* server = FindServer(*group, input);
  if (server == nullptr) return NoServer(input);
  return Json{{"GameServer", JsonOf(*group, *server)}};
}

StatusOr<Json> FleetIq::Update(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  GameServer* server = FindServer(*group, input);
  if (server == nullptr) return NoServer(input);
  const std::string utilization = input.value("UtilizationStatus", std::string());
  if (utilization == "AVAILABLE" && server->utilized) {
    return InvalidRequest("Utilization status cannot be changed from UTILIZED to AVAILABLE");
  }
  if (utilization == "UTILIZED") {
    server->utilized = true;
    server->claim_open = false;
  }
  if (input.contains("GameServerData")) server->data = input["GameServerData"].get<std::string>();
  if (input.contains("HealthCheck")) server->healthy = options_.clock->Now();
  return Json{{"GameServer", JsonOf(*group, *server)}};
}

StatusOr<Json> FleetIq::Deregister(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  if (group->servers.erase(input["GameServerId"].get<std::string>()) == 0) return NoServer(input);
  PassTime();  // the group may have waited for it
  return Json::object();
}

Status FleetIq::CheckClaim(const Group& group, const GameServer& server,
                           const Json& statuses) const {
  if (server.utilized) return Conflict("Game server is UTILIZED: " + server.id);
  if (server.claim_open) return Conflict("Game server is already CLAIMED: " + server.id);
  const auto instance = group.instances.find(server.instance);
  const std::string status = instance == group.instances.end() ? "gone" : instance->second;
  const bool allowed = statuses.empty()
                           ? status == "ACTIVE" || status == "DRAINING"
                           : std::ranges::find(statuses, Json(status)) != statuses.end();
  if (!allowed) return Conflict("Game server is on an instance that is " + status);
  return OkStatus();
}

// On ACTIVE instances before others, then on the fullest one, so that the others can go.
FleetIq::GameServer* FleetIq::ChooseServer(Group& group, const Json& statuses) {
  std::map<std::string, int> busy;
  for (const auto& [id, server] : group.servers) {
    busy[server.instance] += server.utilized || server.claim_open ? 1 : 0;
  }
  const auto rank = [&](const GameServer& server) {
    const bool active = group.instances.at(server.instance) == "ACTIVE";
    return std::tuple(!active, -busy[server.instance], server.number);
  };
  GameServer* best = nullptr;
  for (auto& [id, server] : group.servers) {
    if (!IsHealthy(server) || !CheckClaim(group, server, statuses).ok()) continue;
    if (best == nullptr || rank(server) < rank(*best)) best = &server;
  }
  return best;
}

StatusOr<Json> FleetIq::Claim(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  const Json filter = input.value("FilterOption", Json::object());
  const Json statuses = filter.value("InstanceStatuses", Json::array());
  if (!statuses.empty() && std::ranges::find(statuses, Json("ACTIVE")) == statuses.end()) {
    return InvalidRequest("FilterOption.InstanceStatuses must contain ACTIVE");
  }
  GameServer* server = nullptr;
  if (input.contains("GameServerId")) {
    server = FindServer(*group, input);
    if (server == nullptr) return NoServer(input);
    if (Status status = CheckClaim(*group, *server, statuses); !status.ok()) return status;
  } else {
    server = ChooseServer(*group, statuses);
    if (server == nullptr) {
      return ServiceError("OutOfCapacityException", "No game server is available to be claimed");
    }
  }
  server->claimed = options_.clock->Now();
  server->claim_open = true;
  if (input.contains("GameServerData")) server->data = input["GameServerData"].get<std::string>();
  return Json{{"GameServer", JsonOf(*group, *server)}};
}

StatusOr<Json> FleetIq::List(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input, "InvalidRequestException");
  std::vector<const GameServer*> servers;
  for (const auto& [id, server] : group->servers) servers.push_back(&server);
  std::ranges::sort(servers, {}, [](const GameServer* server) { return server->number; });
  if (input.value("SortOrder", "ASCENDING") == "DESCENDING") std::ranges::reverse(servers);
  Json all = Json::array();
  for (const GameServer* server : servers) all.push_back(JsonOf(*group, *server));
  return PageOf(all, input, "GameServers");
}

}  // namespace gsh::testing::aws
