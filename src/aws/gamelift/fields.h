// Each structure's members as the API's model has them: name, shape, whether it is required. One
// list for writing, reading and checking; a test compares it with the model.
#ifndef GSH_SRC_AWS_GAMELIFT_FIELDS_H_
#define GSH_SRC_AWS_GAMELIFT_FIELDS_H_

#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "gsh/aws/gamelift.h"
#include "src/aws/gamelift/shapes.h"

namespace gsh::aws::gamelift {

inline constexpr bool kRequired = true;

template <typename T, typename Struct>
concept Of = std::same_as<std::remove_const_t<T>, Struct>;

// What operations answer around what the port gives.
template <typename T>
struct Result {
  T value = {};
};

template <typename V, Of<GameServer> T>
void Fields(V& v, T& s) {
  v.Begin("GameServer");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupName);
  v.Text("GameServerGroupArn", s.game_server_group_arn, kGameServerGroupArn);
  v.Text("GameServerId", s.game_server_id, kGameServerId);
  v.Text("InstanceId", s.instance_id, kGameServerInstanceId);
  v.Text("ConnectionInfo", s.connection_info, kGameServerConnectionInfo);
  v.Text("GameServerData", s.game_server_data, kGameServerData);
  v.Text("ClaimStatus", s.claim_status, kGameServerClaimStatus);
  v.Text("UtilizationStatus", s.utilization_status, kGameServerUtilizationStatus);
  v.Time("RegistrationTime", s.registration_time);
  v.Time("LastClaimTime", s.last_claim_time);
  v.Time("LastHealthCheckTime", s.last_health_check_time);
}

template <typename V, Of<InstanceDefinition> T>
void Fields(V& v, T& s) {
  v.Begin("InstanceDefinition");
  v.Text("InstanceType", s.instance_type, kGameServerGroupInstanceType, kRequired);
  v.Text("WeightedCapacity", s.weighted_capacity, kWeightedCapacity);
}

template <typename V, Of<GameServerGroup> T>
void Fields(V& v, T& s) {
  v.Begin("GameServerGroup");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupName);
  v.Text("GameServerGroupArn", s.game_server_group_arn, kGameServerGroupArn);
  v.Text("RoleArn", s.role_arn, kIamRoleArn);
  v.Structures("InstanceDefinitions", s.instance_definitions, kInstanceDefinitions);
  v.Text("BalancingStrategy", s.balancing_strategy, kBalancingStrategy);
  v.Text("GameServerProtectionPolicy", s.game_server_protection_policy,
         kGameServerProtectionPolicy);
  v.Text("AutoScalingGroupArn", s.auto_scaling_group_arn, kAutoScalingGroupArn);
  v.Text("Status", s.status, kGameServerGroupStatus);
  v.Text("StatusReason", s.status_reason, kNonZeroAndMaxString);
  v.Texts("SuspendedActions", s.suspended_actions, kGameServerGroupActions, kGameServerGroupAction);
  v.Time("CreationTime", s.creation_time);
  v.Time("LastUpdatedTime", s.last_updated_time);
}

template <typename V, Of<GameServerInstance> T>
void Fields(V& v, T& s) {
  v.Begin("GameServerInstance");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupName);
  v.Text("GameServerGroupArn", s.game_server_group_arn, kGameServerGroupArn);
  v.Text("InstanceId", s.instance_id, kGameServerInstanceId);
  v.Text("InstanceStatus", s.instance_status, kGameServerInstanceStatus);
}

template <typename V, Of<LaunchTemplate> T>
void Fields(V& v, T& s) {
  v.Begin("LaunchTemplateSpecification");
  v.Text("LaunchTemplateId", s.launch_template_id, kLaunchTemplateId);
  v.Text("LaunchTemplateName", s.launch_template_name, kLaunchTemplateName);
  v.Text("Version", s.version, kLaunchTemplateVersion);
}

template <typename V, Of<TargetTrackingConfiguration> T>
void Fields(V& v, T& s) {
  v.Begin("TargetTrackingConfiguration");
  v.Number("TargetValue", s.target_value, kLeastNonNegativeDouble);
}

template <typename V, Of<AutoScalingPolicy> T>
void Fields(V& v, T& s) {
  v.Begin("GameServerGroupAutoScalingPolicy");
  v.Integer("EstimatedInstanceWarmup", s.estimated_instance_warmup, kPositiveInteger);
  v.Structure("TargetTrackingConfiguration", s.target_tracking_configuration, kRequired);
}

template <typename V, Of<Tag> T>
void Fields(V& v, T& s) {
  v.Begin("Tag");
  v.Text("Key", s.key, kTagKey, kRequired);
  v.Text("Value", s.value, kTagValue, kRequired);
}

template <typename V, Of<ClaimFilterOption> T>
void Fields(V& v, T& s) {
  v.Begin("ClaimFilterOption");
  v.Texts("InstanceStatuses", s.instance_statuses, kFilterInstanceStatuses, kFilterInstanceStatus);
}

