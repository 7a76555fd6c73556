// InstanceMetadata's calls that wait.
#include <utility>

#include "gsh/aws/instance_metadata.h"
#include "src/core/await.h"

namespace gsh::aws {
namespace {

template <typename T>
using Method = void (InstanceMetadata::*)(CallOptions, InstanceMetadata::Callback<T>);

template <typename T>
StatusOr<T> Wait(InstanceMetadata& imds, Method<T> method, CallOptions options) {
  return internal::Await<StatusOr<T>>(std::move(options), [&](CallOptions inner, auto done) {
    (imds.*method)(std::move(inner), std::move(done));
  });
}

}  // namespace

StatusOr<std::string> InstanceMetadata::Get(std::string path, CallOptions options) {
  return internal::Await<StatusOr<std::string>>(
      std::move(options), [&](CallOptions inner, auto done) {
        GetAsync(std::move(path), std::move(inner), std::move(done));
      });
}

StatusOr<std::string> InstanceMetadata::InstanceId(CallOptions options) {
  return Wait(*this, &InstanceMetadata::InstanceIdAsync, std::move(options));
}

StatusOr<std::string> InstanceMetadata::InstanceType(CallOptions options) {
  return Wait(*this, &InstanceMetadata::InstanceTypeAsync, std::move(options));
}

StatusOr<std::string> InstanceMetadata::Region(CallOptions options) {
  return Wait(*this, &InstanceMetadata::RegionAsync, std::move(options));
}

StatusOr<std::string> InstanceMetadata::AvailabilityZone(CallOptions options) {
  return Wait(*this, &InstanceMetadata::AvailabilityZoneAsync, std::move(options));
}

StatusOr<std::string> InstanceMetadata::LifeCycle(CallOptions options) {
  return Wait(*this, &InstanceMetadata::LifeCycleAsync, std::move(options));
}

StatusOr<InstanceNetwork> InstanceMetadata::Network(CallOptions options) {
  return Wait(*this, &InstanceMetadata::NetworkAsync, std::move(options));
}

StatusOr<InstanceIdentity> InstanceMetadata::Identity(CallOptions options) {
  return Wait(*this, &InstanceMetadata::IdentityAsync, std::move(options));
}

StatusOr<std::optional<std::map<std::string, std::string>>> InstanceMetadata::Tags(
    CallOptions options) {
  return Wait(*this, &InstanceMetadata::TagsAsync, std::move(options));
}

StatusOr<std::optional<SpotInstanceAction>> InstanceMetadata::SpotAction(CallOptions options) {
  return Wait(*this, &InstanceMetadata::SpotActionAsync, std::move(options));
}

StatusOr<std::optional<WallTime>> InstanceMetadata::SpotTerminationTime(CallOptions options) {
  return Wait(*this, &InstanceMetadata::SpotTerminationTimeAsync, std::move(options));
}

StatusOr<std::optional<WallTime>> InstanceMetadata::RebalanceRecommendation(CallOptions options) {
  return Wait(*this, &InstanceMetadata::RebalanceRecommendationAsync, std::move(options));
}

StatusOr<std::vector<ScheduledEvent>> InstanceMetadata::ScheduledEvents(CallOptions options) {
  return Wait(*this, &InstanceMetadata::ScheduledEventsAsync, std::move(options));
}

StatusOr<std::optional<std::string>> InstanceMetadata::AutoScalingTargetState(CallOptions options) {
  return Wait(*this, &InstanceMetadata::AutoScalingTargetStateAsync, std::move(options));
}

StatusOr<std::string> InstanceMetadata::IamRole(CallOptions options) {
  return Wait(*this, &InstanceMetadata::IamRoleAsync, std::move(options));
}

StatusOr<Credentials> InstanceMetadata::IamCredentials(CallOptions options) {
  return Wait(*this, &InstanceMetadata::IamCredentialsAsync, std::move(options));
}

}  // namespace gsh::aws
