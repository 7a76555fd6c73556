// GoogleMock mocks of Agones' ports.
#ifndef GSH_TESTING_MOCK_AGONES_H_
#define GSH_TESTING_MOCK_AGONES_H_

#include <gmock/gmock.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/game_server_sdk.h"

namespace gsh::testing {

class MockAllocator : public agones::Allocator {
 public:
  MOCK_METHOD(void, AllocateAsync,
              (agones::AllocationRequest request, CallOptions options,
               std::function<void(StatusOr<agones::Allocation>)> done),
              (override));
};

// Its WatchGameServer returns null unless told otherwise: see FakeSubscription.
class MockGameServerSdk : public agones::GameServerSdk {
 public:
  MOCK_METHOD(Status, Ready, (CallOptions options), (override));
  MOCK_METHOD(Status, Allocate, (CallOptions options), (override));
  MOCK_METHOD(Status, Shutdown, (CallOptions options), (override));
  MOCK_METHOD(Status, Reserve, (std::chrono::seconds duration, CallOptions options), (override));
  MOCK_METHOD(StatusOr<agones::GameServer>, GetGameServer, (CallOptions options), (override));
  MOCK_METHOD(Status, SetLabel, (std::string key, std::string value, CallOptions options),
              (override));
  MOCK_METHOD(Status, SetAnnotation, (std::string key, std::string value, CallOptions options),
              (override));
  MOCK_METHOD(std::unique_ptr<agones::Subscription>, WatchGameServer,
              (std::function<void(const agones::GameServer&)> on_change), (override));
  MOCK_METHOD(void, StartHealth, (Duration interval), (override));
  MOCK_METHOD(void, StopHealth, (), (override));

  MOCK_METHOD(StatusOr<agones::CounterStatus>, GetCounter, (std::string name, CallOptions options),
              (override));
  MOCK_METHOD(StatusOr<agones::CounterStatus>, UpdateCounter,
              (std::string name, agones::CounterUpdate update, CallOptions options), (override));
  MOCK_METHOD(StatusOr<agones::ListStatus>, GetList, (std::string name, CallOptions options),
              (override));
  MOCK_METHOD(Status, SetListCapacity,
              (std::string name, std::int64_t capacity, CallOptions options), (override));
  MOCK_METHOD(Status, AddListValue, (std::string name, std::string value, CallOptions options),
              (override));
  MOCK_METHOD(Status, RemoveListValue, (std::string name, std::string value, CallOptions options),
              (override));

  MOCK_METHOD(StatusOr<bool>, PlayerConnect, (std::string player, CallOptions options), (override));
  MOCK_METHOD(StatusOr<bool>, PlayerDisconnect, (std::string player, CallOptions options),
              (override));
  MOCK_METHOD(Status, SetPlayerCapacity, (std::int64_t capacity, CallOptions options), (override));
  MOCK_METHOD(StatusOr<std::int64_t>, GetPlayerCapacity, (CallOptions options), (override));
  MOCK_METHOD(StatusOr<std::int64_t>, GetPlayerCount, (CallOptions options), (override));
  MOCK_METHOD(StatusOr<bool>, IsPlayerConnected, (std::string player, CallOptions options),
              (override));
  MOCK_METHOD(StatusOr<std::vector<std::string>>, GetConnectedPlayers, (CallOptions options),
              (override));
};

// What a mocked WatchGameServer returns; `on_stop` runs when the watcher gives it up.
class FakeSubscription final : public agones::Subscription {
 public:
  explicit FakeSubscription(std::function<void()> on_stop = {}) : on_stop_(std::move(on_stop)) {}
  ~FakeSubscription() override {
    if (on_stop_) on_stop_();
  }

 private:
  std::function<void()> on_stop_;
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_MOCK_AGONES_H_
