#include "src/aws/imds/answers.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/core/bounded_json.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxJson = 1u << 20;
constexpr int kMaxDepth = 8;

Status Wrong(std::string_view what) {
  return InternalError("the metadata service answered " + std::string(what));
}

// The parser's words quote what it read, which may be a secret: they are not passed on.
StatusOr<Json> Parse(std::string_view text) {
  StatusOr<Json> json = internal::ParseBoundedJson(text, kMaxJson, kMaxDepth);
  if (!json.ok()) return Wrong("what is no JSON");
  return json;
}

StatusOr<Json> ParseObject(std::string_view text) {
  StatusOr<Json> json = Parse(text);
  if (json.ok() && !json->is_object()) return Wrong("what is no JSON object");
  return json;
}

// Empty if there is none, or null.
std::string TextAt(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<WallTime> TimeAt(const Json& object, const char* name) {
  return internal::ParseUtcTime(TextAt(object, name));
}

void Wipe(Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return;
  auto& text = found->get_ref<std::string&>();
  if (!text.empty()) OPENSSL_cleanse(text.data(), text.size());
}

StatusOr<Credentials> ReadCredentials(const Json& json) {
  const std::string code = TextAt(json, "Code");
  if (!code.empty() && code != "Success") {  // services that stand in for EC2's have none
    ErrorInfo info;
    info.name = code.substr(0, 100);
    return Status(StatusCode::kFailedPrecondition,
                  "EC2 has no credentials for the instance's role: " + info.name + " " +
                      TextAt(json, "Message").substr(0, 300),
                  std::move(info));
  }
  Credentials credentials(TextAt(json, "AccessKeyId"), TextAt(json, "SecretAccessKey"),
                          TextAt(json, "Token"));
  credentials.expiration = TimeAt(json, "Expiration");
  credentials.account_id = TextAt(json, "AccountId");
  credentials.source = "instance metadata";
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
      credentials.session_token.empty() || !credentials.expiration) {
    return Wrong("credentials in which something is missing");
  }
  return credentials;
}

}  // namespace

StatusOr<std::string> ParseLine(std::string_view text) {
  const std::string_view line = Trim(text);
  if (line.empty()) return Wrong("an empty text");
  const bool controls = std::ranges::any_of(line, [](char c) { return c >= 0 && c < ' '; });
  if (controls || line.size() > 1024) return Wrong("more than one short line");
  return std::string(line);
}

StatusOr<std::vector<std::string>> ParseLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view line = Trim(text.substr(0, end)); !line.empty()) {
      StatusOr<std::string> read = ParseLine(line);
      if (!read.ok()) return read.status();
      lines.push_back(*std::move(read));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

StatusOr<WallTime> ParseTimeLine(std::string_view text) {
  const auto time = internal::ParseUtcTime(Trim(text));
  if (!time) return Wrong("what is no time");
  return *time;
}

std::optional<WallTime> ParseEventTime(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  text = Trim(text);
  if (!text.ends_with(" GMT")) return internal::ParseUtcTime(text);
  text.remove_suffix(4);
  const std::size_t space = text.find(' ');  // after "21" or "1"
  if (space != 1 && space != 2) return std::nullopt;
  const std::string day = (space == 1 ? "0" : "") + std::string(text.substr(0, space));
  text.remove_prefix(space + 1);
  const auto month = std::ranges::find(kMonths, text.substr(0, 3));
  constexpr std::size_t kRest = std::string_view("Jan 2026 09:00:43").size();
  if (month == kMonths.end() || text.size() != kRest || text[3] != ' ' || text[8] != ' ') {
    return std::nullopt;
  }
  const auto number = static_cast<int>(month - kMonths.begin()) + 1;
  std::string iso(text.substr(4, 4));
  iso += (number < 10 ? "-0" : "-") + std::to_string(number) + "-" + day + "T";
  iso.append(text.substr(9)).append("Z");
  return internal::ParseUtcTime(iso);
}

StatusOr<InstanceIdentity> ParseIdentity(std::string_view json) {
  const StatusOr<Json> object = ParseObject(json);
  if (!object.ok()) return object.status();
  InstanceIdentity identity{.account_id = TextAt(*object, "accountId"),
                            .instance_id = TextAt(*object, "instanceId"),
                            .instance_type = TextAt(*object, "instanceType"),
                            .region = TextAt(*object, "region"),
                            .availability_zone = TextAt(*object, "availabilityZone"),
                            .image_id = TextAt(*object, "imageId"),
                            .architecture = TextAt(*object, "architecture"),
                            .private_ip = TextAt(*object, "privateIp"),
                            .pending_time = TimeAt(*object, "pendingTime"),
                            .document = std::string(json)};
  if (identity.instance_id.empty() || identity.region.empty()) {
    return Wrong("an identity document without instance or region");
  }
  return identity;
}

StatusOr<SpotInstanceAction> ParseSpotAction(std::string_view json) {
  const StatusOr<Json> object = ParseObject(json);
  if (!object.ok()) return object.status();
  const auto time = TimeAt(*object, "time");
  SpotInstanceAction action{.action = TextAt(*object, "action")};
  if (action.action.empty() || !time) return Wrong("a Spot notice without action or time");
  action.time = *time;
  return action;
}

StatusOr<WallTime> ParseRebalance(std::string_view json) {
  const StatusOr<Json> object = ParseObject(json);
  if (!object.ok()) return object.status();
  const auto time = TimeAt(*object, "noticeTime");
  if (!time) return Wrong("a rebalance recommendation without its time");
  return *time;
}

StatusOr<std::vector<ScheduledEvent>> ParseScheduledEvents(std::string_view json) {
  const StatusOr<Json> list = Parse(json);
  if (!list.ok()) return list.status();
  if (!list->is_array()) return Wrong("scheduled events that are no list");
  std::vector<ScheduledEvent> events;
  for (const Json& item : *list) {
    if (!item.is_object()) return Wrong("a scheduled event that is no JSON object");
    events.push_back({.event_id = TextAt(item, "EventId"),
                      .code = TextAt(item, "Code"),
                      .state = TextAt(item, "State"),
                      .description = TextAt(item, "Description"),
                      .not_before = ParseEventTime(TextAt(item, "NotBefore")),
                      .not_after = ParseEventTime(TextAt(item, "NotAfter")),
                      .not_before_deadline = ParseEventTime(TextAt(item, "NotBeforeDeadline"))});
    if (events.back().event_id.empty() || events.back().code.empty()) {
      return Wrong("a scheduled event without its id or code");
    }
  }
  return events;
}

StatusOr<Credentials> ParseIamCredentials(std::string_view json) {
  StatusOr<Json> object = ParseObject(json);
  if (!object.ok()) return object.status();
  StatusOr<Credentials> credentials = ReadCredentials(*object);
  Wipe(*object, "SecretAccessKey");
  Wipe(*object, "Token");
  return credentials;
}

}  // namespace gsh::aws
