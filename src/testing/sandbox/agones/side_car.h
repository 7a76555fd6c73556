// SideCar: what Agones' sdk-server does for one game server (agones: pkg/sdkserver/sdkserver.go),
// without its gRPC.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SIDE_CAR_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SIDE_CAR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/testing/sandbox/agones/cluster.h"

namespace gsh::sandbox {

// Where the real one queues changes for half a second, these are done when the call returns. The
// errors of counters, lists and players have, as there, code UNKNOWN and a text.
class SideCar : public std::enable_shared_from_this<SideCar> {
 public:
  SideCar(std::shared_ptr<Cluster> cluster, Clock& clock, std::string name)
      : cluster_(std::move(cluster)), clock_(clock), name_(std::move(name)) {}

  void StartHealthChecks();  // after the spec's initial delay; once
  void Stop();               // no timer of it changes anything any more

  // What the game server asks for; RequestReady, Allocated, Shutdown.
  void RequestState(State state);
  void Reserve(std::int64_t seconds);  // then back to RequestReady; 0: for ever
  void HealthPing();
  Status SetLabel(const std::string& key, const std::string& value);
  Status SetAnnotation(const std::string& key, const std::string& value);
  StatusOr<GameServerPtr> Get() const;
  const std::shared_ptr<Cluster>& cluster() const { return cluster_; }
  const std::string& name() const { return name_; }

  StatusOr<agones::CounterStatus> GetCounter(const std::string& counter) const;
  StatusOr<agones::CounterStatus> UpdateCounter(const std::string& counter,
                                                const agones::CounterUpdate& update);
  StatusOr<agones::ListStatus> GetList(const std::string& list) const;
  static Status CheckListCapacity(std::int64_t capacity);
  // What is set replaces what is there.
  Status UpdateList(const std::string& list, std::optional<std::int64_t> capacity,
                    std::optional<std::vector<std::string>> values);
  StatusOr<agones::ListStatus> AddListValue(const std::string& list, const std::string& value);
  StatusOr<agones::ListStatus> RemoveListValue(const std::string& list, const std::string& value);

  StatusOr<agones::PlayerStatus> Players() const;
  Status SetPlayerCapacity(std::int64_t capacity);
  StatusOr<bool> PlayerConnect(const std::string& player);
  StatusOr<bool> PlayerDisconnect(const std::string& player);

 private:
  // Applies `change` unless that answers an error.
  Status Change(const std::function<Status(GameServer&)>& change);
  void CheckHealth();
  void SetTimer(std::optional<Clock::TimerId>& timer, SteadyTime when, void (SideCar::*then)());
  void CancelTimer(std::optional<Clock::TimerId>& timer);
  void EndReservation() { RequestState(State::kRequestReady); }

  const std::shared_ptr<Cluster> cluster_;
  Clock& clock_;
  const std::string name_;

  std::mutex mutex_;
  bool stopped_ = false;
  std::optional<Clock::TimerId> reserve_timer_;
  std::optional<Clock::TimerId> health_timer_;
  SteadyTime last_ping_ = {};
  int missed_ = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SIDE_CAR_H_