template <typename V, Of<ClaimGameServerRequest> T>
void Fields(V& v, T& s) {
  v.Begin("ClaimGameServerInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("GameServerId", s.game_server_id, kGameServerId);
  v.Text("GameServerData", s.game_server_data, kGameServerData);
  v.Structure("FilterOption", s.filter_option);
}

template <typename V, Of<CreateGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("CreateGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupName, kRequired);
  v.Text("RoleArn", s.role_arn, kIamRoleArn, kRequired);
  v.Integer("MinSize", s.min_size, kWholeNumber);
  v.Integer("MaxSize", s.max_size, kPositiveInteger);
  v.Structure("LaunchTemplate", s.launch_template, kRequired);
  v.Structures("InstanceDefinitions", s.instance_definitions, kInstanceDefinitions, kRequired);
  v.Structure("AutoScalingPolicy", s.auto_scaling_policy);
  v.Text("BalancingStrategy", s.balancing_strategy, kBalancingStrategy);
  v.Text("GameServerProtectionPolicy", s.game_server_protection_policy,
         kGameServerProtectionPolicy);
  v.Texts("VpcSubnets", s.vpc_subnets, kVpcSubnets, kVpcSubnet);
  v.Structures("Tags", s.tags, kTagList);
}

template <typename V, Of<DeleteGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("DeleteGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("DeleteOption", s.delete_option, kGameServerGroupDeleteOption);
}

template <typename V, Of<DeregisterGameServerRequest> T>
void Fields(V& v, T& s) {
  v.Begin("DeregisterGameServerInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("GameServerId", s.game_server_id, kGameServerId, kRequired);
}

template <typename V, Of<DescribeGameServerRequest> T>
void Fields(V& v, T& s) {
  v.Begin("DescribeGameServerInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("GameServerId", s.game_server_id, kGameServerId, kRequired);
}

template <typename V, Of<DescribeGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("DescribeGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
}

template <typename V, Of<DescribeGameServerInstancesRequest> T>
void Fields(V& v, T& s) {
  v.Begin("DescribeGameServerInstancesInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Texts("InstanceIds", s.instance_ids, kGameServerInstanceIds, kGameServerInstanceId);
  v.Integer("Limit", s.limit, kPositiveInteger);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

template <typename V, Of<ListGameServerGroupsRequest> T>
void Fields(V& v, T& s) {
  v.Begin("ListGameServerGroupsInput");
  v.Integer("Limit", s.limit, kPositiveInteger);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

template <typename V, Of<ListGameServersRequest> T>
void Fields(V& v, T& s) {
  v.Begin("ListGameServersInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("SortOrder", s.sort_order, kSortOrder);
  v.Integer("Limit", s.limit, kPositiveInteger);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

template <typename V, Of<RegisterGameServerRequest> T>
void Fields(V& v, T& s) {
  v.Begin("RegisterGameServerInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("GameServerId", s.game_server_id, kGameServerId, kRequired);
  v.Text("InstanceId", s.instance_id, kGameServerInstanceId, kRequired);
  v.Text("ConnectionInfo", s.connection_info, kGameServerConnectionInfo);
  v.Text("GameServerData", s.game_server_data, kGameServerData);
}

template <typename V, Of<ResumeGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("ResumeGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Texts("ResumeActions", s.resume_actions, kGameServerGroupActions, kGameServerGroupAction,
          kRequired);
}

template <typename V, Of<SuspendGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("SuspendGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Texts("SuspendActions", s.suspend_actions, kGameServerGroupActions, kGameServerGroupAction,
          kRequired);
}

template <typename V, Of<UpdateGameServerRequest> T>
void Fields(V& v, T& s) {
  v.Begin("UpdateGameServerInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("GameServerId", s.game_server_id, kGameServerId, kRequired);
  v.Text("GameServerData", s.game_server_data, kGameServerData);
  v.Text("UtilizationStatus", s.utilization_status, kGameServerUtilizationStatus);
  v.Text("HealthCheck", s.health_check, kGameServerHealthCheck);
}

template <typename V, Of<UpdateGameServerGroupRequest> T>
void Fields(V& v, T& s) {
  v.Begin("UpdateGameServerGroupInput");
  v.Text("GameServerGroupName", s.game_server_group_name, kGameServerGroupNameOrArn, kRequired);
  v.Text("RoleArn", s.role_arn, kIamRoleArn);
  v.Structures("InstanceDefinitions", s.instance_definitions, kInstanceDefinitions);
  v.Text("GameServerProtectionPolicy", s.game_server_protection_policy,
         kGameServerProtectionPolicy);
  v.Text("BalancingStrategy", s.balancing_strategy, kBalancingStrategy);
}

template <typename V, Of<Result<GameServer>> T>
void Fields(V& v, T& s) {
  v.Structure("GameServer", s.value, kRequired);
}

template <typename V, Of<Result<GameServerGroup>> T>
void Fields(V& v, T& s) {
  v.Structure("GameServerGroup", s.value, kRequired);
}

template <typename V, Of<Page<GameServer>> T>
void Fields(V& v, T& s) {
  v.Begin("ListGameServersOutput");
  v.Structures("GameServers", s.items, kGameServers);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

template <typename V, Of<Page<GameServerGroup>> T>
void Fields(V& v, T& s) {
  v.Begin("ListGameServerGroupsOutput");
  v.Structures("GameServerGroups", s.items, kGameServerGroups);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

template <typename V, Of<Page<GameServerInstance>> T>
void Fields(V& v, T& s) {
  v.Begin("DescribeGameServerInstancesOutput");
  v.Structures("GameServerInstances", s.items, kGameServerInstances);
  v.Text("NextToken", s.next_token, kNonZeroAndMaxString);
}

}  // namespace gsh::aws::gamelift

#endif  // GSH_SRC_AWS_GAMELIFT_FIELDS_H_
