#include "src/aws/credentials/environment_plan.h"

#include <string>
#include <utility>

#include "src/aws/config/endpoint_url.h"
#include "src/aws/credentials/credential_json.h"

namespace gsh::aws {
namespace {

std::string Text(const Env& env, const char* name) { return env.Get(name).value_or(""); }

// A credential endpoint that is reached without TLS must be the machine's own.
bool IsContainerHost(const std::string& host) {
  return IsLoopbackHost(host) || host == "169.254.170.2" || host == "169.254.170.23" ||
         host == "fd00:ec2::23";
}

Status CheckContainerUrl(const std::string& url, const char* variable) {
  const auto parsed = ParseEndpointUrl(url, true);
  if (!parsed.ok())
    return InvalidArgumentError(std::string(variable) + ": " + parsed.status().message());
  if (parsed->plaintext && !IsContainerHost(parsed->host)) {
    return InvalidArgumentError(std::string(variable) +
                                ": plain http:// only to a loopback address, 169.254.170.2, "
                                "169.254.170.23 or [fd00:ec2::23]");
  }
  return OkStatus();
}

}  // namespace

StatusOr<std::optional<CredentialPlan>> PlanEnvironmentKeys(const Env& env) {
  Credentials found(Text(env, "AWS_ACCESS_KEY_ID"), Text(env, "AWS_SECRET_ACCESS_KEY"),
                    Text(env, "AWS_SECURITY_TOKEN"));
  if (found.access_key_id.empty()) return std::optional<CredentialPlan>();
  if (found.secret_access_key.empty()) {
    return InvalidArgumentError("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY");
  }
  if (found.session_token.empty()) found.session_token = Text(env, "AWS_SESSION_TOKEN");
  found.account_id = Text(env, "AWS_ACCOUNT_ID");
  if (const std::string text = Text(env, "AWS_CREDENTIAL_EXPIRATION"); !text.empty()) {
    found.expiration = ParseExpiration(text);
    if (!found.expiration) return InvalidArgumentError("AWS_CREDENTIAL_EXPIRATION is no time");
  }
  if (Status status = CheckCredentials(found); !status.ok()) {
    return status.WithContext("the environment");
  }
  return std::optional(CredentialPlan{.name = "environment", .how = std::move(found)});
}

StatusOr<std::optional<CredentialPlan>> PlanContainer(const Env& env) {
  constexpr char kRelative[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  constexpr char kFull[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  ContainerPlan plan;
  const std::string relative = Text(env, kRelative);
  if (!relative.empty() && !relative.starts_with('/')) {
    return InvalidArgumentError(std::string(kRelative) + " must begin with a slash");
  }
  plan.url = relative.empty() ? Text(env, kFull) : "http://169.254.170.2" + relative;
  if (plan.url.empty()) return std::optional<CredentialPlan>();
  const Status status = CheckContainerUrl(plan.url, relative.empty() ? kFull : kRelative);
  if (!status.ok()) return status;
  plan.token_file = Text(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (plan.token_file.empty()) plan.token = Text(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  return std::optional(CredentialPlan{.name = "container", .how = std::move(plan)});
}

}  // namespace gsh::aws
