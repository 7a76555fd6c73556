// FleetIq: game server groups, their instances and game servers, as Amazon GameLift FleetIQ keeps
// them (API 2015-10-01).
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_FLEETIQ_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_FLEETIQ_H_

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/testing/sandbox/aws/input_check.h"

namespace gsh::testing::aws {

struct FleetIqOptions {
  std::string region = {};
  std::string account_id = {};
  Duration healthy_for{};
  Duration forgotten_after{};
  Clock* clock = nullptr;
};

// May be used from several threads.
class FleetIq {
 public:
  explicit FleetIq(FleetIqOptions options);

  // "ClaimGameServer" and its input: the output, or an error with the service's name for it.
  StatusOr<Json> Call(const std::string& operation, const Json& input);

  // An unknown instance joins the group; nothing happens without the group.
  void SetInstance(const std::string& group, const std::string& instance, std::string status);
  void RemoveInstance(const std::string& group, const std::string& instance);

 private:
  struct GameServer {
    std::string id = {};
    std::string instance = {};
    std::string connection_info = {};
    std::string data = {};
    bool utilized = false;
    std::uint64_t number = 0;  // in order of registration
    WallTime registered = {};
    WallTime healthy = {};
    std::optional<WallTime> claimed = {};
    bool claim_open = false;  // since `claimed`, until a minute has passed or it is utilized
  };
  struct Group {
    Json described = {};                           // what does not change by itself
    std::map<std::string, std::string> instances;  // status by id
    std::map<std::string, GameServer> servers;
    std::uint64_t servers_so_far = 0;
    bool delete_when_idle = false;
  };
  using Operation = StatusOr<Json> (FleetIq::*)(const Json& input);

  StatusOr<Json> CreateGroup(const Json& input);
  StatusOr<Json> DescribeGroup(const Json& input);
  StatusOr<Json> UpdateGroup(const Json& input);
  StatusOr<Json> DeleteGroup(const Json& input);
  StatusOr<Json> SuspendGroup(const Json& input);
  StatusOr<Json> ResumeGroup(const Json& input);
  StatusOr<Json> ListGroups(const Json& input);
  StatusOr<Json> DescribeInstances(const Json& input);

  StatusOr<Json> Register(const Json& input);
  StatusOr<Json> Describe(const Json& input);
  StatusOr<Json> Update(const Json& input);
  StatusOr<Json> Deregister(const Json& input);
  StatusOr<Json> Claim(const Json& input);
  StatusOr<Json> List(const Json& input);

  // Null, and why, if there is none.
  Group* FindGroup(const Json& input);
  GameServer* FindServer(Group& group, const Json& input);
  static Status NoGroup(const Json& input, const char* name = "NotFoundException");
  static Status NoServer(const Json& input);

  // What time has done since the last call.
  void PassTime();
  bool IsHealthy(const GameServer& server) const;
  // Why it cannot be claimed; OK if it can.
  Status CheckClaim(const Group& group, const GameServer& server, const Json& statuses) const;
  GameServer* ChooseServer(Group& group, const Json& statuses);
  Json JsonOf(const Group& group, const GameServer& server) const;
  Json InstanceJson(const Group& group, const std::string& id, const std::string& status) const;
  void AddInstances(Group& group, std::int64_t count);
  void Touch(Group& group);

  const FleetIqOptions options_;
  const InputCheck check_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Group> groups_;
  std::uint64_t instances_so_far_ = 0;
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_FLEETIQ_H_
