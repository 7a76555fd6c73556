// The operations of Auto Scaling that this library calls.
#ifndef GSH_SRC_AWS_AUTOSCALING_OPERATIONS_H_
#define GSH_SRC_AWS_AUTOSCALING_OPERATIONS_H_

#include <array>

#include "src/aws/config/service.h"
#include "src/rpc/common/method.h"

namespace gsh::aws::autoscaling {

inline constexpr Service kAutoScaling{.name = "aws.AutoScaling",
                                      .id = "Auto Scaling",
                                      .signing_name = "autoscaling",
                                      .endpoint_prefix = "autoscaling",
                                      .protocol = Protocol::kQuery,
                                      .target_prefix = "",
                                      .version = "2011-01-01"};

inline constexpr rpc::Method kDescribeAutoScalingInstances{"aws.AutoScaling",
                                                           "DescribeAutoScalingInstances"};
inline constexpr rpc::Method kRecordLifecycleActionHeartbeat{"aws.AutoScaling",
                                                             "RecordLifecycleActionHeartbeat"};
inline constexpr rpc::Method kCompleteLifecycleAction{"aws.AutoScaling", "CompleteLifecycleAction"};

inline constexpr std::array kOperations = {
    kDescribeAutoScalingInstances, kRecordLifecycleActionHeartbeat, kCompleteLifecycleAction};

}  // namespace gsh::aws::autoscaling

#endif  // GSH_SRC_AWS_AUTOSCALING_OPERATIONS_H_
