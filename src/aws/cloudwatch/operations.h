// The operations of CloudWatch that this library calls.
#ifndef GSH_SRC_AWS_CLOUDWATCH_OPERATIONS_H_
#define GSH_SRC_AWS_CLOUDWATCH_OPERATIONS_H_

#include <array>

#include "src/aws/config/service.h"
#include "src/rpc/common/method.h"

namespace gsh::aws::cloudwatch {

inline constexpr Service kCloudWatch{.name = "aws.CloudWatch",
                                     .id = "CloudWatch",
                                     .signing_name = "monitoring",
                                     .endpoint_prefix = "monitoring",
                                     .protocol = Protocol::kQuery,
                                     .target_prefix = "",
                                     .version = "2010-08-01"};

// A second one would count all values again.
inline constexpr rpc::Method kPutMetricData{"aws.CloudWatch", "PutMetricData",
                                            rpc::Idempotency::kOnce};

inline constexpr std::array kOperations = {kPutMetricData};

}  // namespace gsh::aws::cloudwatch

#endif  // GSH_SRC_AWS_CLOUDWATCH_OPERATIONS_H_
