// aws::GameLift: game servers on one's own EC2 instances, by Amazon GameLift FleetIQ (GameLift API
// 2015-10-01).
#ifndef GSH_AWS_GAMELIFT_H_
#define GSH_AWS_GAMELIFT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/options.h"
#include "gsh/aws/pages.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {
namespace gamelift {

// The API's enumerations are texts, so that values that are newer than this library are kept.
// GameServer::utilization_status. A server goes from AVAILABLE to UTILIZED, never back.
inline constexpr std::string_view kAvailable = "AVAILABLE";
inline constexpr std::string_view kUtilized = "UTILIZED";
// GameServer::claim_status: for 60 s, unless the server becomes UTILIZED.
inline constexpr std::string_view kClaimed = "CLAIMED";
// UpdateGameServerRequest::health_check.
inline constexpr std::string_view kHealthy = "HEALTHY";
// GameServerInstance::instance_status; the first two in ClaimFilterOption, too.
inline constexpr std::string_view kActive = "ACTIVE";
inline constexpr std::string_view kDraining = "DRAINING";
inline constexpr std::string_view kSpotTerminating = "SPOT_TERMINATING";
// Suspend and resume.
inline constexpr std::string_view kReplaceInstanceTypes = "REPLACE_INSTANCE_TYPES";

// Below, an empty text, list or optional is left out of a request, and was not in an answer. Limits
// are in Unicode characters.

struct GameServer {
  std::string game_server_group_name = {};
  std::string game_server_group_arn = {};
  std::string game_server_id = {};
  std::string instance_id = {};
  std::string connection_info = {};
  std::string game_server_data = {};
  std::string claim_status = {};        // "CLAIMED"
  std::string utilization_status = {};  // "AVAILABLE", "UTILIZED"
  std::optional<WallTime> registration_time = {};
  std::optional<WallTime> last_claim_time = {};
  std::optional<WallTime> last_health_check_time = {};
};

struct InstanceDefinition {
  std::string instance_type = {};      // "c5.large"
  std::string weighted_capacity = {};  // "1" to "999"
};

struct GameServerGroup {
  std::string game_server_group_name = {};
  std::string game_server_group_arn = {};
  std::string role_arn = {};
  std::vector<InstanceDefinition> instance_definitions = {};
  std::string balancing_strategy = {};  // "SPOT_ONLY", "SPOT_PREFERRED", "ON_DEMAND_ONLY"
  std::string game_server_protection_policy = {};  // "NO_PROTECTION", "FULL_PROTECTION"
  std::string auto_scaling_group_arn = {};
  // "NEW", "ACTIVATING", "ACTIVE", "DELETE_SCHEDULED", "DELETING", "DELETED", "ERROR"
  std::string status = {};
  std::string status_reason = {};
  std::vector<std::string> suspended_actions = {};  // "REPLACE_INSTANCE_TYPES"
  std::optional<WallTime> creation_time = {};
  std::optional<WallTime> last_updated_time = {};
};

struct GameServerInstance {
  std::string game_server_group_name = {};
  std::string game_server_group_arn = {};
  std::string instance_id = {};
  std::string instance_status = {};  // "ACTIVE", "DRAINING", "SPOT_TERMINATING"
};

struct LaunchTemplate {
  std::string launch_template_id = {};  // or the name
  std::string launch_template_name = {};
  std::string version = {};
};

struct TargetTrackingConfiguration {
  double target_value = 0;  // per cent of servers that stay available
};

struct AutoScalingPolicy {
  std::optional<std::int32_t> estimated_instance_warmup = {};  // seconds
  TargetTrackingConfiguration target_tracking_configuration = {};
};

struct Tag {
  std::string key = {};
  std::string value = {};
};

struct ClaimFilterOption {
  std::vector<std::string> instance_statuses = {};  // "ACTIVE", "DRAINING"
};

// Requests. `game_server_group_name` is a name or an ARN, but in CreateGameServerGroup, and always
// required.

struct ClaimGameServerRequest {
  std::string game_server_group_name = {};
  std::string game_server_id = {};    // 3 to 128 of a-z A-Z 0-9 - . ; empty: any free one
  std::string game_server_data = {};  // 1 to 1024, for the server
  std::optional<ClaimFilterOption> filter_option = {};
};

struct CreateGameServerGroupRequest {
  std::string game_server_group_name = {};  // 1 to 128 of a-z A-Z 0-9 - .
  std::string role_arn = {};                // required
  std::int32_t min_size = 0;
  std::int32_t max_size = 1;
  LaunchTemplate launch_template = {};
  std::vector<InstanceDefinition> instance_definitions = {};  // 2 to 20
  std::optional<AutoScalingPolicy> auto_scaling_policy = {};
  std::string balancing_strategy = {};
  std::string game_server_protection_policy = {};
  std::vector<std::string> vpc_subnets = {};  // up to 20
  std::vector<Tag> tags = {};                 // up to 200
};

struct DeleteGameServerGroupRequest {
  std::string game_server_group_name = {};
  std::string delete_option = {};  // "SAFE_DELETE", "FORCE_DELETE", "RETAIN"
};

struct DeregisterGameServerRequest {
  std::string game_server_group_name = {};
  std::string game_server_id = {};
};

struct DescribeGameServerRequest {
  std::string game_server_group_name = {};
  std::string game_server_id = {};
};

struct DescribeGameServerGroupRequest {
  std::string game_server_group_name = {};
};

struct DescribeGameServerInstancesRequest {
  std::string game_server_group_name = {};
  std::vector<std::string> instance_ids = {};  // up to 20; empty: all
  std::optional<std::int32_t> limit = {};      // of one page
  std::string next_token = {};
};

struct ListGameServerGroupsRequest {
  std::optional<std::int32_t> limit = {};
  std::string next_token = {};
};

struct ListGameServersRequest {
  std::string game_server_group_name = {};
  std::string sort_order = {};  // by time of registration: "ASCENDING", "DESCENDING"
  std::optional<std::int32_t> limit = {};
  std::string next_token = {};
};

struct RegisterGameServerRequest {
  std::string game_server_group_name = {};
  std::string game_server_id = {};
  std::string instance_id = {};       // "i-" and 17 letters and digits
  std::string connection_info = {};   // up to 512: what players connect to
  std::string game_server_data = {};  // up to 1024
};

struct ResumeGameServerGroupRequest {
  std::string game_server_group_name = {};
  std::vector<std::string> resume_actions = {};  // {"REPLACE_INSTANCE_TYPES"}
};

struct SuspendGameServerGroupRequest {
  std::string game_server_group_name = {};
  std::vector<std::string> suspend_actions = {};  // {"REPLACE_INSTANCE_TYPES"}
};

struct UpdateGameServerRequest {
  std::string game_server_group_name = {};
  std::string game_server_id = {};
  std::string game_server_data = {};
  std::string utilization_status = {};
  std::string health_check = {};
};

struct UpdateGameServerGroupRequest {
  std::string game_server_group_name = {};
  std::string role_arn = {};
  std::vector<InstanceDefinition> instance_definitions = {};
  std::string game_server_protection_policy = {};
  std::string balancing_strategy = {};
};

}  // namespace gamelift

