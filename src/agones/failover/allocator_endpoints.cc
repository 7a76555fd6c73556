#include "src/agones/failover/allocator_endpoints.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "gsh/agones/failover_allocator.h"
#include "src/agones/failover/check_options.h"
#include "src/core/mistakes.h"
#include "src/rpc/common/client_base.h"

namespace gsh::agones {
namespace {

std::vector<std::string> EndpointsOf(const AllocatorOptions& options) {
  std::vector<std::string> endpoints = options.endpoints;
  // Without any, its absence is a mistake to report.
  if (!options.client.endpoint.empty() || endpoints.empty()) {
    endpoints.insert(endpoints.begin(), options.client.endpoint);
  }
  return endpoints;
}

Status CheckOptions(const AllocatorOptions& options) {
  internal::Mistakes mistakes;
  // The real allocator closes connections that ping more than once a minute.
  mistakes.Check(
      options.keepalive == Duration::zero() || options.keepalive >= std::chrono::minutes(1),
      "keepalive: at least one minute, as Agones wants it, or 0");
  mistakes.Check(options.connect_timeout > Duration::zero(), "connect_timeout must be positive");
  mistakes.Add(CheckFailoverOptions(options.failover));
  for (const std::string& endpoint : EndpointsOf(options)) {
    ClientOptions client = options.client;
    client.endpoint = endpoint;
    mistakes.Add(rpc::CheckClientOptions(client));
  }
  return mistakes.ToStatus();
}

}  // namespace

StatusOr<std::unique_ptr<Allocator>> MakeOverEndpoints(AllocatorOptions options,
                                                       const MakeOneAllocator& make_one) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  const std::vector<std::string> names = EndpointsOf(options);
  std::vector<AllocatorEndpoint> endpoints;
  for (const std::string& name : names) {
    ClientOptions client = options.client;
    client.endpoint = name;
    if (names.size() > 1) client.retry.max_attempts = 1;  // another endpoint is sooner there
    auto made = make_one(options, std::move(client));
    if (!made.ok()) return made.status();
    endpoints.push_back({.name = name, .allocator = *std::move(made)});
  }
  if (names.size() == 1) return std::move(endpoints.front().allocator);
  return MakeFailoverAllocator(std::move(endpoints), options.failover, std::move(options.client));
}

}  // namespace gsh::agones
