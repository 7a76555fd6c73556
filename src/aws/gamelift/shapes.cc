#include "src/aws/gamelift/shapes.h"

#include <algorithm>
#include <array>

#include "src/aws/client/xml_text.h"
#include "src/aws/config/ascii.h"

namespace gsh::aws::gamelift {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsNameChar(char c) { return IsAlphaNumeric(c) || c == '-' || c == '.'; }
bool IsLine(std::string_view text) { return text.find_first_of("\r\n") == text.npos; }

bool IsName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsNameChar);
}

// "arn:", anything, `mark`, and a name at the end.
bool IsArnWith(std::string_view text, std::string_view mark, bool name_may_be_empty) {
  const std::size_t found = text.rfind(mark);
  if (!text.starts_with("arn:") || found == text.npos || found < 4 || !IsLine(text)) return false;
  const std::string_view name = text.substr(found + mark.size());
  return IsName(name) || (name.empty() && name_may_be_empty);
}
bool IsGroupArn(std::string_view text) { return IsArnWith(text, ":gameservergroup/", true); }
bool IsNameOrArn(std::string_view text) {
  return IsName(text) || IsArnWith(text, ":gameservergroup/", false);
}

// The pattern has no end: what follows the name does not matter.
bool IsRoleArn(std::string_view text) {
  constexpr std::string_view kMark = ":role/";
  if (!text.starts_with("arn:")) return false;
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  for (std::size_t at = line.find(kMark, 4); at != line.npos; at = line.find(kMark, at + 1)) {
    const std::string_view name = text.substr(at + kMark.size());
    if (name.empty()) continue;
    const char c = name.front();
    if (IsAlphaNumeric(c) || std::string_view("_+=,.@-").find(c) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool IsLineWithText(std::string_view text) {
  return IsLine(text) && text.find_first_not_of(" \t\v\f") != text.npos;
}

bool IsInstanceId(std::string_view text) {
  return text.size() == 19 && text.starts_with("i-") &&
         std::ranges::all_of(text.substr(2), IsAlphaNumeric);
}

bool IsSubnet(std::string_view text) {
  constexpr std::string_view kStart = "subnet-";
  return text.starts_with(kStart) && text.size() > kStart.size() &&
         std::ranges::all_of(text.substr(kStart.size()),
                             [](char c) { return IsDigit(c) || IsLower(c); });
}

bool IsTemplateName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return IsAlphaNumeric(c) || std::string_view("().-/_").find(c) != std::string_view::npos;
  });
}

bool IsWeight(std::string_view text) {
  return !text.empty() && text.size() <= 3 && text.front() != '0' &&
         std::ranges::all_of(text, IsDigit);
}

constexpr auto kBalancingStrategyValues =
    std::to_array<std::string_view>({"SPOT_ONLY", "SPOT_PREFERRED", "ON_DEMAND_ONLY"});
constexpr auto kFilterInstanceStatusValues =
    std::to_array<std::string_view>({"ACTIVE", "DRAINING"});
constexpr auto kGameServerClaimStatusValues = std::to_array<std::string_view>({"CLAIMED"});
constexpr auto kGameServerGroupActionValues =
    std::to_array<std::string_view>({"REPLACE_INSTANCE_TYPES"});
constexpr auto kGameServerGroupDeleteOptionValues =
    std::to_array<std::string_view>({"SAFE_DELETE", "FORCE_DELETE", "RETAIN"});
