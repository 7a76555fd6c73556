#include "src/testing/sandbox/aws/sts.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <utility>

#include "src/core/bounded_json.h"
#include "src/core/utc_time.h"
#include "src/testing/sandbox/aws/random_text.h"
#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/web_identity.h"

namespace gsh::testing::aws {
namespace {

constexpr int kUsualLife = 3600;
constexpr int kLongestChainedLife = 3600;

std::string Get(const QueryParameters& parameters, const char* name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

Status ValidationError(std::string message) {
  return ServiceError("ValidationError", std::move(message));
}

// "arn:aws:iam::123456789012:role/path/game".
struct Role {
  std::string partition = {};
  std::string account = {};
  std::string name = {};  // without its path
};

std::optional<Role> ParseRole(const std::string& arn) {
  static const std::regex kArn("arn:(aws[a-z-]*):iam::([0-9]{12}):role/(?:[!-~]*/)?([\\w+=,.@-]+)");
  std::smatch parts;
  if (arn.size() > 2048 || !std::regex_match(arn, parts, kArn)) return std::nullopt;
  return Role{.partition = parts[1], .account = parts[2], .name = parts[3]};
}

bool IsSessionName(const std::string& name) {
  static const std::regex kName("[\\w+=,.@-]{2,64}");
  return name.size() <= 64 && std::regex_match(name, kName);
}

StatusOr<int> LifeOf(const QueryParameters& parameters, bool chained) {
  const std::string text = Get(parameters, "DurationSeconds");
  if (text.empty()) return kUsualLife;
  static const std::regex kNumber("[0-9]{1,6}");
  const int seconds = std::regex_match(text, kNumber) ? std::stoi(text) : -1;
  if (seconds < 900 || seconds > 43'200) {
    return ValidationError("DurationSeconds must be from 900 to 43200");
  }
  if (chained && seconds > kLongestChainedLife) {
    return ValidationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining");
  }
  return seconds;
}

Status CheckPolicy(const std::string& policy) {
  if (policy.empty()) return OkStatus();
  const auto json = internal::ParseBoundedJson(policy, 65536, 32);
  if (json.ok() && json->is_object()) return OkStatus();
  return ServiceError("MalformedPolicyDocument", "This policy contains invalid Json");
}

}  // namespace

StatusOr<std::string> Sts::Call(const std::string& operation, const QueryParameters& parameters,
                                const Principal& caller) {
  if (operation == "AssumeRole") return AssumeRole(parameters, caller);
  if (operation == "AssumeRoleWithWebIdentity") return AssumeRoleWithWebIdentity(parameters);
  if (operation != "GetCallerIdentity") {
    return ServiceError("InvalidAction", "The sandbox has no " + operation);
  }
  return XmlElement("Arn", caller.arn) + XmlElement("UserId", caller.user_id) +
         XmlElement("Account", caller.account);
}

StatusOr<std::string> Sts::AssumeRole(const QueryParameters& parameters, const Principal& caller) {
  const std::string external_id = Get(parameters, "ExternalId");
  if (!external_id.empty() && (external_id.size() < 2 || external_id.size() > 1224)) {
    return ValidationError("ExternalId must have 2 to 1224 characters");
  }
  return Session(parameters, caller.arn.find(":assumed-role/") != caller.arn.npos);
}

StatusOr<std::string> Sts::AssumeRoleWithWebIdentity(const QueryParameters& parameters) {
  const auto identity = ReadWebIdentity(Get(parameters, "WebIdentityToken"), clock_.Now());
  if (!identity.ok()) return identity.status();
  auto session = Session(parameters, false);
  if (!session.ok()) return session;
  return *session + XmlElement("SubjectFromWebIdentityToken", identity->subject) +
         XmlElement("Audience", identity->audience) + XmlElement("Provider", identity->issuer);
}

StatusOr<std::string> Sts::Session(const QueryParameters& parameters, bool chained) {
  const std::string arn = Get(parameters, "RoleArn");
  const auto role = ParseRole(arn);
  if (!role) return ValidationError(arn + " is invalid");
  const std::string name = Get(parameters, "RoleSessionName");
  if (!IsSessionName(name)) {
    return ValidationError("RoleSessionName must have 2 to 64 of letters, digits and _+=,.@-");
  }
  const auto life = LifeOf(parameters, chained);
  if (!life.ok()) return life.status();
  if (Status status = CheckPolicy(Get(parameters, "Policy")); !status.ok()) return status;
  const Principal who{.account = role->account,
                      .arn = "arn:" + role->partition + ":sts::" + role->account +
                             ":assumed-role/" + role->name + "/" + name,
                      .user_id = RoleId(arn) + ":" + name};
  const TemporaryKey key = keys_.Issue(who, std::chrono::seconds(*life));
  return "<Credentials>" + XmlElement("AccessKeyId", key.access_key_id) +
         XmlElement("SecretAccessKey", key.secret_access_key) +
         XmlElement("SessionToken", key.session_token) +
         XmlElement("Expiration", internal::FormatUtcTime(key.expiration)) +
         "</Credentials><AssumedRoleUser>" + XmlElement("AssumedRoleId", who.user_id) +
         XmlElement("Arn", who.arn) + "</AssumedRoleUser>";
}

std::string Sts::RoleId(const std::string& arn) {
  std::lock_guard lock(mutex_);
  std::string& id = role_ids_[arn];
  if (id.empty()) id = "AROA" + RandomUpper(rng_, 17);
  return id;
}

}  // namespace gsh::testing::aws
