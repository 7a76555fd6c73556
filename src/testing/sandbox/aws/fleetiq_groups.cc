// Groups and instances.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "src/testing/sandbox/aws/epoch_seconds.h"
#include "src/testing/sandbox/aws/fleetiq.h"
#include "src/testing/sandbox/aws/pages.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

// What an instance's id may look like; the same in every sandbox.
std::string InstanceId(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "i-5a2db%012llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

FleetIq::Group* FleetIq::FindGroup(const Json& input) {
  std::string name = input["GameServerGroupName"].get<std::string>();
  if (const std::size_t slash = name.rfind('/'); slash != name.npos) {
    const auto found = groups_.find(name.substr(slash + 1));
    const bool same =
        found != groups_.end() && found->second.described["GameServerGroupArn"] == name;
    return same ? &found->second : nullptr;
  }
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

Status FleetIq::NoGroup(const Json& input, const char* name) {
  return ServiceError(
      name, "Game server group not found: " + input["GameServerGroupName"].get<std::string>());
}

void FleetIq::Touch(Group& group) {
  group.described["LastUpdatedTime"] = EpochSeconds(options_.clock->Now());
}

void FleetIq::AddInstances(Group& group, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    group.instances.emplace(InstanceId(++instances_so_far_), "ACTIVE");
  }
}

StatusOr<Json> FleetIq::CreateGroup(const Json& input) {
  const std::string name = input["GameServerGroupName"].get<std::string>();
  if (groups_.contains(name)) {
    return ServiceError("ConflictException", "Game server group already exists: " + name);
  }
  constexpr std::int64_t kMostInstances = 1000;  // of this sandbox
  if (input["MinSize"] > input["MaxSize"] || input["MaxSize"] > kMostInstances) {
    return InvalidRequest("MinSize must not be greater than MaxSize, nor this than 1000 here");
  }
  if (!input["LaunchTemplate"].contains("LaunchTemplateId") &&
      !input["LaunchTemplate"].contains("LaunchTemplateName")) {
    return InvalidRequest("LaunchTemplate needs LaunchTemplateId or LaunchTemplateName");
  }
  const std::string scope = options_.region + ":" + options_.account_id + ":";
  const double now = EpochSeconds(options_.clock->Now());
  Group group;
  group.described = {
      {"GameServerGroupName", name},
      {"GameServerGroupArn", "arn:aws:gamelift:" + scope + "gameservergroup/" + name},
      {"RoleArn", input["RoleArn"]},
      {"InstanceDefinitions", input["InstanceDefinitions"]},
      {"BalancingStrategy", input.value("BalancingStrategy", "SPOT_PREFERRED")},
      {"GameServerProtectionPolicy", input.value("GameServerProtectionPolicy", "NO_PROTECTION")},
      {"AutoScalingGroupArn", "arn:aws:autoscaling:" + scope +
                                  "autoScalingGroup:00000000-0000-0000-0000-000000000000:"
                                  "autoScalingGroupName/gamelift-gameservergroup-" +
                                  name},
      {"Status", "NEW"},
      {"SuspendedActions", Json::array()},
      {"CreationTime", now},
      {"LastUpdatedTime", now}};
  AddInstances(group, input["MinSize"].get<std::int64_t>());
  Json answer = {{"GameServerGroup", group.described}};
  group.described["Status"] = "ACTIVE";  // whoever looks next
  groups_.emplace(name, std::move(group));
  return answer;
}

StatusOr<Json> FleetIq::DescribeGroup(const Json& input) {
  const Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  return Json{{"GameServerGroup", group->described}};
}

StatusOr<Json> FleetIq::UpdateGroup(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  for (const char* member :
       {"RoleArn", "InstanceDefinitions", "GameServerProtectionPolicy", "BalancingStrategy"}) {
    if (input.contains(member)) group->described[member] = input[member];
  }
  Touch(*group);
  return Json{{"GameServerGroup", group->described}};
}

StatusOr<Json> FleetIq::DeleteGroup(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  const bool busy =
      std::ranges::any_of(group->servers, [](const auto& s) { return s.second.utilized; });
  Touch(*group);
  if (input.value("DeleteOption", "SAFE_DELETE") == "SAFE_DELETE" && busy) {
    group->delete_when_idle = true;
    group->described["Status"] = "DELETE_SCHEDULED";
    return Json{{"GameServerGroup", group->described}};
  }
  group->described["Status"] = "DELETING";
  Json answer = {{"GameServerGroup", group->described}};
  groups_.erase(group->described["GameServerGroupName"].get<std::string>());
  return answer;
}

StatusOr<Json> FleetIq::SuspendGroup(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  group->described["SuspendedActions"] = input["SuspendActions"];
  Touch(*group);
  return Json{{"GameServerGroup", group->described}};
}

StatusOr<Json> FleetIq::ResumeGroup(const Json& input) {
  Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  group->described["SuspendedActions"] = Json::array();  // there is but one action
  Touch(*group);
  return Json{{"GameServerGroup", group->described}};
}

StatusOr<Json> FleetIq::ListGroups(const Json& input) {
  Json all = Json::array();
  for (const auto& [name, group] : groups_) all.push_back(group.described);
  return PageOf(all, input, "GameServerGroups");
}

Json FleetIq::InstanceJson(const Group& group, const std::string& id,
                           const std::string& status) const {
  return {{"GameServerGroupName", group.described["GameServerGroupName"]},
          {"GameServerGroupArn", group.described["GameServerGroupArn"]},
          {"InstanceId", id},
          {"InstanceStatus", status}};
}

StatusOr<Json> FleetIq::DescribeInstances(const Json& input) {
  const Group* group = FindGroup(input);
  if (group == nullptr) return NoGroup(input);
  Json all = Json::array();
  if (input.contains("InstanceIds")) {
    for (const Json& id : input["InstanceIds"]) {
      const auto found = group->instances.find(id.get<std::string>());
      if (found == group->instances.end()) {
        return ServiceError("NotFoundException", "Instance not found: " + id.get<std::string>());
      }
      all.push_back(InstanceJson(*group, found->first, found->second));
    }
  } else {
    for (const auto& [id, status] : group->instances) {
      all.push_back(InstanceJson(*group, id, status));
    }
  }
  return PageOf(all, input, "GameServerInstances");
}

void FleetIq::SetInstance(const std::string& group, const std::string& instance,
                          std::string status) {
  std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found != groups_.end()) found->second.instances[instance] = std::move(status);
}

void FleetIq::RemoveInstance(const std::string& group, const std::string& instance) {
  std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  found->second.instances.erase(instance);
  std::erase_if(found->second.servers,
                [&](const auto& server) { return server.second.instance == instance; });
}

}  // namespace gsh::testing::aws
