#include "src/testing/sandbox/aws/control.h"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "src/core/bounded_json.h"

namespace gsh::testing::aws {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kRoot = "/_sandbox/";

std::string Text(const Json& json, const char* name, const char* otherwise = "") {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

int Number(const Json& json, const char* name, int otherwise) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<int>() : otherwise;
}

std::chrono::seconds Seconds(const Json& json, const char* name, int otherwise) {
  return std::chrono::seconds(Number(json, name, otherwise));
}

using Command = std::function<void(AwsSandbox&, const Json&)>;

const std::map<std::string, Command, std::less<>>& Commands() {
  static const std::map<std::string, Command, std::less<>> kCommands = {
      {"spot-interruption",
       [](AwsSandbox& sandbox, const Json& json) {
         sandbox.InterruptSpot(Text(json, "action", "terminate"), Seconds(json, "seconds", 120));
       }},
      {"rebalance", [](AwsSandbox& sandbox, const Json&) { sandbox.RecommendRebalance(); }},
      {"scheduled-event",
       [](AwsSandbox& sandbox, const Json& json) {
         sandbox.ScheduleEvent(Text(json, "event_id", "instance-event-0123456789abcdef0"),
                               Text(json, "code", "system-reboot"), Text(json, "state", "active"),
                               Seconds(json, "seconds", 3600));
       }},
      {"target-lifecycle-state",
       [](AwsSandbox& sandbox, const Json& json) {
         sandbox.SetAutoScalingTargetState(Text(json, "state"));
       }},
      {"clear-events", [](AwsSandbox& sandbox, const Json&) { sandbox.ClearEvents(); }},
      {"forget-tokens", [](AwsSandbox& sandbox, const Json&) { sandbox.ForgetImdsTokens(); }},
      {"expire-credentials", [](AwsSandbox& sandbox, const Json&) { sandbox.ExpireCredentials(); }},
      {"instance",
       [](AwsSandbox& sandbox, const Json& json) {
         const std::string status = Text(json, "status", "ACTIVE");
         const std::string group = Text(json, "group");
         const std::string instance = Text(json, "instance");
         if (status == "REMOVED") {
           sandbox.RemoveInstance(group, instance);
         } else {
           sandbox.SetInstance(group, instance, status);
         }
       }},
      {"fault",
       [](AwsSandbox& sandbox, const Json& json) {
         sandbox.InjectFault({.operation = Text(json, "operation"),
                              .http_status = Number(json, "http_status", 400),
                              .name = Text(json, "name", "ThrottlingException"),
                              .message = Text(json, "message", "Rate exceeded"),
                              .times = Number(json, "times", 1),
                              .after = json.value("after", Json(false)) == true});
       }},
      {"clear-faults", [](AwsSandbox& sandbox, const Json&) { sandbox.ClearFaults(); }}};
  return kCommands;
}

}  // namespace

bool IsControl(const http::Request& request) { return request.path.starts_with(kRoot); }

http::Response AnswerControl(const http::Request& request, AwsSandbox& sandbox) {
  if (!request.peer.starts_with("127.")) return {.code = 403, .body = "from this machine alone\n"};
  const std::string name = request.path.substr(kRoot.size());
  if (name == "requests") {
    return {.content_type = "application/json", .body = Json(sandbox.TakeRequests()).dump()};
  }
  const auto command = Commands().find(name);
  if (command == Commands().end()) return {.code = 404, .body = "no such command\n"};
  if (request.method != "POST") return {.code = 405, .body = "POST it\n"};
  const auto json = request.body.empty() ? StatusOr<Json>(Json::object())
                                         : internal::ParseBoundedJson(request.body, 65536, 4);
  if (!json.ok() || !json->is_object())
    return {.code = 400, .body = "the body is no JSON object\n"};
  command->second(sandbox, *json);
  return {.code = 200, .content_type = "application/json", .body = "{}"};
}

}  // namespace gsh::testing::aws
