// aws::AutoScaling: what an EC2 instance has to do with its Auto Scaling group (API 2011-01-01).
#ifndef GSH_AWS_AUTOSCALING_H_
#define GSH_AWS_AUTOSCALING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/options.h"
#include "gsh/aws/pages.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {
namespace autoscaling {

struct Instance {
  std::string instance_id = {};
  std::string instance_type = {};
  std::string group_name = {};
  std::string availability_zone = {};
  std::string lifecycle_state = {};  // "InService", "Terminating:Wait" ...
  std::string health_status = {};    // "HEALTHY", "UNHEALTHY"
  bool protected_from_scale_in = false;
  std::string weighted_capacity = {};
  std::string launch_template_id = {};
  std::string launch_template_version = {};
};

struct DescribeInstancesRequest {
  std::vector<std::string> instance_ids = {};    // up to 50; empty: all of the account
  std::optional<std::int32_t> max_records = {};  // of one page, 1 to 50
  std::string next_token = {};
};

// One instance that waits in a life-cycle hook: its token, or the instance's id.
struct LifecycleAction {
  std::string hook_name = {};   // required
  std::string group_name = {};  // required
  std::string token = {};       // 36 characters, from the hook's notification
  std::string instance_id = {};
};

// CompleteLifecycleAction's result.
inline constexpr std::string_view kContinue = "CONTINUE";
inline constexpr std::string_view kAbandon = "ABANDON";

}  // namespace autoscaling

// A port; see openmatch::Frontend for how such are used. All calls may be repeated: a repeat of a
// CompleteLifecycleAction whose first answer was lost is InvalidArgument (ValidationError, "No
// active Lifecycle Action found"), with ErrorInfo::attempts above 1.
class GSH_EXPORT AutoScaling {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;
  using Instance = autoscaling::Instance;

  virtual ~AutoScaling() = default;

  virtual void DescribeInstancesAsync(autoscaling::DescribeInstancesRequest request,
                                      CallOptions options, Callback<Page<Instance>> done) = 0;
  // More time for the hook: its heartbeat timeout from now on.
  virtual void RecordLifecycleActionHeartbeatAsync(autoscaling::LifecycleAction action,
                                                   CallOptions options,
                                                   std::function<void(Status)> done) = 0;
  // `result`: kContinue or kAbandon; a terminating instance is terminated either way.
  virtual void CompleteLifecycleActionAsync(autoscaling::LifecycleAction action, std::string result,
                                            CallOptions options,
                                            std::function<void(Status)> done) = 0;

  StatusOr<Page<Instance>> DescribeInstances(autoscaling::DescribeInstancesRequest request = {},
                                             CallOptions options = {});
  Status RecordLifecycleActionHeartbeat(autoscaling::LifecycleAction action,
                                        CallOptions options = {});
  Status CompleteLifecycleAction(autoscaling::LifecycleAction action,
                                 std::string result = std::string(autoscaling::kContinue),
                                 CallOptions options = {});

  // All pages; `options` are of each. The client must outlive the range.
  PageRange<Instance> AllInstances(autoscaling::DescribeInstancesRequest request = {},
                                   CallOptions options = {});
};

// Does not connect.
GSH_EXPORT StatusOr<std::unique_ptr<AutoScaling>> MakeAutoScaling(AwsOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_AUTOSCALING_H_
