#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "gsh/aws/instance_metadata.h"
#include "tools/aws/output.h"
#include "tools/aws/service_commands.h"

namespace gsh::aws_tool {
namespace {

using aws::InstanceMetadata;
using Run = std::function<StatusOr<Json>(InstanceMetadata&, const CallOptions&)>;

StatusOr<Json> Identity(InstanceMetadata& imds, const CallOptions& options) {
  const auto identity = imds.Identity(options);
  if (!identity.ok()) return identity.status();
  Json json = {{"instance_id", identity->instance_id}, {"region", identity->region}};
  Add(json, "account_id", identity->account_id);
  Add(json, "availability_zone", identity->availability_zone);
  Add(json, "instance_type", identity->instance_type);
  Add(json, "image_id", identity->image_id);
  Add(json, "architecture", identity->architecture);
  Add(json, "private_ip", identity->private_ip);
  Add(json, "pending_time", identity->pending_time);
  return json;
}

Json JsonOf(const aws::ScheduledEvent& event) {
  Json json = {{"event_id", event.event_id}, {"code", event.code}};
  Add(json, "state", event.state);
  Add(json, "not_before", event.not_before);
  Add(json, "not_after", event.not_after);
  return json;
}

// All that may end the instance; what has not been announced is left out.
StatusOr<Json> Notices(InstanceMetadata& imds, const CallOptions& options) {
  Json json = Json::object();
  const auto action = imds.SpotAction(options);
  if (!action.ok()) return action.status();
  if (*action) {
    json["action"] = (*action)->action;
    Add(json, "time", std::optional((*action)->time));
  }
  const auto rebalance = imds.RebalanceRecommendation(options);
  if (!rebalance.ok()) return rebalance.status();
  Add(json, "rebalance_recommended", *rebalance);
  const auto events = imds.ScheduledEvents(options);
  if (!events.ok()) return events.status();
  for (const auto& event : *events) json["scheduled_events"].push_back(JsonOf(event));
  const auto state = imds.AutoScalingTargetState(options);
  if (!state.ok()) return state.status();
  Add(json, "target_lifecycle_state", state->value_or(""));
  return json;
}

StatusOr<Json> Get(InstanceMetadata& imds, std::string path, const CallOptions& options) {
  for (const char* prefix : {"/", "latest/"}) {
    if (path.starts_with(prefix)) path.erase(0, std::string(prefix).size());
  }
  const auto text = imds.Get(path, options);
  if (text.ok()) return Json(*text);
  if (text.status().code() != StatusCode::kNotFound) return text.status();
  return NotFoundError("the instance has no " + path +
                       " (a path that ends in / lists what is below it: meta-data/)");
}

Status RunOn(const CommonFlags& common, const Run& run, const std::string& output,
             std::stop_token stop) {
  const auto imds = aws::MakeInstanceMetadata(
      {.endpoint_url = common.options.endpoint_url, .profile = common.options.profile});
  if (!imds.ok()) return imds.status();
  return Print(std::cout, run(**imds, {.stop = std::move(stop)}), output);
}

}  // namespace

void AddImdsCommands(CLI::App& cli, Commands& commands, const CommonFlags& common) {
  CommandGroup group(cli, commands, "imds", "the instance's own metadata",
                     "  gsh-aws imds get meta-data/\n"
                     "  gsh-aws imds get meta-data/placement/availability-zone\n"
                     "  gsh-aws imds spot\n");
  const auto path = std::make_shared<std::string>();
  const auto get = [&common, path](service::Program& program) {
    const Run run = [path](InstanceMetadata& imds, const CallOptions& options) {
      return Get(imds, *path, options);
    };
    return RunOn(common, run, "text", program.stop());
  };
  group.Add("get", "the text at a path, as it stands", get)
      .add_option("path", *path, "below /latest/: meta-data/instance-id")
      ->required();
  const auto add = [&](const char* name, const char* help, const Run& run) {
    group.Add(name, help, [&common, run](service::Program& program) {
      return RunOn(common, run, common.output, program.stop());
    });
  };
  add("identity", "which instance this is", Identity);
  add("spot", "what is announced to end it; and what its Auto Scaling group wants of it", Notices);
}

}  // namespace gsh::aws_tool
