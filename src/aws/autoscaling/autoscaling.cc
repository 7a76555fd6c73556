// The Auto Scaling client over the query protocol.
#include "gsh/aws/autoscaling.h"

#include <algorithm>
#include <utility>

#include "src/aws/autoscaling/operations.h"
#include "src/aws/client/form.h"
#include "src/aws/client/mistakes.h"
#include "src/aws/client/service_client.h"
#include "src/aws/client/xml.h"
#include "src/core/await.h"

namespace gsh::aws {
namespace {

using namespace autoscaling;

constexpr std::size_t kMaxIds = 50;
constexpr std::size_t kMaxName = 255;

Status Check(const DescribeInstancesRequest& request) {
  Mistakes mistakes;
  mistakes.Check(request.instance_ids.size() <= kMaxIds, "InstanceIds must have at most 50");
  const bool ids = std::ranges::all_of(
      request.instance_ids, [](const std::string& id) { return !id.empty() && id.size() <= 19; });
  mistakes.Check(ids, "InstanceIds must have 1 to 19 characters each");
  mistakes.Range(request.max_records.value_or(1), 1, kMaxIds, "MaxRecords");
  return mistakes.ToStatus(kDescribeAutoScalingInstances.operation);
}

void Check(const LifecycleAction& action, Mistakes& mistakes) {
  mistakes.Length(action.hook_name, 1, kMaxName, "LifecycleHookName");
  mistakes.Length(action.group_name, 1, kMaxName, "AutoScalingGroupName");
  mistakes.Check(action.token.empty() || action.token.size() == 36,
                 "LifecycleActionToken must have 36 characters");
  mistakes.Check(action.instance_id.size() <= 19, "InstanceId must have 1 to 19 characters");
  mistakes.Check(!action.token.empty() || !action.instance_id.empty(),
                 "LifecycleActionToken or InstanceId is required");
}

Form FormOf(const LifecycleAction& action) {
  Form form;
  form.Add("LifecycleHookName", action.hook_name);
  form.Add("AutoScalingGroupName", action.group_name);
  form.AddIfAny("LifecycleActionToken", action.token);
  form.AddIfAny("InstanceId", action.instance_id);
  return form;
}

Instance ReadInstance(const XmlElement& element) {
  Instance instance{.instance_id = element.TextOf("InstanceId"),
                    .instance_type = element.TextOf("InstanceType"),
                    .group_name = element.TextOf("AutoScalingGroupName"),
                    .availability_zone = element.TextOf("AvailabilityZone"),
                    .lifecycle_state = element.TextOf("LifecycleState"),
                    .health_status = element.TextOf("HealthStatus"),
                    .protected_from_scale_in = element.TextOf("ProtectedFromScaleIn") == "true",
                    .weighted_capacity = element.TextOf("WeightedCapacity")};
  if (const XmlElement* launch = element.Find("LaunchTemplate")) {
    instance.launch_template_id = launch->TextOf("LaunchTemplateId");
    instance.launch_template_version = launch->TextOf("Version");
  }
  return instance;
}

StatusOr<Page<Instance>> ReadInstances(const std::string& body) {
  const auto root = ParseXml(body);
  if (!root.ok()) return InternalError("the service's answer: " + root.status().message());
  const XmlElement* const result = root->Find("DescribeAutoScalingInstancesResult");
  if (result == nullptr) return InternalError("the service's answer has no result");
  Page<Instance> page{.next_token = result->TextOf("NextToken")};
  if (const XmlElement* list = result->Find("AutoScalingInstances")) {
    for (const XmlElement& member : list->children) page.items.push_back(ReadInstance(member));
  }
  return page;
}

class AutoScalingClient final : public AutoScaling {
 public:
  explicit AutoScalingClient(std::unique_ptr<ServiceClient> client) : client_(std::move(client)) {}

  void DescribeInstancesAsync(DescribeInstancesRequest request, CallOptions options,
                              Callback<Page<Instance>> done) override {
    Form form;
    form.AddMembers("InstanceIds", request.instance_ids);
    if (request.max_records) form.Add("MaxRecords", std::to_string(*request.max_records));
    form.AddIfAny("NextToken", request.next_token);
    Call(kDescribeAutoScalingInstances, Check(request), std::move(form), std::move(options),
         [done = std::move(done)](const StatusOr<std::string>& answer) {
           done(answer.ok() ? ReadInstances(*answer) : answer.status());
         });
  }
  void RecordLifecycleActionHeartbeatAsync(LifecycleAction action, CallOptions options,
                                           std::function<void(Status)> done) override {
    Mistakes mistakes;
    Check(action, mistakes);
    Call(kRecordLifecycleActionHeartbeat,
         mistakes.ToStatus(kRecordLifecycleActionHeartbeat.operation), FormOf(action),
         std::move(options), StatusOnly(std::move(done)));
  }
  void CompleteLifecycleActionAsync(LifecycleAction action, std::string result, CallOptions options,
                                    std::function<void(Status)> done) override {
    Mistakes mistakes;
    Check(action, mistakes);
    mistakes.Check(result == kContinue || result == kAbandon,
                   "LifecycleActionResult must be CONTINUE or ABANDON");
    Form form = FormOf(action);
    form.Add("LifecycleActionResult", result);
    Call(kCompleteLifecycleAction, mistakes.ToStatus(kCompleteLifecycleAction.operation),
         std::move(form), std::move(options), StatusOnly(std::move(done)));
  }

 private:
  static Callback<std::string> StatusOnly(std::function<void(Status)> done) {
    return [done = std::move(done)](const StatusOr<std::string>& answer) { done(answer.status()); };
  }
  void Call(const rpc::Method& method, Status checked, Form form, CallOptions options,
            Callback<std::string> done) {
    if (!checked.ok()) {
      return client_->FailAsync(std::move(checked), std::move(options), std::move(done));
    }
    client_->CallAsync(method, form.Take(), std::move(options), std::move(done));
  }

  const std::unique_ptr<ServiceClient> client_;
};

}  // namespace

StatusOr<std::unique_ptr<AutoScaling>> MakeAutoScaling(AwsOptions options) {
  auto client = ServiceClient::Make(std::move(options), kAutoScaling);
  if (!client.ok()) return client.status();
  return std::unique_ptr<AutoScaling>(std::make_unique<AutoScalingClient>(*std::move(client)));
}

StatusOr<Page<Instance>> AutoScaling::DescribeInstances(DescribeInstancesRequest request,
                                                        CallOptions options) {
  return internal::Await<StatusOr<Page<Instance>>>(
      std::move(options), [&](CallOptions inner, auto done) {
        DescribeInstancesAsync(std::move(request), std::move(inner), std::move(done));
      });
}

Status AutoScaling::RecordLifecycleActionHeartbeat(LifecycleAction action, CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    RecordLifecycleActionHeartbeatAsync(std::move(action), std::move(inner), std::move(done));
  });
}

Status AutoScaling::CompleteLifecycleAction(LifecycleAction action, std::string result,
                                            CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    CompleteLifecycleActionAsync(std::move(action), std::move(result), std::move(inner),
                                 std::move(done));
  });
}

PageRange<Instance> AutoScaling::AllInstances(DescribeInstancesRequest request,
                                              CallOptions options) {
  return PageRange<Instance>([this, request = std::move(request),
                              options = std::move(options)](std::string token) mutable {
    if (!token.empty()) request.next_token = std::move(token);
    return DescribeInstances(request, options);
  });
}

}  // namespace gsh::aws
