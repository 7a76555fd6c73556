#include "src/aws/imds/settings.h"

#include <charconv>
#include <utility>

#include "src/aws/config/settings.h"
#include "src/aws/config/shared_config.h"
#include "src/aws/config/sources.h"

namespace gsh::aws {
namespace {

constexpr std::chrono::seconds kTimeout{1};
constexpr int kAttempts = 3;

StatusOr<int> NumberIn(const Sources& sources, const char* variable, const char* setting,
                       int otherwise) {
  const auto said = sources.Find(variable, setting);
  if (!said) return otherwise;
  int number = 0;
  const char* const end = said->text.data() + said->text.size();
  const auto [rest, error] = std::from_chars(said->text.data(), end, number);
  constexpr int kMost = 1000;
  if (error != std::errc() || rest != end || number < 1 || number > kMost) {
    return InvalidArgumentError(said->by + " must be a whole number from 1 to 1000");
  }
  return number;
}

Status FillLimits(const InstanceMetadataOptions& options, const Sources& sources,
                  MetadataSettings& settings) {
  settings.attempt_timeout = options.attempt_timeout;
  if (options.attempt_timeout < Duration(0)) {
    return InvalidArgumentError("attempt_timeout is negative");
  }
  if (options.attempt_timeout == Duration(0)) {
    const auto seconds = NumberIn(sources, "AWS_METADATA_SERVICE_TIMEOUT",
                                  "metadata_service_timeout", kTimeout.count());
    if (!seconds.ok()) return seconds.status();
    settings.attempt_timeout = std::chrono::seconds(*seconds);
  }
  settings.max_attempts = options.retry.max_attempts;
  if (options.retry.max_attempts != 0) return OkStatus();
  const auto attempts = NumberIn(sources, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                                 "metadata_service_num_attempts", kAttempts);
  if (!attempts.ok()) return attempts.status();
  settings.max_attempts = *attempts;
  return OkStatus();
}

bool IsDisabled(const Sources& sources) {
  return Lower(sources.FromEnv("AWS_EC2_METADATA_DISABLED").value_or("")) == "true";
}

}  // namespace

StatusOr<MetadataSettings> ResolveMetadataSettings(const InstanceMetadataOptions& options) {
  const Env& env = options.env == nullptr ? SystemEnv() : *options.env;
  const auto config = LoadSharedConfig(env);
  if (!config.ok()) return config.status();
  const auto profile = ResolveProfile(options.profile, env, *config);
  if (!profile.ok()) return profile.status();
  const auto found = config->profiles.find(*profile);
  const Sources sources(env, found == config->profiles.end() ? nullptr : &found->second);

  MetadataSettings settings{.disabled = IsDisabled(sources)};
  auto endpoint = ResolveMetadataEndpoint(options, sources);
  if (!endpoint.ok()) return endpoint.status();
  settings.endpoint = *std::move(endpoint);
  const auto v1_disabled = sources.Flag("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled");
  if (!v1_disabled.ok()) return v1_disabled.status();
  settings.allow_v1 = options.allow_v1 && !*v1_disabled;
  if (Status status = FillLimits(options, sources, settings); !status.ok()) return status;
  return settings;
}

}  // namespace gsh::aws
