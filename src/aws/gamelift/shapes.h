// The constraints of the API's model: lengths, patterns, enumerations.
#ifndef GSH_SRC_AWS_GAMELIFT_SHAPES_H_
#define GSH_SRC_AWS_GAMELIFT_SHAPES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace gsh::aws::gamelift {

struct TextShape {
  std::string_view name;  // the model's
  std::size_t min = 0;    // characters
  std::size_t max = std::numeric_limits<std::size_t>::max();
  std::string_view pattern = {};
  bool (*matches)(std::string_view) = nullptr;  // the pattern
  std::span<const std::string_view> values = {};
};

struct IntegerShape {
  std::string_view name;
  std::int32_t min = 0;
};

struct ListShape {
  std::string_view name;
  std::size_t min = 0;
  std::size_t max = std::numeric_limits<std::size_t>::max();
};

extern const TextShape kAutoScalingGroupArn;
extern const TextShape kBalancingStrategy;
extern const TextShape kFilterInstanceStatus;
extern const TextShape kGameServerClaimStatus;
extern const TextShape kGameServerConnectionInfo;
extern const TextShape kGameServerData;
extern const TextShape kGameServerGroupAction;
extern const TextShape kGameServerGroupArn;
extern const TextShape kGameServerGroupDeleteOption;
extern const TextShape kGameServerGroupInstanceType;
extern const TextShape kGameServerGroupName;
extern const TextShape kGameServerGroupNameOrArn;
extern const TextShape kGameServerGroupStatus;
extern const TextShape kGameServerHealthCheck;
extern const TextShape kGameServerId;
extern const TextShape kGameServerInstanceId;
extern const TextShape kGameServerInstanceStatus;
extern const TextShape kGameServerProtectionPolicy;
extern const TextShape kGameServerUtilizationStatus;
extern const TextShape kIamRoleArn;
extern const TextShape kLaunchTemplateId;
extern const TextShape kLaunchTemplateName;
extern const TextShape kLaunchTemplateVersion;
extern const TextShape kNonZeroAndMaxString;
extern const TextShape kSortOrder;
extern const TextShape kTagKey;
extern const TextShape kTagValue;
extern const TextShape kVpcSubnet;
extern const TextShape kWeightedCapacity;

inline constexpr IntegerShape kPositiveInteger{"PositiveInteger", 1};
inline constexpr IntegerShape kWholeNumber{"WholeNumber", 0};
inline constexpr double kLeastNonNegativeDouble = 0;

inline constexpr ListShape kFilterInstanceStatuses{"FilterInstanceStatuses"};
inline constexpr ListShape kGameServerGroupActions{"GameServerGroupActions", 1, 1};
inline constexpr ListShape kGameServerGroups{"GameServerGroups"};
inline constexpr ListShape kGameServerInstanceIds{"GameServerInstanceIds", 1, 20};
inline constexpr ListShape kGameServerInstances{"GameServerInstances"};
inline constexpr ListShape kGameServers{"GameServers"};
inline constexpr ListShape kInstanceDefinitions{"InstanceDefinitions", 2, 20};
inline constexpr ListShape kTagList{"TagList", 0, 200};
inline constexpr ListShape kVpcSubnets{"VpcSubnets", 1, 20};

}  // namespace gsh::aws::gamelift

#endif  // GSH_SRC_AWS_GAMELIFT_SHAPES_H_
