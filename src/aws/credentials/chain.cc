#include "src/aws/credentials/chain.h"

#include <chrono>
#include <string>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/aws/config/settings.h"
#include "src/aws/credentials/container_credentials.h"
#include "src/aws/credentials/credential_json.h"
#include "src/aws/credentials/plan.h"
#include "src/process/run_for_output.h"
#include "src/rpc/common/pem.h"

namespace gsh::aws {
namespace {

// Less than the whole fetch has (CredentialCacheOptions), so that the error names the program.
constexpr auto kProcessTimeout = std::chrono::seconds(50);

// One fetch at a time.
class Chain {
 public:
  Chain(AwsOptions options, ChainParts parts)
      : options_(std::move(options)), parts_(std::move(parts)) {
    if (options_.clock == nullptr) options_.clock = &SystemClock();
    if (options_.env == nullptr) options_.env = &SystemEnv();
  }

  StatusOr<Fetched> Fetch(std::stop_token stop) {
    const auto config = LoadSharedConfig(*options_.env);
    if (!config.ok()) return config.status();
    const auto profile = ResolveProfile(options_.profile, *options_.env, *config);
    if (!profile.ok()) return profile.status();
    const auto plan = PlanCredentials(*config, *options_.env, *profile, !options_.profile.empty());
    if (!plan.ok()) return plan.status();
    auto fetched = Follow(*plan, stop);
    const bool last = std::holds_alternative<InstancePlan>(plan->how);
    return !fetched.ok() && last ? NoneAtAll(fetched.status(), *profile) : fetched;
  }

 private:
  StatusOr<Fetched> Follow(const CredentialPlan& plan, const std::stop_token& stop) {
    auto credentials = std::visit([&](const auto& how) { return Get(how, stop); }, plan.how);
    if (!credentials.ok()) return credentials.status().WithContext(plan.name);
    credentials->source = plan.name;
    return Fetched{.credentials = *std::move(credentials),
                   .outlive_expiration = std::holds_alternative<InstancePlan>(plan.how)};
  }

  static StatusOr<Credentials> Get(const Credentials& keys, const std::stop_token&) { return keys; }

  StatusOr<Credentials> Get(const ProcessPlan& plan, const std::stop_token& stop) const {
    auto output = process::RunForOutput(
        {.what = "credential_process", .argv = plan.argv, .timeout = kProcessTimeout}, stop);
    if (!output.ok()) return Silent(output.status());
    const rpc::SecretText text(*std::move(output));
    auto credentials = ParseProcessCredentials(text.text());
    if (!credentials.ok()) {
      return UnavailableError("the output of " + plan.argv.front() + " " +
                              credentials.status().message());
    }
    if (credentials->account_id.empty()) credentials->account_id = plan.account_id;
    return credentials;
  }

  StatusOr<Credentials> Get(const RolePlan& plan, const std::stop_token& stop) {
    auto base = Follow(*plan.base, stop);
    if (!base.ok()) return base.status();
    auto sts = MakeStsWith(MakeStaticCredentials(std::move(base->credentials)));
    if (!sts.ok()) return sts.status();
    return CredentialsOf((*sts)->AssumeRole({.role_arn = plan.role_arn,
                                             .session_name = SessionName(plan.session_name),
                                             .external_id = plan.external_id,
                                             .duration = plan.duration},
                                            {.stop = stop}));
  }

  StatusOr<Credentials> Get(const WebIdentityPlan& plan, const std::stop_token& stop) {
    auto text = rpc::ReadPemFile(plan.token_file);
    if (!text.ok()) return Silent(text.status());
    const rpc::SecretText token(*std::move(text));
    auto sts = MakeStsWith(MakeStaticCredentials(Credentials()));
    if (!sts.ok()) return sts.status();
    return CredentialsOf(
        (*sts)->AssumeRoleWithWebIdentity({.role_arn = plan.role_arn,
                                           .session_name = SessionName(plan.session_name),
                                           .token = std::string(Trim(token.text()))},
                                          {.stop = stop}));
  }

  StatusOr<Credentials> Get(const ContainerPlan& plan, const std::stop_token& stop) const {
    auto credentials = FetchContainerCredentials(plan, options_, stop);
    return credentials.ok() ? credentials : Silent(credentials.status());
  }

  StatusOr<Credentials> Get(const InstancePlan&, const std::stop_token& stop) {
    if (parts_.metadata == nullptr) {
      auto made = MakeInstanceMetadata({.profile = options_.profile,
                                        .executor = options_.executor,
                                        .clock = options_.clock,
                                        .rng = options_.rng,
                                        .log = options_.log,
                                        .metrics = options_.metrics,
                                        .env = options_.env});
      if (!made.ok()) return made.status();
      parts_.metadata = *std::move(made);
    }
    return parts_.metadata->IamCredentials({.stop = stop});
  }

  // The options' endpoint is that of another service.
  StatusOr<std::unique_ptr<Sts>> MakeStsWith(
      std::shared_ptr<CredentialsProvider> credentials) const {
    AwsOptions options = options_;
    options.endpoint_url.clear();
    options.credentials = std::move(credentials);
    return parts_.make_sts(std::move(options));
  }

  static StatusOr<Credentials> CredentialsOf(StatusOr<AssumedRole> role) {
    if (!role.ok()) return role.status();
    return std::move(role->credentials);
  }

  std::string SessionName(const std::string& given) const {
    if (!given.empty()) return given;
    const auto since_epoch = options_.clock->Now().time_since_epoch();
    return "gsh-" + std::to_string(std::chrono::floor<std::chrono::seconds>(since_epoch).count());
  }

  // A source that should have credentials gave none.
  static Status Silent(const Status& status) {
    return status.code() == StatusCode::kCancelled ? status : UnavailableError(status.message());
  }

  // The instance's role is what is left when nothing is configured: its failure alone would tell
  // little to those who forgot a variable.
  Status NoneAtAll(const Status& status, const std::string& profile) const {
    if (status.code() == StatusCode::kCancelled) return status;
    const bool none =
        status.code() == StatusCode::kNotFound || status.code() == StatusCode::kFailedPrecondition;
    const std::string environment =
        "AWS_ACCESS_KEY_ID and AWS_WEB_IDENTITY_TOKEN_FILE " +
        std::string(options_.profile.empty() ? "are not set"
                                             : "do not count, as a profile is named");
    return Status(none ? StatusCode::kFailedPrecondition : StatusCode::kUnavailable,
                  "no credentials: " + environment + "; profile " + profile +
                      " has none; no container endpoint is set; " + status.message());
  }

  AwsOptions options_;
  ChainParts parts_;
};

}  // namespace

BlockingFetch MakeChainFetch(AwsOptions options, ChainParts parts) {
  return [chain = std::make_shared<Chain>(std::move(options), std::move(parts))](
             std::stop_token stop) { return chain->Fetch(std::move(stop)); };
}

StatusOr<std::shared_ptr<CredentialsProvider>> MakeDefaultCredentials(
    AwsOptions options, std::shared_ptr<InstanceMetadata> metadata) {
  CredentialCacheOptions cache{.timeout = options.timeout,
                               .executor = options.executor,
                               .clock = options.clock,
                               .rng = options.rng,
                               .log = options.log,
                               .metrics = options.metrics};
  options.credentials = nullptr;
  auto fetch = MakeChainFetch(std::move(options), {.metadata = std::move(metadata)});
  return MakeCachedProvider(MakeThreadSource(std::move(fetch)), std::move(cache));
}

}  // namespace gsh::aws