// A port; see openmatch::Frontend for how such are used. Many calls may be in flight at once.
//
// Requests are checked by the rules of the API's model before anything is sent: InvalidArgument
// names each that is broken. Errors of the service have its name in ErrorInfo::name:
// InvalidRequestException is InvalidArgument, NotFoundException NotFound, OutOfCapacityException
// and LimitExceededException ResourceExhausted (neither is repeated), UnauthorizedException
// PermissionDenied, InternalServiceException Internal; ConflictException is Aborted of a claim
// (somebody else has that server) and AlreadyExists of a registration or a new group.
//
// Failed calls are repeated if that may help, but ClaimGameServer only if it surely took no server:
// a claim whose answer is lost lapses by itself after 60 s. A repeat of RegisterGameServer,
// CreateGameServerGroup or DeregisterGameServer whose first answer was lost is answered by
// ConflictException or NotFoundException: ErrorInfo::attempts is more than 1 then.
class GSH_EXPORT GameLift {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;
  using Server = gamelift::GameServer;
  using Group = gamelift::GameServerGroup;
  using Instance = gamelift::GameServerInstance;

  virtual ~GameLift() = default;

  // Takes a free server for a match: within 60 s it must become UTILIZED.
  virtual void ClaimGameServerAsync(gamelift::ClaimGameServerRequest request, CallOptions options,
                                    Callback<Server> done) = 0;
  virtual void RegisterGameServerAsync(gamelift::RegisterGameServerRequest request,
                                       CallOptions options, Callback<Server> done) = 0;
  // Health (at least every 60 s, as the API wants it), utilization, data.
  virtual void UpdateGameServerAsync(gamelift::UpdateGameServerRequest request, CallOptions options,
                                     Callback<Server> done) = 0;
  virtual void DescribeGameServerAsync(gamelift::DescribeGameServerRequest request,
                                       CallOptions options, Callback<Server> done) = 0;
  virtual void DeregisterGameServerAsync(gamelift::DeregisterGameServerRequest request,
                                         CallOptions options, std::function<void(Status)> done) = 0;
  virtual void ListGameServersAsync(gamelift::ListGameServersRequest request, CallOptions options,
                                    Callback<Page<Server>> done) = 0;

