// AwsSandbox: GameLift FleetIQ, SQS, STS, Auto Scaling and the instance metadata service in one
// process on real sockets, as far as hosting games needs them. Signatures are checked.
#ifndef GSH_TESTING_AWS_SANDBOX_H_
#define GSH_TESTING_AWS_SANDBOX_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::testing {

// What the metadata service says of the machine that asks.
struct SandboxInstance {
  std::string instance_id = "i-0123456789abcdef0";
  std::string instance_type = "c6g.large";
  std::string availability_zone_suffix = "a";  // after the region
  std::string image_id = "ami-0123456789abcdef0";
  std::string life_cycle = "spot";
  std::string local_ipv4 = "10.0.0.7";
  std::string public_ipv4 = {};  // these are left out if they are empty
  std::string ipv6 = {};
  std::string auto_scaling_group = {};  // also what DescribeAutoScalingInstances says
  std::map<std::string, std::string> tags = {};
  std::string role = "sandbox-role";  // empty: no role. Its credentials are good in the sandbox
};

struct AwsSandboxOptions {
  std::string bind = "127.0.0.1";  // an IPv4 address
  int port = 0;                    // of the services; 0: any
  int imds_port = 0;               // of the metadata service; 0: any
  std::string region = "us-east-1";
  std::string account_id = "123456789012";
  // Long-term keys: secrets by id. Others get what AWS would say. Whoever has one may assume any
  // role: STS gives temporary credentials that are good in the sandbox.
  std::map<std::string, std::string> access_keys = {{"AKIASANDBOX000000000", "sandbox-secret"}};
  bool check_signatures = true;
  SandboxInstance instance = {};
  bool imds_v1 = false;  // answers without a token, too
  // FleetIQ does not say how long it waits for a health report; these are the sandbox's own.
  Duration game_server_healthy_for = std::chrono::minutes(3);      // then it is not claimed
  Duration game_server_forgotten_after = std::chrono::minutes(6);  // then it is deregistered
  Clock* clock = nullptr;  // of every timer and time stamp; SystemClock(); must outlive the sandbox
  LogSink* log = nullptr;
};

struct AwsSandboxEndpoints {
  std::string services = {};  // "http://127.0.0.1:4566": FleetIQ, SQS, STS, Auto Scaling
  std::string imds = {};      // "http://127.0.0.1:1338"
};

// Errors in place of the next answers.
struct AwsSandboxFault {
  std::string operation = {};  // "ClaimGameServer"; "Imds" for any request for metadata; empty: all
  int http_status = 400;
  std::string name = "ThrottlingException";
  std::string message = "Rate exceeded";
  int times = 1;       // -1: until cleared
  bool after = false;  // the request is done all the same
};

// May be used from several threads. The same by HTTP, on the services' port and for loopback
// clients alone: POST /_sandbox/COMMAND with a JSON object (docs/aws.md).
class GSH_EXPORT AwsSandbox {
 public:
  static StatusOr<std::unique_ptr<AwsSandbox>> Start(AwsSandboxOptions options = {});
  virtual ~AwsSandbox() = default;

  virtual const AwsSandboxEndpoints& endpoints() const = 0;

  // Metadata: a notice is there from now on, and says that it happens after `notice`.
  virtual void InterruptSpot(std::string action = "terminate",
                             Duration notice = std::chrono::minutes(2)) = 0;
  virtual void RecommendRebalance() = 0;
  // `event_id` that is known changes its state. Code: "system-reboot", "instance-retirement" ...
  virtual void ScheduleEvent(std::string event_id, std::string code, std::string state,
                             Duration not_before) = 0;
  virtual void SetAutoScalingTargetState(std::string state) = 0;  // empty: in no group
  virtual void ClearEvents() = 0;
  virtual void ForgetImdsTokens() = 0;

  // Temporary credentials, those of assumed roles and of the instance's role, end now, whatever
  // their users were told: services answer ExpiredToken.
  virtual void ExpireCredentials() = 0;

  // FleetIQ: instances come with groups, as many as their MinSize, or so.
  virtual void SetInstance(
      const std::string& group, const std::string& instance_id,
      const std::string& status) = 0;  // "ACTIVE", "DRAINING" ...; added if new
  virtual void RemoveInstance(const std::string& group, const std::string& instance_id) = 0;

  virtual void InjectFault(AwsSandboxFault fault) = 0;
  virtual void ClearFaults() = 0;
  // "ClaimGameServer", "SendMessage", "PUT /latest/api/token" ..., since the last call.
  virtual std::vector<std::string> TakeRequests() = 0;
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_AWS_SANDBOX_H_
