#include "src/aws/imds/endpoint.h"

#include <optional>

#include "src/aws/config/endpoint_url.h"
#include "src/core/host_port.h"

namespace gsh::aws {
namespace {

constexpr std::string_view kIpv4 = "http://169.254.169.254";
constexpr std::string_view kIpv6 = "http://[fd00:ec2::254]";

// Does not leave the machine, or is what EC2 answers itself.
bool IsLocal(const std::string& host) {
  return IsLoopbackHost(host) || host == "169.254.169.254" || host == "fd00:ec2::254";
}

// The older setting of botocore counts where the newer one is not there.
StatusOr<std::string> UrlOfMode(const InstanceMetadataOptions& options, const Sources& sources) {
  std::optional<Sources::Said> mode = Sources::Said{options.endpoint_mode, "endpoint_mode"};
  if (options.endpoint_mode.empty()) {
    mode = sources.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                        "ec2_metadata_service_endpoint_mode");
  }
  if (!mode) {
    const auto ipv6 = sources.Flag("AWS_IMDS_USE_IPV6", "imds_use_ipv6");
    if (!ipv6.ok()) return ipv6.status();
    return std::string(*ipv6 ? kIpv6 : kIpv4);
  }
  if (Lower(mode->text) == "ipv4") return std::string(kIpv4);
  if (Lower(mode->text) == "ipv6") return std::string(kIpv6);
  return InvalidArgumentError(mode->by + " must be IPv4 or IPv6, but is \"" + mode->text + "\"");
}

}  // namespace

StatusOr<MetadataEndpoint> ParseMetadataUrl(std::string_view url, bool plaintext_anywhere) {
  StatusOr<EndpointUrl> parsed = ParseEndpointUrl(url);
  if (!parsed.ok()) return parsed.status();
  if (parsed->plaintext && !plaintext_anywhere && !IsLocal(parsed->host)) {
    return InvalidArgumentError(
        "http:// is for loopback addresses and the service's own (allow_plaintext takes others)");
  }
  if (parsed->path.ends_with('/')) parsed->path.pop_back();
  return MetadataEndpoint{.address = internal::JoinHostPort(parsed->host, parsed->port),
                          .path = parsed->path,
                          .plaintext = parsed->plaintext};
}

StatusOr<MetadataEndpoint> ResolveMetadataEndpoint(const InstanceMetadataOptions& options,
                                                   const Sources& sources) {
  const auto of_mode = UrlOfMode(options, sources);  // a wrong mode is an error, needed or not
  if (!of_mode.ok()) return of_mode.status();
  std::optional<Sources::Said> url = Sources::Said{options.endpoint_url, "endpoint_url"};
  if (options.endpoint_url.empty()) {
    url = sources.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  }
  if (!url) return ParseMetadataUrl(*of_mode, false);
  auto parsed = ParseMetadataUrl(url->text, options.allow_plaintext);
  if (!parsed.ok()) return parsed.status().WithContext(url->by);
  return parsed;
}

}  // namespace gsh::aws
