#include "src/aws/config/partitions.h"

#include <algorithm>
#include <array>

#include "src/aws/config/ascii.h"

namespace gsh::aws {
namespace {

struct Row {
  Partition partition;
  std::array<std::string_view, 9> prefixes;  // of its regions' names
};

// All of them have FIPS endpoints and dual stack.
constexpr Row kPartitions[] = {
    {{"aws", "amazonaws.com", "api.aws"}, {"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"}},
    {{"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"}, {"cn"}},
    {{"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"}, {"eusc-de"}},
    {{"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"}, {"us-iso"}},
    {{"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"}, {"us-isob"}},
    {{"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}, {"eu-isoe"}},
    {{"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"}, {"us-isof"}},
    {{"aws-us-gov", "amazonaws.com", "api.aws"}, {"us-gov"}},
};

// "PREFIX-word-digits".
bool HasPrefix(std::string_view region, std::string_view prefix) {
  if (prefix.empty() || !region.starts_with(prefix)) return false;
  region.remove_prefix(prefix.size());
  if (!region.starts_with('-')) return false;
  region.remove_prefix(1);
  const std::size_t dash = region.find('-');
  if (dash == region.npos || dash == 0) return false;
  const std::string_view digits = region.substr(dash + 1);
  return !digits.empty() && std::ranges::all_of(digits, IsDigit);
}

}  // namespace

const Partition& PartitionOf(std::string_view region) {
  constexpr std::string_view kGlobal = "-global";
  for (const Row& row : kPartitions) {
    const std::string_view id = row.partition.id;
    if (region.size() == id.size() + kGlobal.size() && region.starts_with(id) &&
        region.ends_with(kGlobal)) {
      return row.partition;
    }
    for (const std::string_view prefix : row.prefixes) {
      if (HasPrefix(region, prefix)) return row.partition;
    }
  }
  return kPartitions[0].partition;
}

}  // namespace gsh::aws
