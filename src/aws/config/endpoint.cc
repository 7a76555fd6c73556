// ResolveEndpoint: the endpoint rule sets of gamelift, sqs, sts, autoscaling and cloudwatch in one.
#include <algorithm>
#include <string>

#include "src/aws/config/ascii.h"
#include "src/aws/config/endpoint_url.h"
#include "src/aws/config/partitions.h"
#include "src/aws/config/settings.h"
#include "src/core/host_port.h"
#include "src/core/quoted.h"

namespace gsh::aws {
namespace {

// A label of a host name, and no number: with anything else a region's name could make another host
// of "service.REGION.amazonaws.com".
bool IsRegion(std::string_view region) {
  return !region.empty() && region.size() <= 63 && region.front() != '-' && region.back() != '-' &&
         std::ranges::all_of(region, [](char c) { return IsAlphaNumeric(c) || c == '-'; }) &&
         !std::ranges::all_of(region, IsDigit);
}

bool IsGlobalSts(const ClientSettings& settings, const Service& service) {
  return service.id == "STS" && settings.region == "aws-global" && settings.endpoint_url.empty() &&
         !settings.use_fips && !settings.use_dual_stack;
}

std::string HostOf(const ClientSettings& settings, const Service& service,
                   const std::string& region) {
  const Partition& partition = PartitionOf(region);
  const std::string prefix(service.endpoint_prefix);
  if (IsGlobalSts(settings, service)) return "sts.amazonaws.com";
  // In GovCloud most hosts are FIPS ones without saying so; CloudWatch's are with dual stack too.
  const bool plain_is_fips = partition.id == "aws-us-gov" && service.id != "GameLift" &&
                             (!settings.use_dual_stack || service.id == "CloudWatch");
  const bool say_fips = settings.use_fips && !plain_is_fips;
  const std::string_view suffix =
      settings.use_dual_stack ? partition.dual_stack_dns_suffix : partition.dns_suffix;
  return prefix + (say_fips ? "-fips." : ".") + region + "." + std::string(suffix);
}

Status CheckGiven(const ClientSettings& settings, const EndpointUrl& url) {
  if (settings.use_fips) return InvalidArgumentError("an endpoint URL and FIPS do not go together");
  if (settings.use_dual_stack) {
    return InvalidArgumentError("an endpoint URL and dual stack do not go together");
  }
  if (url.plaintext && !settings.allow_plaintext && !IsLoopbackHost(url.host)) {
    return InvalidArgumentError("the endpoint URL is plain http:// to " + url.host +
                                ", which only loopback addresses may be unless allow_plaintext");
  }
  return OkStatus();
}

}  // namespace

StatusOr<Endpoint> ResolveEndpoint(const ClientSettings& settings, const Service& service) {
  const std::string& region = settings.region;
  if (region.empty()) {
    return InvalidArgumentError(
        "no region: set it in the options, in AWS_REGION, or in the profile's settings");
  }
  if (!IsRegion(region)) {
    return InvalidArgumentError("region " + internal::Quoted(region) +
                                " is no label of a host's name");
  }
  EndpointUrl url;
  if (settings.endpoint_url.empty()) {
    url.host = HostOf(settings, service, region);
    url.port = 443;
  } else {
    auto parsed = ParseEndpointUrl(settings.endpoint_url);
    const Status status = parsed.ok() ? CheckGiven(settings, *parsed) : parsed.status();
    if (!status.ok()) return status.WithContext(settings.endpoint_set_by);
    url = *std::move(parsed);
    while (url.path.ends_with('/')) url.path.pop_back();
  }
  return Endpoint{.host = url.host,
                  .address = internal::JoinHostPort(url.host, url.port),
                  .authority = url.Authority(),
                  .path = url.path,
                  .plaintext = url.plaintext,
                  .signing_region = IsGlobalSts(settings, service) ? "us-east-1" : region};
}

}  // namespace gsh::aws
