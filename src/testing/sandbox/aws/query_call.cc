#include "src/testing/sandbox/aws/query_call.h"

#include <algorithm>
#include <set>

#include "src/http/url.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

// The values of "InstanceIds.member.1" and so on.
std::set<std::string> ListAt(const QueryParameters& parameters, const std::string& name) {
  std::set<std::string> values;
  for (const auto& [key, value] : parameters) {
    if (key.starts_with(name + ".member.")) values.insert(value);
  }
  return values;
}

StatusOr<std::string> DescribeInstances(const AwsSandboxOptions& options,
                                        const QueryParameters& parameters) {
  const SandboxInstance& instance = options.instance;
  const std::set<std::string> wanted = ListAt(parameters, "InstanceIds");
  std::string members;
  if (!instance.auto_scaling_group.empty() &&
      (wanted.empty() || wanted.contains(instance.instance_id))) {
    members = "<member>" + XmlElement("InstanceId", instance.instance_id) +
              XmlElement("AutoScalingGroupName", instance.auto_scaling_group) +
              XmlElement("AvailabilityZone", options.region + instance.availability_zone_suffix) +
              XmlElement("LifecycleState", "InService") + XmlElement("HealthStatus", "HEALTHY") +
              XmlElement("ProtectedFromScaleIn", "false") +
              XmlElement("InstanceType", instance.instance_type) + "</member>";
  }
  return "<AutoScalingInstances>" + members + "</AutoScalingInstances>";
}

}  // namespace

std::optional<QueryParameters> ParseForm(std::string_view body) {
  QueryParameters parameters;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = http::PercentDecode(pair.substr(0, equals), true);
    const auto value = http::PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return std::nullopt;
    parameters[*name] = *value;
  }
  return parameters;
}

std::string XmlText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string XmlElement(const std::string& name, std::string_view text) {
  return "<" + name + ">" + XmlText(text) + "</" + name + ">";
}

StatusOr<std::string> CallAutoScaling(const AwsSandboxOptions& options,
                                      const std::string& operation,
                                      const QueryParameters& parameters) {
  if (operation == "DescribeAutoScalingInstances") return DescribeInstances(options, parameters);
  if (operation != "RecordLifecycleActionHeartbeat" && operation != "CompleteLifecycleAction") {
    return ServiceError("InvalidAction", "The sandbox has no " + operation);
  }
  const auto group = parameters.find("AutoScalingGroupName");
  if (group == parameters.end() || group->second != options.instance.auto_scaling_group) {
    return ServiceError("ValidationError", "AutoScalingGroup name not found");
  }
  return std::string();
}

}  // namespace gsh::testing::aws
