// What an EC2 instance knows of itself: the instance metadata service (IMDS), version 2.
#ifndef GSH_AWS_INSTANCE_METADATA_H_
#define GSH_AWS_INSTANCE_METADATA_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/aws/credentials.h"
#include "gsh/clock.h"
#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {

// The identity document (dynamic/instance-identity/document). Empty: not in it.
struct InstanceIdentity {
  std::string account_id = {};         // "123456789012"
  std::string instance_id = {};        // "i-0123456789abcdef0"
  std::string instance_type = {};      // "c6g.large"
  std::string region = {};             // "eu-west-1"
  std::string availability_zone = {};  // "eu-west-1a"
  std::string image_id = {};           // "ami-..."
  std::string architecture = {};       // "arm64"
  std::string private_ip = {};
  std::optional<WallTime> pending_time = {};  // when it was started
  std::string document = {};                  // as it came, for those who check its signature
};

struct InstanceNetwork {
  std::string local_ipv4 = {};  // empty: an instance with IPv6 alone
  std::string local_hostname = {};
  std::string public_ipv4 = {};  // these are empty where there is none
  std::string public_hostname = {};
  std::string ipv6 = {};
};

// EC2 takes a Spot instance back, usually two minutes from the notice on.
struct SpotInstanceAction {
  std::string action = {};  // "terminate", "stop", "hibernate"
  WallTime time = {};
};

// Maintenance that EC2 has scheduled (meta-data/events/maintenance/scheduled).
struct ScheduledEvent {
  std::string event_id = {};  // "instance-event-0d59937288b749b32"
  std::string code = {};      // "system-reboot", "instance-retirement", "system-maintenance" ...
  std::string state = {};     // "active", "completed", "canceled"
  std::string description = {};
  std::optional<WallTime> not_before = {};
  std::optional<WallTime> not_after = {};
  std::optional<WallTime> not_before_deadline = {};
};

// A port: GetAsync is all that a fake needs; the rest stands on it. May be called from several
// threads at once.
class GSH_EXPORT InstanceMetadata {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;

  virtual ~InstanceMetadata() = default;

  // The text at /latest/`path`, "meta-data/instance-id" for example; the path is not encoded.
  // NotFound: the service is there, and has no such thing.
  virtual void GetAsync(std::string path, CallOptions options, Callback<std::string> done) = 0;
  // By which calls of several requests keep their deadline. SystemClock() unless overridden.
  virtual Clock& clock() const;

  StatusOr<std::string> Get(std::string path, CallOptions options = {});

  void InstanceIdAsync(CallOptions options, Callback<std::string> done);
  void InstanceTypeAsync(CallOptions options, Callback<std::string> done);
  void RegionAsync(CallOptions options, Callback<std::string> done);
  void AvailabilityZoneAsync(CallOptions options, Callback<std::string> done);
  // "on-demand", "spot", "scheduled", "capacity-block".
  void LifeCycleAsync(CallOptions options, Callback<std::string> done);
  void NetworkAsync(CallOptions options, Callback<InstanceNetwork> done);
  void IdentityAsync(CallOptions options, Callback<InstanceIdentity> done);
  // Empty optional: the instance does not let its tags be read here.
  void TagsAsync(CallOptions options,
                 Callback<std::optional<std::map<std::string, std::string>>> done);

  // Empty optionals: no such notice (yet).
  void SpotActionAsync(CallOptions options, Callback<std::optional<SpotInstanceAction>> done);
  void SpotTerminationTimeAsync(CallOptions options, Callback<std::optional<WallTime>> done);
  // When EC2 said that the instance is at elevated risk.
  void RebalanceRecommendationAsync(CallOptions options, Callback<std::optional<WallTime>> done);
  void ScheduledEventsAsync(CallOptions options, Callback<std::vector<ScheduledEvent>> done);
  // "InService", "Terminated", "Detached", "Standby" or a Warmed: state; empty: in no group.
  void AutoScalingTargetStateAsync(CallOptions options, Callback<std::optional<std::string>> done);

