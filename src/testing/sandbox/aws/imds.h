// Imds: the instance metadata service of one made-up instance, version 2.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_IMDS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_IMDS_H_

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "gsh/testing/aws_sandbox.h"
#include "src/http/server.h"
#include "src/testing/sandbox/aws/temporary_keys.h"

namespace gsh::testing::aws {

struct ImdsOptions {
  SandboxInstance instance = {};
  std::string region = {};
  std::string account_id = {};
  bool v1 = false;
  Clock* clock = nullptr;
  Rng* rng = nullptr;
  TemporaryKeys* keys = nullptr;  // with its role's, so that the services know them
};

// May be used from several threads. Tokens, errors and what is absent before a notice follow the
// service and amazon-ec2-metadata-mock.
class Imds {
 public:
  explicit Imds(ImdsOptions options);

  http::Response Answer(const http::Request& request);

  void InterruptSpot(std::string action, Duration notice);
  void RecommendRebalance();
  void ScheduleEvent(std::string event_id, std::string code, std::string state,
                     Duration not_before);
  void SetAutoScalingTargetState(std::string state);
  void ClearEvents();
  void ForgetTokens();

 private:
  struct Event {
    std::string id, code, state;
    WallTime not_before;
  };
  using Texts = std::map<std::string, std::string>;  // by path below /latest/

  http::Response GiveToken(const http::Request& request);
  bool TokenIsGood(const http::Request& request);
  Texts AllTexts();
  void AddPlaces(Texts& texts) const;
  void AddNotices(Texts& texts) const;
  void AddRole(Texts& texts);
  std::string Document() const;
  std::string EventsJson() const;
  TemporaryKey CurrentCredentials();

  const ImdsOptions options_;
  const WallTime started_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, SteadyTime> tokens_;  // and their ends
  std::string access_key_id_;                 // of the role's newest credentials
  std::string spot_action_;
  std::optional<WallTime> spot_time_;
  std::optional<WallTime> rebalance_;
  std::vector<Event> events_;
  std::string target_state_;
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_IMDS_H_
