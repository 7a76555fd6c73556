// Region and endpoint URL, whatever they are: no request goes to a host that is neither AWS's nor
// the one that stands in the URL.
#include <utility>

#include "src/aws/config/endpoint_url.h"
#include "src/aws/config/settings.h"
#include "tests/fuzz/fuzz.h"

namespace {

using gsh::fuzz::Require;

constexpr gsh::aws::Service kServices[] = {
    {"aws.GameLift", "GameLift", "gamelift", "gamelift", gsh::aws::Protocol::kJson11, "", ""},
    {"aws.STS", "STS", "sts", "sts", gsh::aws::Protocol::kQuery, "", ""},
    {"aws.CloudWatch", "CloudWatch", "monitoring", "monitoring", gsh::aws::Protocol::kQuery, "",
     ""}};

bool IsAwsHost(std::string_view host) {
  for (const std::string_view suffix :
       {".amazonaws.com", ".api.aws", ".amazonaws.com.cn", ".api.amazonwebservices.com.cn",
        ".amazonaws.eu", ".api.amazonwebservices.eu", ".c2s.ic.gov", ".api.aws.ic.gov",
        ".sc2s.sgov.gov", ".api.aws.scloud", ".cloud.adc-e.uk", ".api.cloud-aws.adc-e.uk",
        ".csp.hci.ic.gov", ".api.aws.hci.ic.gov"}) {
    if (host.ends_with(suffix)) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const std::size_t flags = input.TakeBelow(256);
  const auto& service = kServices[flags % std::size(kServices)];
  gsh::aws::ClientSettings settings{.region = input.TakeWord(),
                                    .use_fips = (flags & 64) != 0,
                                    .use_dual_stack = (flags & 128) != 0};
  if (const auto endpoint = gsh::aws::ResolveEndpoint(settings, service); endpoint.ok()) {
    Require(IsAwsHost(endpoint->host), "a region is at AWS");
    Require(endpoint->host.find_first_of("@/:#?%\\ ") == std::string::npos, "a host is a host");
    Require(!endpoint->plaintext && endpoint->address == endpoint->host + ":443", "over TLS");
  }
  settings = {.region = "eu-west-1", .endpoint_url = std::string(input.Rest())};
  const std::string url = settings.endpoint_url;
  if (url.empty()) return 0;  // the region's
  const auto endpoint = gsh::aws::ResolveEndpoint(settings, service);
  if (!endpoint.ok()) return 0;
  Require(!endpoint->plaintext || gsh::aws::IsLoopbackHost(endpoint->host),
          "plaintext stays on the machine");
  const std::size_t begin = url.find("://") + 3;
  const std::string authority = url.substr(begin, url.find('/', begin) - begin);
  Require(authority.find_first_of("@?#\\ %") == std::string::npos, "an authority is no more");
  const auto again = gsh::aws::ParseEndpointUrl((endpoint->plaintext ? "http://" : "https://") +
                                                endpoint->authority + endpoint->path);
  Require(again.ok() && again->host == endpoint->host, "the endpoint is read again as it is");
  return 0;
}
