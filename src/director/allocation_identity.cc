#include "src/director/allocation_identity.h"

#include <utility>

#include "gsh/agones/match_annotation.h"

namespace gsh::director {
namespace {

agones::GameServerSelector OfIdentity(const std::string& identity) {
  return {.match_labels = {{agones::kAllocationLabel, identity}},
          .state = agones::GameServerSelector::State::kAllocated};
}

// Codes with which a service says that it looked at the request and did nothing.
bool IsRefusal(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kPermissionDenied:
    case StatusCode::kResourceExhausted:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kOutOfRange:
    case StatusCode::kUnimplemented:
    case StatusCode::kUnauthenticated:
      return true;
    default:
      return false;
  }
}

}  // namespace

agones::AllocationRequest WithIdentity(agones::AllocationRequest request,
                                       const std::string& identity) {
  request.labels[agones::kAllocationLabel] = identity;
  // A server that was given back once, and did not end, is wanted again: an annotation can be
  // changed by an allocation, but not taken off.
  request.annotations[agones::kReleaseAnnotation] = "false";
  request.selectors.insert(request.selectors.begin(), OfIdentity(identity));
  return request;
}

agones::AllocationRequest GiveBackRequest(const agones::AllocationRequest& request,
                                          const std::string& identity) {
  return {.ns = request.ns,
          .multicluster = request.multicluster,
          .multicluster_policy_labels = request.multicluster_policy_labels,
          .selectors = {OfIdentity(identity)},
          .annotations = {{agones::kReleaseAnnotation, "true"}}};
}

bool SurelyNothingTaken(const Status& failure) {
  // Aborted: another request was faster, nothing was taken.
  if (IsRefusal(failure.code()) || failure.code() == StatusCode::kAborted) return true;
  // The adapter repeats this call only while it surely did not happen; these reasons for giving up
  // come after that check.
  const ErrorInfo* info = failure.info();
  return info != nullptr &&
         (info->retry_stop == RetryStop::kExhausted || info->retry_stop == RetryStop::kBudget);
}

bool SurelyNothingAssigned(const Status& failure) { return IsRefusal(failure.code()); }

}  // namespace gsh::director
