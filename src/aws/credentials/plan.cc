#include "src/aws/credentials/plan.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/aws/config/shell_words.h"
#include "src/aws/credentials/credential_json.h"
#include "src/aws/credentials/environment_plan.h"

namespace gsh::aws {
namespace {

using Found = std::optional<CredentialPlan>;

// AssumeRole's bounds; a role may allow less.
constexpr int kLeastDuration = 900;
constexpr int kMostDuration = 43'200;
// Each is one more call to STS, with every refresh.
constexpr std::size_t kMostProfiles = 16;

class Planner {
 public:
  Planner(const SharedConfig& config, const Env& env, bool explicit_profile)
      : config_(config), env_(env), explicit_profile_(explicit_profile) {}

  StatusOr<CredentialPlan> Plan(const std::string& profile) {
    if (!explicit_profile_) {
      auto keys = PlanEnvironmentKeys(env_);
      if (!keys.ok() || *keys) return Chosen(std::move(keys));
    }
    visited_ = {profile};
    if (HasRole(Of(profile))) return PlanRole(profile);
    auto of_profile = PlanProfile(profile, !explicit_profile_);
    if (!of_profile.ok() || *of_profile) return Chosen(std::move(of_profile));
    auto container = PlanContainer(env_);
    if (!container.ok() || *container) return Chosen(std::move(container));
    return CredentialPlan{.name = "instance metadata", .how = InstancePlan{}};
  }

 private:
  static StatusOr<CredentialPlan> Chosen(StatusOr<Found> found) {
    if (!found.ok()) return found.status();
    return **std::move(found);
  }

  const Settings& Of(const std::string& profile) const {
    static const Settings kNone;
    const auto found = config_.profiles.find(profile);
    return found == config_.profiles.end() ? kNone : found->second;
  }
  static std::string Text(const Settings& settings, std::string_view key) {
    const std::string* const value = settings.Find(key);
    return value == nullptr ? "" : *value;
  }
  static bool HasRole(const Settings& settings) {
    return settings.contains("role_arn") && !settings.contains("web_identity_token_file");
  }
  static bool HasKeys(const Settings& settings) {
    return settings.contains("aws_access_key_id") || settings.contains("aws_secret_access_key");
  }
  static Status Mistake(const std::string& profile, const std::string& what) {
    return InvalidArgumentError("profile " + profile + " " + what);
  }

  // What a profile says by itself, without another profile's credentials.
  StatusOr<Found> PlanProfile(const std::string& profile, bool use_environment) const {
    const Settings& settings = Of(profile);
    auto web = PlanWebIdentity(profile, settings, use_environment);
    if (!web.ok() || *web) return web;
    if (settings.contains("sso_account_id") || settings.contains("sso_role_name")) {
      return NeedsPerson(profile, "uses IAM Identity Center (SSO)");
    }
    auto keys = PlanKeys(profile, config_.in_credentials_file);
    if (!keys.ok() || *keys) return keys;
    if (settings.contains("login_session")) return NeedsPerson(profile, "uses a login session");
    if (settings.contains("credential_process")) return PlanProcess(profile, settings);
    return PlanKeys(profile, config_.in_config_file);
  }

  // One command that asks the person, and whose answer this library can use.
  static Status NeedsPerson(const std::string& profile, const std::string& what) {
    return Status(
        StatusCode::kFailedPrecondition,
        "profile " + profile + " " + what +
            ", which libgsh does not support: use a profile with credential_process = aws "
            "configure export-credentials --profile " +
            profile + " instead");
  }

  StatusOr<Found> PlanKeys(const std::string& profile,
                           const std::map<std::string, Settings, std::less<>>& file) const {
    const auto found = file.find(profile);
    if (found == file.end() || !found->second.contains("aws_access_key_id")) return Found();
    const Settings& settings = found->second;
    const bool old_token = settings.contains("aws_security_token");
    Credentials keys(Text(settings, "aws_access_key_id"), Text(settings, "aws_secret_access_key"),
                     Text(settings, old_token ? "aws_security_token" : "aws_session_token"));
    keys.account_id = Text(settings, "aws_account_id");
    if (!settings.contains("aws_secret_access_key")) {
      return Mistake(profile, "has an aws_access_key_id without an aws_secret_access_key");
    }
    if (Status status = CheckCredentials(keys); !status.ok()) {
      return Mistake(profile, status.message());
    }
    return Found(CredentialPlan{.name = "profile " + profile, .how = std::move(keys)});
  }

  static StatusOr<Found> PlanProcess(const std::string& profile, const Settings& settings) {
    auto words = SplitShellWords(Text(settings, "credential_process"));
    if (!words || words->empty()) {
      return Mistake(profile, "has a credential_process that is no command");
    }
    return Found(
        CredentialPlan{.name = "credential_process of profile " + profile,
                       .how = ProcessPlan{.argv = *std::move(words),
                                          .account_id = Text(settings, "aws_account_id")}});
  }

