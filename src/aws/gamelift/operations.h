// The operations of GameLift FleetIQ, and which may be repeated.
#ifndef GSH_SRC_AWS_GAMELIFT_OPERATIONS_H_
#define GSH_SRC_AWS_GAMELIFT_OPERATIONS_H_

#include <array>

#include "src/aws/config/service.h"
#include "src/rpc/common/method.h"

namespace gsh::aws::gamelift {

inline constexpr Service kGameLift{.name = "aws.GameLift",
                                   .id = "GameLift",
                                   .signing_name = "gamelift",
                                   .endpoint_prefix = "gamelift",
                                   .protocol = Protocol::kJson11,
                                   .target_prefix = "GameLift",
                                   .version = "2015-10-01"};

// A second claim would take a second server.
inline constexpr rpc::Method kClaimGameServer{"aws.GameLift", "ClaimGameServer",
                                              rpc::Idempotency::kOnce};
inline constexpr rpc::Method kCreateGameServerGroup{"aws.GameLift", "CreateGameServerGroup"};
inline constexpr rpc::Method kDeleteGameServerGroup{"aws.GameLift", "DeleteGameServerGroup"};
inline constexpr rpc::Method kDeregisterGameServer{"aws.GameLift", "DeregisterGameServer"};
inline constexpr rpc::Method kDescribeGameServer{"aws.GameLift", "DescribeGameServer"};
inline constexpr rpc::Method kDescribeGameServerGroup{"aws.GameLift", "DescribeGameServerGroup"};
inline constexpr rpc::Method kDescribeGameServerInstances{"aws.GameLift",
                                                          "DescribeGameServerInstances"};
inline constexpr rpc::Method kListGameServerGroups{"aws.GameLift", "ListGameServerGroups"};
inline constexpr rpc::Method kListGameServers{"aws.GameLift", "ListGameServers"};
inline constexpr rpc::Method kRegisterGameServer{"aws.GameLift", "RegisterGameServer"};
inline constexpr rpc::Method kResumeGameServerGroup{"aws.GameLift", "ResumeGameServerGroup"};
inline constexpr rpc::Method kSuspendGameServerGroup{"aws.GameLift", "SuspendGameServerGroup"};
inline constexpr rpc::Method kUpdateGameServer{"aws.GameLift", "UpdateGameServer"};
inline constexpr rpc::Method kUpdateGameServerGroup{"aws.GameLift", "UpdateGameServerGroup"};

inline constexpr std::array kOperations = {kClaimGameServer,
                                           kCreateGameServerGroup,
                                           kDeleteGameServerGroup,
                                           kDeregisterGameServer,
                                           kDescribeGameServer,
                                           kDescribeGameServerGroup,
                                           kDescribeGameServerInstances,
                                           kListGameServerGroups,
                                           kListGameServers,
                                           kRegisterGameServer,
                                           kResumeGameServerGroup,
                                           kSuspendGameServerGroup,
                                           kUpdateGameServer,
                                           kUpdateGameServerGroup};

}  // namespace gsh::aws::gamelift

#endif  // GSH_SRC_AWS_GAMELIFT_OPERATIONS_H_