constexpr auto kGameServerGroupInstanceTypeValues = std::to_array<std::string_view>(
    {"c4.large",     "c4.xlarge",    "c4.2xlarge",   "c4.4xlarge",   "c4.8xlarge",   "c5.large",
     "c5.xlarge",    "c5.2xlarge",   "c5.4xlarge",   "c5.9xlarge",   "c5.12xlarge",  "c5.18xlarge",
     "c5.24xlarge",  "c5a.large",    "c5a.xlarge",   "c5a.2xlarge",  "c5a.4xlarge",  "c5a.8xlarge",
     "c5a.12xlarge", "c5a.16xlarge", "c5a.24xlarge", "c6g.medium",   "c6g.large",    "c6g.xlarge",
     "c6g.2xlarge",  "c6g.4xlarge",  "c6g.8xlarge",  "c6g.12xlarge", "c6g.16xlarge", "r4.large",
     "r4.xlarge",    "r4.2xlarge",   "r4.4xlarge",   "r4.8xlarge",   "r4.16xlarge",  "r5.large",
     "r5.xlarge",    "r5.2xlarge",   "r5.4xlarge",   "r5.8xlarge",   "r5.12xlarge",  "r5.16xlarge",
     "r5.24xlarge",  "r5a.large",    "r5a.xlarge",   "r5a.2xlarge",  "r5a.4xlarge",  "r5a.8xlarge",
     "r5a.12xlarge", "r5a.16xlarge", "r5a.24xlarge", "r6g.medium",   "r6g.large",    "r6g.xlarge",
     "r6g.2xlarge",  "r6g.4xlarge",  "r6g.8xlarge",  "r6g.12xlarge", "r6g.16xlarge", "m4.large",
     "m4.xlarge",    "m4.2xlarge",   "m4.4xlarge",   "m4.10xlarge",  "m5.large",     "m5.xlarge",
     "m5.2xlarge",   "m5.4xlarge",   "m5.8xlarge",   "m5.12xlarge",  "m5.16xlarge",  "m5.24xlarge",
     "m5a.large",    "m5a.xlarge",   "m5a.2xlarge",  "m5a.4xlarge",  "m5a.8xlarge",  "m5a.12xlarge",
     "m5a.16xlarge", "m5a.24xlarge", "m6g.medium",   "m6g.large",    "m6g.xlarge",   "m6g.2xlarge",
     "m6g.4xlarge",  "m6g.8xlarge",  "m6g.12xlarge", "m6g.16xlarge"});
constexpr auto kGameServerGroupStatusValues = std::to_array<std::string_view>(
    {"NEW", "ACTIVATING", "ACTIVE", "DELETE_SCHEDULED", "DELETING", "DELETED", "ERROR"});
constexpr auto kGameServerHealthCheckValues = std::to_array<std::string_view>({"HEALTHY"});
constexpr auto kGameServerInstanceStatusValues =
    std::to_array<std::string_view>({"ACTIVE", "DRAINING", "SPOT_TERMINATING"});
constexpr auto kGameServerProtectionPolicyValues =
    std::to_array<std::string_view>({"NO_PROTECTION", "FULL_PROTECTION"});
constexpr auto kGameServerUtilizationStatusValues =
    std::to_array<std::string_view>({"AVAILABLE", "UTILIZED"});
constexpr auto kSortOrderValues = std::to_array<std::string_view>({"ASCENDING", "DESCENDING"});

}  // namespace

const TextShape kAutoScalingGroupArn{
    .name = "AutoScalingGroupArn",
    .max = 256,
    .pattern = R"(^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$)",
    .matches = IsXmlText};
const TextShape kBalancingStrategy{.name = "BalancingStrategy", .values = kBalancingStrategyValues};
const TextShape kFilterInstanceStatus{.name = "FilterInstanceStatus",
                                      .values = kFilterInstanceStatusValues};
const TextShape kGameServerClaimStatus{.name = "GameServerClaimStatus",
                                       .values = kGameServerClaimStatusValues};
const TextShape kGameServerConnectionInfo{.name = "GameServerConnectionInfo",
                                          .min = 1,
                                          .max = 512,
                                          .pattern = R"(^.*\S.*$)",
                                          .matches = IsLineWithText};
const TextShape kGameServerData{.name = "GameServerData",
                                .min = 1,
                                .max = 1024,
                                .pattern = R"(^.*\S.*$)",
                                .matches = IsLineWithText};
const TextShape kGameServerGroupAction{.name = "GameServerGroupAction",
                                       .values = kGameServerGroupActionValues};