  StatusOr<Found> PlanWebIdentity(const std::string& profile, const Settings& settings,
                                  bool use_environment) const {
    const auto value = [&](const char* variable, std::string_view key) {
      const auto from_env = use_environment ? env_.Get(variable) : std::nullopt;
      return from_env ? *from_env : Text(settings, key);
    };
    WebIdentityPlan plan{
        .token_file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"),
        .role_arn = value("AWS_ROLE_ARN", "role_arn"),
        .session_name = value("AWS_ROLE_SESSION_NAME", "role_session_name")};
    if (plan.token_file.empty()) return Found();
    if (plan.role_arn.empty()) {
      return InvalidArgumentError(
          "a web identity token file is set without a role: set AWS_ROLE_ARN, "
          "or role_arn in profile " +
          profile);
    }
    return Found(CredentialPlan{.name = "web identity", .how = std::move(plan)});
  }

  StatusOr<CredentialPlan> PlanRole(const std::string& profile) {
    const Settings& settings = Of(profile);
    RolePlan plan{.role_arn = Text(settings, "role_arn"),
                  .session_name = Text(settings, "role_session_name"),
                  .external_id = Text(settings, "external_id")};
    if (settings.contains("mfa_serial")) {
      return NeedsPerson(profile, "has an mfa_serial and so asks a person for a code");
    }
    if (plan.role_arn.empty()) return Mistake(profile, "has an empty role_arn");
    if (const std::string* text = settings.Find("duration_seconds")) {
      const auto seconds = ReadDuration(*text);
      if (!seconds) return Mistake(profile, "has a duration_seconds that is not from 900 to 43200");
      plan.duration = *seconds;
    }
    auto base = PlanBase(profile, settings);
    if (!base.ok()) return base.status();
    plan.base = std::make_shared<const CredentialPlan>(*std::move(base));
    return CredentialPlan{.name = "role of profile " + profile, .how = std::move(plan)};
  }

  static std::optional<std::chrono::seconds> ReadDuration(const std::string& text) {
    int seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, seconds);
    const bool fine = error == std::errc() && rest == end && seconds >= kLeastDuration &&
                      seconds <= kMostDuration;
    return fine ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
  }

  StatusOr<CredentialPlan> PlanBase(const std::string& profile, const Settings& settings) {
    const bool named = settings.contains("credential_source");
    if (named == settings.contains("source_profile")) {
      return Mistake(profile, named ? "has both source_profile and credential_source"
                                    : "has a role_arn without source_profile or credential_source");
    }
    return named ? PlanNamedSource(profile, Text(settings, "credential_source"))
                 : PlanSourceProfile(profile, Text(settings, "source_profile"));
  }

  StatusOr<CredentialPlan> PlanNamedSource(const std::string& profile,
                                           const std::string& name) const {
    if (name == "Ec2InstanceMetadata") {
      return CredentialPlan{.name = "instance metadata", .how = InstancePlan{}};
    }
    if (name != "Environment" && name != "EcsContainer") {
      return Mistake(profile,
                     "has a credential_source that is none of Environment, EcsContainer and "
                     "Ec2InstanceMetadata");
    }
    auto found = name == "Environment" ? PlanEnvironmentKeys(env_) : PlanContainer(env_);
    if (found.ok() && !*found) {
      return Mistake(profile, "has credential_source " + name + ", which has no credentials");
    }
    return Chosen(std::move(found));
  }

  StatusOr<CredentialPlan> PlanSourceProfile(const std::string& profile,
                                             const std::string& source) {
    if (!config_.profiles.contains(source)) {
      return Mistake(profile, "has a source_profile " + source + " that does not exist");
    }
    const Settings& settings = Of(source);
    // A profile may name itself: its own keys ask for its role.
    const bool visited = std::ranges::find(visited_, source) != visited_.end();
    if (visited && (source != profile || !HasKeys(settings))) {
      return Mistake(profile, "has a source_profile " + source + " that leads back to itself");
    }
    visited_.push_back(source);
    if (visited_.size() > kMostProfiles) return Mistake(profile, "is in a chain that is too long");
    if (HasRole(settings) && !HasKeys(settings)) return PlanRole(source);
    auto found = PlanProfile(source, false);
    if (found.ok() && !*found) return Mistake(source, "has no credentials");
    return Chosen(std::move(found));
  }

  const SharedConfig& config_;
  const Env& env_;
  const bool explicit_profile_;
  std::vector<std::string> visited_;
};

}  // namespace

StatusOr<CredentialPlan> PlanCredentials(const SharedConfig& config, const Env& env,
                                         const std::string& profile, bool explicit_profile) {
  return Planner(config, env, explicit_profile).Plan(profile);
}

}  // namespace gsh::aws
