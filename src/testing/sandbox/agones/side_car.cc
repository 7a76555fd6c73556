#include "src/testing/sandbox/agones/side_car.h"

#include <utility>

#include "src/testing/sandbox/agones/labels.h"

namespace gsh::sandbox {
namespace {

constexpr char kPrefix[] = "agones.dev/sdk-";

}  // namespace

void SideCar::StartHealthChecks() {
  const GameServerPtr server = cluster_->Get(name_);
  if (server == nullptr || server->health.disabled || server->health.period_seconds <= 0) return;
  const SteadyTime now = clock_.SteadyNow();
  {
    std::lock_guard lock(mutex_);
    last_ping_ = now;
  }
  SetTimer(health_timer_, now + std::chrono::seconds(server->health.initial_delay_seconds),
           &SideCar::CheckHealth);
}

void SideCar::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  CancelTimer(reserve_timer_);
  CancelTimer(health_timer_);
}

void SideCar::RequestState(State state) {
  {
    std::lock_guard lock(mutex_);
    CancelTimer(reserve_timer_);
    if (stopped_) return;
  }
  cluster_->Update(name_, [&](GameServer& server) {
    // There is no way back from these.
    if (server.BeingDeleted() || server.state == State::kUnhealthy) return false;
    if (state == State::kAllocated) MarkAllocated(server, clock_.Now());
    server.state = state;
    return true;
  });
}

void SideCar::Reserve(std::int64_t seconds) {
  RequestState(State::kReserved);
  if (seconds <= 0) return;
  SetTimer(reserve_timer_, clock_.SteadyNow() + std::chrono::seconds(seconds),
           &SideCar::EndReservation);
}

void SideCar::HealthPing() {
  std::lock_guard lock(mutex_);
  last_ping_ = clock_.SteadyNow();
  missed_ = 0;
}

void SideCar::CheckHealth() {
  const GameServerPtr server = cluster_->Get(name_);
  if (server == nullptr) return;
  const auto period = std::chrono::seconds(server->health.period_seconds);
  const SteadyTime now = clock_.SteadyNow();
  int missed = 0;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    if (now - last_ping_ > period) ++missed_;
    missed = missed_;
  }
  if (missed >= server->health.failure_threshold) return RequestState(State::kUnhealthy);
  SetTimer(health_timer_, now + period, &SideCar::CheckHealth);
}

Status SideCar::SetLabel(const std::string& key, const std::string& value) {
  if (const std::string error = QualifiedNameError(key); !error.empty()) {
    return InvalidArgumentError("invalid label key \"" + key + "\": " + error);
  }
  if (const std::string error = LabelValueError(value); !error.empty()) {
    return InvalidArgumentError("invalid label value \"" + value + "\" for key \"" + key +
                                "\": " + error);
  }
  return Change([&](GameServer& server) {
    server.labels[kPrefix + key] = value;
    return OkStatus();
  });
}

Status SideCar::SetAnnotation(const std::string& key, const std::string& value) {
  if (const std::string error = QualifiedNameError(key); !error.empty()) {
    return InvalidArgumentError("invalid annotation key \"" + key + "\": " + error);
  }
  return Change([&](GameServer& server) {
    server.annotations[kPrefix + key] = value;
    return OkStatus();
  });
}

StatusOr<GameServerPtr> SideCar::Get() const {
  GameServerPtr server = cluster_->Get(name_);
  if (server == nullptr) return UnknownError("could not retrieve GameServer " + name_);
  return server;
}

Status SideCar::Change(const std::function<Status(GameServer&)>& change) {
  Status status;
  const auto apply = [&](GameServer& server) {
    status = change(server);
    return status.ok();
  };
  if (cluster_->Update(name_, apply) == nullptr) return Get().status();
  return status;
}

// Without the lock: a manual clock runs what is due already at once, here.
void SideCar::SetTimer(std::optional<Clock::TimerId>& timer, SteadyTime when,
                       void (SideCar::*then)()) {
  const Clock::TimerId id = clock_.RunAt(when, [weak = weak_from_this(), then] {
    if (const auto self = weak.lock()) ((*self).*then)();
  });
  std::lock_guard lock(mutex_);
  CancelTimer(timer);
  timer = id;
  if (stopped_) CancelTimer(timer);
}

void SideCar::CancelTimer(std::optional<Clock::TimerId>& timer) {
  if (timer) clock_.Cancel(*timer);
  timer.reset();
}

}  // namespace gsh::sandbox
