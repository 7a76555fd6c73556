// The partitions of AWS: which suffixes the hosts of a region have.
#ifndef GSH_SRC_AWS_CONFIG_PARTITIONS_H_
#define GSH_SRC_AWS_CONFIG_PARTITIONS_H_

#include <string_view>

namespace gsh::aws {

struct Partition {
  std::string_view id;                     // "aws-cn"
  std::string_view dns_suffix;             // "amazonaws.com.cn"
  std::string_view dual_stack_dns_suffix;  // "api.amazonwebservices.com.cn"
};

// By the region's name ("us-gov-west-1", "aws-cn-global"); what matches no partition is in "aws",
// as the endpoint rules of botocore 1.44 (data/partitions.json) say.
const Partition& PartitionOf(std::string_view region);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_PARTITIONS_H_