const TextShape kGameServerGroupArn{.name = "GameServerGroupArn",
                                    .min = 1,
                                    .max = 256,
                                    .pattern = R"(^arn:.*:gameservergroup\/[a-zA-Z0-9-\.]*$)",
                                    .matches = IsGroupArn};
const TextShape kGameServerGroupDeleteOption{.name = "GameServerGroupDeleteOption",
                                             .values = kGameServerGroupDeleteOptionValues};
const TextShape kGameServerGroupInstanceType{.name = "GameServerGroupInstanceType",
                                             .values = kGameServerGroupInstanceTypeValues};
const TextShape kGameServerGroupName{.name = "GameServerGroupName",
                                     .min = 1,
                                     .max = 128,
                                     .pattern = R"(^[a-zA-Z0-9-\.]+$)",
                                     .matches = IsName};
const TextShape kGameServerGroupNameOrArn{
    .name = "GameServerGroupNameOrArn",
    .min = 1,
    .max = 256,
    .pattern = R"(^([a-zA-Z0-9-\.]+|arn:.*:gameservergroup\/[a-zA-Z0-9-\.]+)$)",
    .matches = IsNameOrArn};
const TextShape kGameServerGroupStatus{.name = "GameServerGroupStatus",
                                       .values = kGameServerGroupStatusValues};
const TextShape kGameServerHealthCheck{.name = "GameServerHealthCheck",
                                       .values = kGameServerHealthCheckValues};
const TextShape kGameServerId{.name = "GameServerId",
                              .min = 3,
                              .max = 128,
                              .pattern = R"(^[a-zA-Z0-9-\.]+$)",
                              .matches = IsName};
const TextShape kGameServerInstanceId{.name = "GameServerInstanceId",
                                      .min = 19,
                                      .max = 19,
                                      .pattern = R"(^i-[0-9a-zA-Z]{17}$)",
                                      .matches = IsInstanceId};
const TextShape kGameServerInstanceStatus{.name = "GameServerInstanceStatus",
                                          .values = kGameServerInstanceStatusValues};
const TextShape kGameServerProtectionPolicy{.name = "GameServerProtectionPolicy",
                                            .values = kGameServerProtectionPolicyValues};
const TextShape kGameServerUtilizationStatus{.name = "GameServerUtilizationStatus",
                                             .values = kGameServerUtilizationStatusValues};
const TextShape kIamRoleArn{.name = "IamRoleArn",
                            .min = 1,
                            .max = 256,
                            .pattern = R"(^arn:.*:role\/[\w+=,.@-]+)",
                            .matches = IsRoleArn};
const TextShape kLaunchTemplateId{
    .name = "LaunchTemplateId",
    .min = 1,
    .max = 255,
    .pattern = R"(^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]+$)",
    .matches = IsXmlText};
const TextShape kLaunchTemplateName{.name = "LaunchTemplateName",
                                    .min = 3,
                                    .max = 128,
                                    .pattern = R"(^[a-zA-Z0-9\(\)\.\-/_]+$)",
                                    .matches = IsTemplateName};
const TextShape kLaunchTemplateVersion{
    .name = "LaunchTemplateVersion",
    .min = 1,
    .max = 128,
    .pattern = R"(^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]+$)",
    .matches = IsXmlText};
const TextShape kNonZeroAndMaxString{.name = "NonZeroAndMaxString", .min = 1, .max = 1024};
const TextShape kSortOrder{.name = "SortOrder", .values = kSortOrderValues};
const TextShape kTagKey{.name = "TagKey", .min = 1, .max = 128};
const TextShape kTagValue{.name = "TagValue", .max = 256};
const TextShape kVpcSubnet{.name = "VpcSubnet",
                           .min = 15,
                           .max = 24,
                           .pattern = R"(^subnet-[0-9a-z]+$)",
                           .matches = IsSubnet};
const TextShape kWeightedCapacity{.name = "WeightedCapacity",
                                  .min = 1,
                                  .max = 3,
                                  .pattern = R"(^[\u0031-\u0039][\u0030-\u0039]{0,2}$)",
                                  .matches = IsWeight};

}  // namespace gsh::aws::gamelift
