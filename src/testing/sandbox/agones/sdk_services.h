// The three gRPC services of Agones' SDK over one side-car.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVICES_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVICES_H_

#include <memory>
#include <mutex>
#include <vector>

#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/side_car.h"

namespace gsh::sandbox {

class StableSdkService final : public wire_sdk::SDK::CallbackService {
 public:
  explicit StableSdkService(std::shared_ptr<SideCar> side_car) : side_car_(std::move(side_car)) {}
  ~StableSdkService() override;
  void EndWatches();  // ends every WatchGameServer with OK, later ones too

 private:
  using Context = grpc::CallbackServerContext;
  using Empty = wire_sdk::Empty;
  grpc::ServerUnaryReactor* Ready(Context* context, const Empty* request, Empty* response) override;
  grpc::ServerUnaryReactor* Allocate(Context* context, const Empty* request,
                                     Empty* response) override;
  grpc::ServerUnaryReactor* Shutdown(Context* context, const Empty* request,
                                     Empty* response) override;
  grpc::ServerUnaryReactor* Reserve(Context* context, const wire_sdk::Duration* request,
                                    Empty* response) override;
  grpc::ServerUnaryReactor* SetLabel(Context* context, const wire_sdk::KeyValue* request,
                                     Empty* response) override;
  grpc::ServerUnaryReactor* SetAnnotation(Context* context, const wire_sdk::KeyValue* request,
                                          Empty* response) override;
  grpc::ServerUnaryReactor* GetGameServer(Context* context, const Empty* request,
                                          wire_sdk::GameServer* response) override;
  grpc::ServerReadReactor<Empty>* Health(Context* context, Empty* response) override;
  grpc::ServerWriteReactor<wire_sdk::GameServer>* WatchGameServer(Context* context,
                                                                  const Empty* request) override;

  class HealthStream;
  class WatchStream;

  const std::shared_ptr<SideCar> side_car_;
  std::mutex mutex_;
  bool ended_ = false;
  std::vector<std::weak_ptr<WatchStream>> watches_;
};

class BetaSdkService final : public wire_sdk::beta::SDK::CallbackService {
 public:
  explicit BetaSdkService(std::shared_ptr<SideCar> side_car) : side_car_(std::move(side_car)) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Counter = wire_sdk::beta::Counter;
  using List = wire_sdk::beta::List;
  grpc::ServerUnaryReactor* GetCounter(Context* context,
                                       const wire_sdk::beta::GetCounterRequest* request,
                                       Counter* response) override;
  grpc::ServerUnaryReactor* UpdateCounter(Context* context,
                                          const wire_sdk::beta::UpdateCounterRequest* request,
                                          Counter* response) override;
  grpc::ServerUnaryReactor* GetList(Context* context, const wire_sdk::beta::GetListRequest* request,
                                    List* response) override;
  grpc::ServerUnaryReactor* UpdateList(Context* context,
                                       const wire_sdk::beta::UpdateListRequest* request,
                                       List* response) override;
  grpc::ServerUnaryReactor* AddListValue(Context* context,
                                         const wire_sdk::beta::AddListValueRequest* request,
                                         List* response) override;
  grpc::ServerUnaryReactor* RemoveListValue(Context* context,
                                            const wire_sdk::beta::RemoveListValueRequest* request,
                                            List* response) override;

  const std::shared_ptr<SideCar> side_car_;
};

class AlphaSdkService final : public wire_sdk::alpha::SDK::CallbackService {
 public:
  explicit AlphaSdkService(std::shared_ptr<SideCar> side_car) : side_car_(std::move(side_car)) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Empty = wire_sdk::alpha::Empty;
  using PlayerID = wire_sdk::alpha::PlayerID;
  using Bool = wire_sdk::alpha::Bool;
  using Count = wire_sdk::alpha::Count;
  grpc::ServerUnaryReactor* PlayerConnect(Context* context, const PlayerID* request,
                                          Bool* response) override;
  grpc::ServerUnaryReactor* PlayerDisconnect(Context* context, const PlayerID* request,
                                             Bool* response) override;
  grpc::ServerUnaryReactor* SetPlayerCapacity(Context* context, const Count* request,
                                              Empty* response) override;
  grpc::ServerUnaryReactor* GetPlayerCapacity(Context* context, const Empty* request,
                                              Count* response) override;
  grpc::ServerUnaryReactor* GetPlayerCount(Context* context, const Empty* request,
                                           Count* response) override;
  grpc::ServerUnaryReactor* IsPlayerConnected(Context* context, const PlayerID* request,
                                              Bool* response) override;
  grpc::ServerUnaryReactor* GetConnectedPlayers(Context* context, const Empty* request,
                                                wire_sdk::alpha::PlayerIDList* response) override;

  const std::shared_ptr<SideCar> side_car_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVICES_H_
