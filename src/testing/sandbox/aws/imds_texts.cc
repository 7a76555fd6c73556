// What the metadata service has at each path.
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "src/core/utc_time.h"
#include "src/testing/sandbox/aws/imds.h"

namespace gsh::testing::aws {
namespace {

using internal::FormatUtcTime;
using Json = nlohmann::ordered_json;

// "21 Jan 2026 09:00:43 GMT".
std::string EventTime(WallTime time) {
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t whole = std::chrono::system_clock::to_time_t(time);
  std::tm parts = {};
  gmtime_r(&whole, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%d %s %d %02d:%02d:%02d GMT", parts.tm_mday,
                kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

std::string HostName(std::string prefix, const std::string& ipv4, const std::string& suffix) {
  for (const char c : ipv4) prefix += c == '.' ? '-' : c;
  return prefix + suffix;
}

}  // namespace

Imds::Texts Imds::AllTexts() {
  const SandboxInstance& instance = options_.instance;
  Texts texts = {{"meta-data/ami-id", instance.image_id},
                 {"meta-data/instance-id", instance.instance_id},
                 {"meta-data/instance-type", instance.instance_type},
                 {"meta-data/instance-life-cycle", instance.life_cycle},
                 {"dynamic/instance-identity/document", Document()}};
  AddPlaces(texts);
  AddNotices(texts);
  for (const auto& [key, value] : instance.tags) texts["meta-data/tags/instance/" + key] = value;
  if (!instance.role.empty()) AddRole(texts);
  return texts;
}

void Imds::AddPlaces(Texts& texts) const {
  const SandboxInstance& instance = options_.instance;
  texts["meta-data/placement/region"] = options_.region;
  texts["meta-data/placement/availability-zone"] =
      options_.region + instance.availability_zone_suffix;
  const std::string local =
      HostName("ip-", instance.local_ipv4, "." + options_.region + ".compute.internal");
  texts["meta-data/hostname"] = local;
  texts["meta-data/local-hostname"] = local;
  texts["meta-data/local-ipv4"] = instance.local_ipv4;
  if (!instance.public_ipv4.empty()) {
    texts["meta-data/public-ipv4"] = instance.public_ipv4;
    texts["meta-data/public-hostname"] =
        HostName("ec2-", instance.public_ipv4, "." + options_.region + ".compute.amazonaws.com");
  }
  if (!instance.ipv6.empty()) texts["meta-data/ipv6"] = instance.ipv6;
}

void Imds::AddNotices(Texts& texts) const {
  texts["meta-data/events/maintenance/history"] = "[]";
  texts["meta-data/events/maintenance/scheduled"] = EventsJson();
  if (!target_state_.empty()) {
    texts["meta-data/autoscaling/target-lifecycle-state"] = target_state_;
  }
  if (rebalance_) {
    texts["meta-data/events/recommendations/rebalance"] =
        Json{{"noticeTime", FormatUtcTime(*rebalance_)}}.dump();
  }
  if (!spot_time_) return;
  const std::string time = FormatUtcTime(*spot_time_);
  texts["meta-data/spot/instance-action"] = Json{{"action", spot_action_}, {"time", time}}.dump();
  if (spot_action_ == "terminate") texts["meta-data/spot/termination-time"] = time;
}

std::string Imds::EventsJson() const {
  Json list = Json::array();
  for (const Event& event : events_) {
    list.push_back({{"NotBefore", EventTime(event.not_before)},
                    {"Code", event.code},
                    {"Description", "scheduled by the sandbox"},
                    {"EventId", event.id},
                    {"NotAfter", EventTime(event.not_before + std::chrono::hours(2))},
                    {"State", event.state}});
  }
  return list.dump();
}

void Imds::AddRole(Texts& texts) {
  const std::string& role = options_.instance.role;
  const TemporaryKey credentials = CurrentCredentials();
  const std::string arn = "arn:aws:iam::" + options_.account_id + ":instance-profile/" + role;
  texts["meta-data/iam/info"] = Json{{"Code", "Success"},
                                     {"LastUpdated", FormatUtcTime(credentials.issued)},
                                     {"InstanceProfileArn", arn},
                                     {"InstanceProfileId", "AIPASANDBOX0000000000"}}
                                    .dump();
  texts["meta-data/iam/security-credentials/" + role] = Json{
      {"Code", "Success"},
      {"LastUpdated", FormatUtcTime(credentials.issued)},
      {"Type", "AWS-HMAC"},
      {"AccessKeyId", credentials.access_key_id},
      {"SecretAccessKey", credentials.secret_access_key},
      {"Token", credentials.session_token},
      {"Expiration", FormatUtcTime(credentials.expiration)}}.dump();
}

std::string Imds::Document() const {
  const SandboxInstance& instance = options_.instance;
  const bool arm = instance.instance_type.find("g.") != std::string::npos;
  return Json{{"accountId", options_.account_id},
              {"architecture", arm ? "arm64" : "x86_64"},
              {"availabilityZone", options_.region + instance.availability_zone_suffix},
              {"billingProducts", nullptr},
              {"devpayProductCodes", nullptr},
              {"imageId", instance.image_id},
              {"instanceId", instance.instance_id},
              {"instanceType", instance.instance_type},
              {"kernelId", nullptr},
              {"marketplaceProductCodes", nullptr},
              {"pendingTime", FormatUtcTime(started_)},
              {"privateIp", instance.local_ipv4},
              {"ramdiskId", nullptr},
              {"region", options_.region},
              {"version", "2017-09-30"}}
      .dump(2);
}

}  // namespace gsh::testing::aws
