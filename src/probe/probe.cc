#include "src/probe/probe.h"

#include <utility>

#include "gsh/agones/allocation_identity.h"
#include "gsh/agones/match_annotation.h"
#include "gsh/agones_rest/allocator.h"
#include "gsh/rng.h"
#include "src/probe/answer_json.h"
#include "src/probe/tls_report.h"

namespace gsh::probe {
namespace {

constexpr char kAllocatorPort[] = ":443";

// Did the allocator itself say so?
bool IsAnswer(const Status& status) {
  switch (status.code()) {
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kCancelled:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string WithPort(const std::string& endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  if (colon == std::string::npos) return endpoint + kAllocatorPort;
  if (endpoint.front() == '[') {
    return endpoint.back() == ']' ? endpoint + kAllocatorPort : endpoint;
  }
  return endpoint.find(':') == colon ? endpoint : "[" + endpoint + "]" + kAllocatorPort;
}

StatusOr<std::unique_ptr<Probe>> Probe::Make(ProbeOptions options) {
  if (options.endpoints.empty()) return InvalidArgumentError("--endpoint is missing");
  std::unique_ptr<Probe> probe(new Probe(std::move(options)));
  const ProbeOptions& given = probe->options_;
  std::vector<std::string> endpoints;
  for (const std::string& endpoint : given.endpoints) {
    if (endpoint.empty()) return InvalidArgumentError("--endpoint is empty");
    endpoints.push_back(WithPort(endpoint));
  }
  if (given.explain) {
    for (const std::string& endpoint : endpoints) given.explain("allocator " + endpoint);
    given.explain(DescribeTls(given.client.tls));
  }
  agones::AllocatorOptions allocator{.client = given.client, .endpoints = std::move(endpoints)};
  auto made = given.rest ? agones_rest::MakeAllocator(std::move(allocator))
                         : agones::MakeAllocator(std::move(allocator));
  if (!made.ok()) return made.status();
  probe->allocator_ = *std::move(made);
  return probe;
}

agones::AllocationRequest Probe::Request(bool multicluster) const {
  agones::AllocationRequest request{.ns = options_.ns, .multicluster = multicluster};
  if (!options_.labels.empty()) request.selectors.push_back({.match_labels = options_.labels});
  return request;
}

Status Probe::Tls() {
  const agones::AllocationRequest request{
      .ns = options_.ns,
      .selectors = {{.match_labels = {{agones::kAllocationLabel, NewUuid(SystemRng())}},
                     .state = agones::GameServerSelector::State::kAllocated}}};
  const auto answer = allocator_->Allocate(request);
  if (answer.ok()) return InternalError("the allocator gave a game server that nobody asked for");
  Explain(answer.status());
  options_.print(ToJson(answer.status()));
  return IsAnswer(answer.status()) ? OkStatus() : answer.status();
}

Status Probe::Allocate(bool multicluster) {
  const auto answer = allocator_->Allocate(Request(multicluster));
  if (!answer.ok()) return Refused(answer.status());
  if (options_.explain) options_.explain("source " + answer->source);
  const bool all = options_.output == Output::kJson;
  options_.print(ToJson(*answer, all ? Detail::kAll : Detail::kBrief));
  return OkStatus();
}

// The allocator's InvalidArgument is no mistake in our command line.
Status Probe::Refused(const Status& failure) const {
  Explain(failure);
  options_.print(ToJson(failure));
  if (failure.code() != StatusCode::kInvalidArgument) return failure;
  return FailedPreconditionError(failure.message());
}

void Probe::Explain(const Status& status) const {
  if (options_.explain) options_.explain(status.ToString());
}

}  // namespace gsh::probe
