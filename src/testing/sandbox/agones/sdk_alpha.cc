#include <algorithm>

#include "src/testing/sandbox/agones/sdk_messages.h"
#include "src/testing/sandbox/agones/sdk_services.h"

namespace gsh::sandbox {

using UnaryReactor = grpc::ServerUnaryReactor;

UnaryReactor* AlphaSdkService::PlayerConnect(Context* context, const PlayerID* request,
                                             Bool* response) {
  const auto changed = side_car_->PlayerConnect(request->playerid());
  if (changed.ok()) response->set_bool_(*changed);
  return FinishCall(context, changed.status());
}

UnaryReactor* AlphaSdkService::PlayerDisconnect(Context* context, const PlayerID* request,
                                                Bool* response) {
  const auto changed = side_car_->PlayerDisconnect(request->playerid());
  if (changed.ok()) response->set_bool_(*changed);
  return FinishCall(context, changed.status());
}

UnaryReactor* AlphaSdkService::SetPlayerCapacity(Context* context, const Count* request, Empty*) {
  return FinishCall(context, side_car_->SetPlayerCapacity(request->count()));
}

UnaryReactor* AlphaSdkService::GetPlayerCapacity(Context* context, const Empty*, Count* response) {
  const auto players = side_car_->Players();
  if (players.ok()) response->set_count(players->capacity);
  return FinishCall(context, players.status());
}

UnaryReactor* AlphaSdkService::GetPlayerCount(Context* context, const Empty*, Count* response) {
  const auto players = side_car_->Players();
  if (players.ok()) response->set_count(players->count);
  return FinishCall(context, players.status());
}

UnaryReactor* AlphaSdkService::IsPlayerConnected(Context* context, const PlayerID* request,
                                                 Bool* response) {
  const auto players = side_car_->Players();
  if (players.ok()) {
    response->set_bool_(std::find(players->ids.begin(), players->ids.end(), request->playerid()) !=
                        players->ids.end());
  }
  return FinishCall(context, players.status());
}

UnaryReactor* AlphaSdkService::GetConnectedPlayers(Context* context, const Empty*,
                                                   wire_sdk::alpha::PlayerIDList* response) {
  const auto players = side_car_->Players();
  if (players.ok()) {
    for (const std::string& id : players->ids) response->add_list(id);
  }
  return FinishCall(context, players.status());
}

}  // namespace gsh::sandbox
