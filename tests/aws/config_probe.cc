// One question a line on stdin, one answer a line on stdout, both JSON: what libgsh makes of the
// shared config files and the environment. tests/aws/config_oracle_test.py asks botocore the same.
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "gsh/testing/fakes.h"
#include "src/aws/config/settings.h"
#include "src/aws/config/shared_config.h"
#include "src/aws/credentials/plan.h"
#include "src/aws/imds/settings.h"

namespace {

using Json = nlohmann::ordered_json;
using gsh::aws::Service;

Json Error(const gsh::Status& status) { return {{"error", status.message()}}; }

gsh::testing::FakeEnv EnvOf(const Json& question) {
  return gsh::testing::FakeEnv(question.at("env").get<std::map<std::string, std::string>>());
}

Service ServiceOf(const std::string& id, const std::string& prefix) {
  return {.name = "aws",
          .id = id,
          .signing_name = prefix,
          .endpoint_prefix = prefix,
          .protocol = gsh::aws::Protocol::kQuery,
          .target_prefix = "",
          .version = ""};
}

Json Endpoint(const Json& question) {
  const std::string id = question.at("id");
  const std::string prefix = question.at("prefix");
  const gsh::aws::ClientSettings settings{.region = question.at("region"),
                                          .endpoint_url = question.value("endpoint_url", ""),
                                          .use_fips = question.at("fips"),
                                          .use_dual_stack = question.at("dual_stack"),
                                          .allow_plaintext = true};
  const auto endpoint = gsh::aws::ResolveEndpoint(settings, ServiceOf(id, prefix));
  if (!endpoint.ok()) return Error(endpoint.status());
  return {{"url",
           (endpoint->plaintext ? "http://" : "https://") + endpoint->authority + endpoint->path},
          {"signing_region", endpoint->signing_region}};
}

Json Files(const Json& question) {
  const auto env = EnvOf(question);
  const auto config = gsh::aws::LoadSharedConfig(env);
  if (!config.ok()) return Error(config.status());
  const auto sections = [](const auto& from) {
    Json all = Json::object();
    for (const auto& [name, settings] : from) {
      all[name] = Json::object();
      for (const auto& [key, value] : settings) all[name][key] = value;
    }
    return all;
  };
  return {{"profiles", sections(config->profiles)},
          {"sso_sessions", sections(config->sso_sessions)},
          {"services", sections(config->services)}};
}

Json Settings(const Json& question) {
  const auto env = EnvOf(question);
  const std::string id = question.at("id");
  const auto settings = gsh::aws::ResolveSettings({.profile = question.at("profile"), .env = &env},
                                                  ServiceOf(id, ""));
  if (!settings.ok()) return Error(settings.status());
  return {{"region", settings->region},
          {"endpoint_url", settings->endpoint_url},
          {"fips", settings->use_fips},
          {"dual_stack", settings->use_dual_stack},
          {"ca_file", settings->ca_file}};
}

Json Metadata(const Json& question) {
  const auto env = EnvOf(question);
  const auto settings = gsh::aws::ResolveMetadataSettings(
      {.allow_plaintext = true, .allow_v1 = true, .profile = question.at("profile"), .env = &env});
  if (!settings.ok()) return Error(settings.status());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings->attempt_timeout);
  return {{"url", (settings->endpoint.plaintext ? "http://" : "https://") +
                      settings->endpoint.address + settings->endpoint.path},
          {"timeout", seconds.count()},
          {"attempts", settings->max_attempts},
          {"v1_disabled", !settings->allow_v1},
          {"disabled", settings->disabled}};
}

// The calls that lead to credentials, the first one first.
struct Tell {
  Json operator()(const gsh::aws::Credentials& keys) const {
    return Json::array({{{"keys", keys.access_key_id},
                         {"secret", keys.secret_access_key},
                         {"token", keys.session_token},
                         {"account", keys.account_id}}});
  }
  Json operator()(const gsh::aws::ProcessPlan& plan) const {
    return Json::array({{{"process", plan.argv}}});
  }
  Json operator()(const gsh::aws::RolePlan& plan) const {
    Json calls = std::visit(*this, plan.base->how);
    Json call = {
        {"role", plan.role_arn}, {"session", plan.session_name}, {"external_id", plan.external_id}};
    call["duration"] = plan.duration ? plan.duration->count() : 0;
    calls.push_back(std::move(call));
    return calls;
  }
  Json operator()(const gsh::aws::WebIdentityPlan& plan) const {
    return Json::array({{{"web_identity", plan.token_file},
                         {"role", plan.role_arn},
                         {"session", plan.session_name}}});
  }
  Json operator()(const gsh::aws::ContainerPlan& plan) const {
    return Json::array({{{"container", plan.url}, {"token", plan.token}}});
  }
  Json operator()(const gsh::aws::InstancePlan&) const { return Json::array({"instance"}); }
};

Json Plan(const Json& question) {
  const auto env = EnvOf(question);
  const auto config = gsh::aws::LoadSharedConfig(env);
  if (!config.ok()) return Error(config.status());
  const std::string option = question.at("profile");
  const auto profile = gsh::aws::ResolveProfile(option, env, *config);
  if (!profile.ok()) return Error(profile.status());
  const auto plan = gsh::aws::PlanCredentials(*config, env, *profile, !option.empty());
  if (!plan.ok()) return Error(plan.status());
  return {{"calls", std::visit(Tell{}, plan->how)}};
}

Json Answer(const Json& question) {
  const std::string what = question.at("what");
  if (what == "endpoint") return Endpoint(question);
  if (what == "files") return Files(question);
  if (what == "settings") return Settings(question);
  if (what == "metadata") return Metadata(question);
  return Plan(question);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const Json answer = Answer(Json::parse(line));
    std::cout << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  }
}
