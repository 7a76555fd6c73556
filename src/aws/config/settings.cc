#include "src/aws/config/settings.h"

#include <optional>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/aws/config/sources.h"

namespace gsh::aws {
namespace {

using namespace std::string_literals;

// "Auto Scaling" -> "auto_scaling".
std::string SnakeCase(std::string_view id) {
  std::string name = Lower(id);
  for (char& c : name) {
    if (c == ' ' || c == '-') c = '_';
  }
  return name;
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  return text;
}

StatusOr<Sources::Said> ConfiguredEndpoint(const Sources& sources, const std::string& profile,
                                           const SharedConfig& config, const Service& service) {
  const auto ignored =
      sources.Flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
  if (!ignored.ok()) return ignored.status();
  if (*ignored) return Sources::Said();
  const std::string name = SnakeCase(service.id);
  for (const std::string& variable : {"AWS_ENDPOINT_URL_" + Upper(name), "AWS_ENDPOINT_URL"s}) {
    if (auto url = sources.FromEnv(variable)) return Sources::Said{*std::move(url), variable};
  }
  if (const auto section = sources.FromProfile("services")) {
    const auto found = config.services.find(*section);
    if (found == config.services.end()) {
      return InvalidArgumentError("the profile names a section [services " + *section +
                                  "] that the config file does not have");
    }
    const std::string* const url = found->second.Find(name + ".endpoint_url");
    if (url != nullptr && !url->empty()) {
      return Sources::Said{*url, "endpoint_url of [services " + *section + "]"};
    }
  }
  return Sources::Said{sources.FromProfile("endpoint_url").value_or(""),
                       "endpoint_url of profile " + profile};
}

// "fips-us-east-1" and "us-east-1-fips" are old names of a region and the wish for FIPS.
void SplitPseudoRegion(ClientSettings& settings) {
  std::string& region = settings.region;
  if (region.starts_with("fips-")) {
    region.erase(0, 5);
  } else if (region.ends_with("-fips")) {
    region.resize(region.size() - 5);
  } else {
    return;
  }
  settings.use_fips = true;
}

Status SetFlag(const std::optional<bool>& option, StatusOr<bool> configured, bool& flag) {
  if (!option && !configured.ok()) return configured.status();
  flag = option ? *option : *configured;
  return OkStatus();
}

}  // namespace

StatusOr<std::string> ResolveProfile(const std::string& option, const Env& env,
                                     const SharedConfig& config) {
  std::string profile = option;
  if (profile.empty()) profile = env.Get("AWS_PROFILE").value_or("");
  if (profile.empty()) profile = env.Get("AWS_DEFAULT_PROFILE").value_or("");
  if (profile.empty()) return std::string("default");
  if (!config.profiles.contains(profile)) {
    return InvalidArgumentError(
        "profile " + profile + " is neither in the shared config file nor in the credentials file");
  }
  return profile;
}

StatusOr<ClientSettings> ResolveSettings(const AwsOptions& options, const Service& service) {
  const Env& env = options.env != nullptr ? *options.env : SystemEnv();
  const auto config = LoadSharedConfig(env);
  if (!config.ok()) return config.status();
  auto profile = ResolveProfile(options.profile, env, *config);
  if (!profile.ok()) return profile.status();
  const auto found = config->profiles.find(*profile);
  const Sources sources(env, found == config->profiles.end() ? nullptr : &found->second);

  ClientSettings settings{.profile = *std::move(profile),
                          .region = options.region,
                          .endpoint_url = options.endpoint_url,
                          .ca_file = options.ca_file,
                          .allow_plaintext = options.allow_plaintext};
  if (settings.region.empty()) {
    const auto region = sources.FromEnv("AWS_REGION");
    settings.region = region ? *region : sources.Text("AWS_DEFAULT_REGION", "region").value_or("");
  }
  if (settings.ca_file.empty()) {
    settings.ca_file = sources.Text("AWS_CA_BUNDLE", "ca_bundle").value_or("");
  }
  if (settings.endpoint_url.empty()) {
    auto url = ConfiguredEndpoint(sources, settings.profile, *config, service);
    if (!url.ok()) return url.status();
    settings.endpoint_url = std::move(url->text);
    settings.endpoint_set_by = std::move(url->by);
  }
  Status status =
      SetFlag(options.use_fips, sources.Flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
              settings.use_fips);
  if (!status.ok()) return status;
  status = SetFlag(options.use_dual_stack,
                   sources.Flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
                   settings.use_dual_stack);
  if (!status.ok()) return status;
  SplitPseudoRegion(settings);
  return settings;
}

}  // namespace gsh::aws