  virtual void CreateGameServerGroupAsync(gamelift::CreateGameServerGroupRequest request,
                                          CallOptions options, Callback<Group> done) = 0;
  virtual void DescribeGameServerGroupAsync(gamelift::DescribeGameServerGroupRequest request,
                                            CallOptions options, Callback<Group> done) = 0;
  virtual void UpdateGameServerGroupAsync(gamelift::UpdateGameServerGroupRequest request,
                                          CallOptions options, Callback<Group> done) = 0;
  virtual void DeleteGameServerGroupAsync(gamelift::DeleteGameServerGroupRequest request,
                                          CallOptions options, Callback<Group> done) = 0;
  virtual void SuspendGameServerGroupAsync(gamelift::SuspendGameServerGroupRequest request,
                                           CallOptions options, Callback<Group> done) = 0;
  virtual void ResumeGameServerGroupAsync(gamelift::ResumeGameServerGroupRequest request,
                                          CallOptions options, Callback<Group> done) = 0;
  virtual void ListGameServerGroupsAsync(gamelift::ListGameServerGroupsRequest request,
                                         CallOptions options, Callback<Page<Group>> done) = 0;
  virtual void DescribeGameServerInstancesAsync(
      gamelift::DescribeGameServerInstancesRequest request, CallOptions options,
      Callback<Page<Instance>> done) = 0;

  // The same, blocking.
  StatusOr<Server> ClaimGameServer(gamelift::ClaimGameServerRequest request,
                                   CallOptions options = {});
  StatusOr<Server> RegisterGameServer(gamelift::RegisterGameServerRequest request,
                                      CallOptions options = {});
  StatusOr<Server> UpdateGameServer(gamelift::UpdateGameServerRequest request,
                                    CallOptions options = {});
  StatusOr<Server> DescribeGameServer(gamelift::DescribeGameServerRequest request,
                                      CallOptions options = {});
  Status DeregisterGameServer(gamelift::DeregisterGameServerRequest request,
                              CallOptions options = {});
  StatusOr<Page<Server>> ListGameServers(gamelift::ListGameServersRequest request,
                                         CallOptions options = {});
  StatusOr<Group> CreateGameServerGroup(gamelift::CreateGameServerGroupRequest request,
                                        CallOptions options = {});
  StatusOr<Group> DescribeGameServerGroup(gamelift::DescribeGameServerGroupRequest request,
                                          CallOptions options = {});
  StatusOr<Group> UpdateGameServerGroup(gamelift::UpdateGameServerGroupRequest request,
                                        CallOptions options = {});
  StatusOr<Group> DeleteGameServerGroup(gamelift::DeleteGameServerGroupRequest request,
                                        CallOptions options = {});
  StatusOr<Group> SuspendGameServerGroup(gamelift::SuspendGameServerGroupRequest request,
                                         CallOptions options = {});
  StatusOr<Group> ResumeGameServerGroup(gamelift::ResumeGameServerGroupRequest request,
                                        CallOptions options = {});
  StatusOr<Page<Group>> ListGameServerGroups(gamelift::ListGameServerGroupsRequest request = {},
                                             CallOptions options = {});
  StatusOr<Page<Instance>> DescribeGameServerInstances(
      gamelift::DescribeGameServerInstancesRequest request, CallOptions options = {});

  // All pages, from request.next_token on; `options` are of each page. The client must outlive the
  // range.
  PageRange<Server> AllGameServers(gamelift::ListGameServersRequest request,
                                   CallOptions options = {});
  PageRange<Group> AllGameServerGroups(gamelift::ListGameServerGroupsRequest request = {},
                                       CallOptions options = {});
  PageRange<Instance> AllGameServerInstances(gamelift::DescribeGameServerInstancesRequest request,
                                             CallOptions options = {});
};

// Does not connect.
GSH_EXPORT StatusOr<std::unique_ptr<GameLift>> MakeGameLift(AwsOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_GAMELIFT_H_
