#include "gsh/agones/allocation_identity.h"

#include <utility>

#include "gsh/agones/match_annotation.h"

namespace gsh::agones {
namespace {

GameServerSelector OfIdentity(const std::string& identity) {
  return {.match_labels = {{kAllocationLabel, identity}},
          .state = GameServerSelector::State::kAllocated};
}

// Codes with which the allocator says that it looked at the request and did nothing. Aborted:
// another request was faster.
bool IsRefusal(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kPermissionDenied:
    case StatusCode::kResourceExhausted:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kAborted:
    case StatusCode::kOutOfRange:
    case StatusCode::kUnimplemented:
    case StatusCode::kUnauthenticated:
      return true;
    default:
      return false;
  }
}

}  // namespace

AllocationRequest WithIdentity(AllocationRequest request, const std::string& identity) {
  request.labels[kAllocationLabel] = identity;
  // A server that was given back once, and did not end, is wanted again: an annotation can be
  // changed by an allocation, but not taken off.
  request.annotations[kReleaseAnnotation] = "false";
  // None means any Ready server, which must now be said.
  if (request.selectors.empty()) request.selectors.emplace_back();
  request.selectors.insert(request.selectors.begin(), OfIdentity(identity));
  return request;
}

bool HasIdentity(const AllocationRequest& request) {
  const auto label = request.labels.find(kAllocationLabel);
  if (label == request.labels.end() || request.selectors.empty()) return false;
  const GameServerSelector& first = request.selectors.front();
  const auto wanted = first.match_labels.find(kAllocationLabel);
  return first.state == GameServerSelector::State::kAllocated &&
         wanted != first.match_labels.end() && wanted->second == label->second;
}

AllocationRequest GiveBackRequest(const AllocationRequest& request, const std::string& identity) {
  return {.ns = request.ns,
          .multicluster = request.multicluster,
          .multicluster_policy_labels = request.multicluster_policy_labels,
          .selectors = {OfIdentity(identity)},
          .annotations = {{kReleaseAnnotation, "true"}}};
}

bool SurelyNothingTaken(const Status& failure) {
  if (IsRefusal(failure.code())) return true;
  const ErrorInfo* info = failure.info();
  if (info == nullptr) return false;
  // The adapters repeat this call only while it surely did not happen; these reasons for giving up
  // come after that check, as does "no retries at all" for a failed connection.
  return info->retry_stop == RetryStop::kExhausted || info->retry_stop == RetryStop::kBudget ||
         (failure.code() == StatusCode::kUnavailable && info->retry_stop == RetryStop::kNone);
}

}  // namespace gsh::agones