  // The role of the instance's profile. NotFound: it has none.
  void IamRoleAsync(CallOptions options, Callback<std::string> done);
  // NotFound: no role. FailedPrecondition: EC2 has no credentials for the role, and says why.
  void IamCredentialsAsync(CallOptions options, Callback<Credentials> done);

  StatusOr<std::string> InstanceId(CallOptions options = {});
  StatusOr<std::string> InstanceType(CallOptions options = {});
  StatusOr<std::string> Region(CallOptions options = {});
  StatusOr<std::string> AvailabilityZone(CallOptions options = {});
  StatusOr<std::string> LifeCycle(CallOptions options = {});
  StatusOr<InstanceNetwork> Network(CallOptions options = {});
  StatusOr<InstanceIdentity> Identity(CallOptions options = {});
  StatusOr<std::optional<std::map<std::string, std::string>>> Tags(CallOptions options = {});
  StatusOr<std::optional<SpotInstanceAction>> SpotAction(CallOptions options = {});
  StatusOr<std::optional<WallTime>> SpotTerminationTime(CallOptions options = {});
  StatusOr<std::optional<WallTime>> RebalanceRecommendation(CallOptions options = {});
  StatusOr<std::vector<ScheduledEvent>> ScheduledEvents(CallOptions options = {});
  StatusOr<std::optional<std::string>> AutoScalingTargetState(CallOptions options = {});
  StatusOr<std::string> IamRole(CallOptions options = {});
  StatusOr<Credentials> IamCredentials(CallOptions options = {});
};

struct InstanceMetadataOptions {
  // "http://host[:port][/path]". Empty: AWS_EC2_METADATA_SERVICE_ENDPOINT, the profile's
  // ec2_metadata_service_endpoint, then by the mode http://169.254.169.254 or
  // http://[fd00:ec2::254]. http:// is taken for these two and loopback addresses alone, unless
  // `allow_plaintext`.
  std::string endpoint_url = {};
  // "IPv4", "IPv6". Empty: AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, the profile's
  // ec2_metadata_service_endpoint_mode, then AWS_IMDS_USE_IPV6, imds_use_ipv6.
  std::string endpoint_mode = {};
  bool allow_plaintext = false;
  // Where the service gives no session tokens, ask without one, as version 1 does. Any program
  // that can be made to fetch a URL can then be made to fetch credentials. Without effect if
  // AWS_EC2_METADATA_V1_DISABLED or the profile's ec2_metadata_v1_disabled is true.
  bool allow_v1 = false;
  // Of the shared config file. Empty: AWS_PROFILE, then "default".
  std::string profile = {};

  // Of a session token; it is renewed before its end. 1 s to 6 hours.
  std::chrono::seconds token_ttl{21600};
  // Of one request. 0: AWS_METADATA_SERVICE_TIMEOUT (seconds), the profile's
  // metadata_service_timeout, else 1 s.
  Duration attempt_timeout{0};
  // max_attempts 0: AWS_METADATA_SERVICE_NUM_ATTEMPTS, the profile's
  // metadata_service_num_attempts, else 3.
  RetryOptions retry = {.max_attempts = 0};
  Duration timeout = std::chrono::seconds(10);  // of a call whose CallOptions name none; 0: none
  std::shared_ptr<Executor> executor = {};      // DefaultExecutor()
  Clock* clock = nullptr;                       // SystemClock(); must outlive the client
  Rng* rng = nullptr;                           // SystemRng(); must outlive the client
  LogSink* log = nullptr;                       // nowhere; must outlive the client
  MetricsSink* metrics = nullptr;               // nowhere; must outlive the client
  const Env* env = nullptr;                     // SystemEnv(); only read while the client is made
  std::uint32_t max_response_bytes = 1u << 20;
};

// Does not connect. With AWS_EC2_METADATA_DISABLED=true every call is FailedPrecondition.
GSH_EXPORT StatusOr<std::unique_ptr<InstanceMetadata>> MakeInstanceMetadata(
    InstanceMetadataOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_INSTANCE_METADATA_H_
