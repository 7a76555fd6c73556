// The side-car's RPCs, and which of them may be repeated after an unclear failure.
#ifndef GSH_SRC_AGONES_SDK_METHODS_H_
#define GSH_SRC_AGONES_SDK_METHODS_H_

#include "src/rpc/common/method.h"

namespace gsh::agones::sdk {

using rpc::Idempotency;
using rpc::Method;

inline constexpr char kStable[] = "agones.dev.sdk.SDK";
inline constexpr char kBeta[] = "agones.dev.sdk.beta.SDK";
inline constexpr char kAlpha[] = "agones.dev.sdk.alpha.SDK";

inline constexpr Method kReady = {kStable, "Ready"};
inline constexpr Method kAllocate = {kStable, "Allocate"};
inline constexpr Method kShutdown = {kStable, "Shutdown"};
inline constexpr Method kReserve = {kStable, "Reserve"};
inline constexpr Method kHealth = {kStable, "Health"};
inline constexpr Method kGetGameServer = {kStable, "GetGameServer"};
inline constexpr Method kWatchGameServer = {kStable, "WatchGameServer"};
inline constexpr Method kSetLabel = {kStable, "SetLabel"};
inline constexpr Method kSetAnnotation = {kStable, "SetAnnotation"};

inline constexpr Method kGetCounter = {kBeta, "GetCounter"};
inline constexpr Method kSetCounter = {kBeta, "UpdateCounter"};
// Adding twice is not adding once.
inline constexpr Method kAddToCounter = {kBeta, "UpdateCounter", Idempotency::kOnce};
inline constexpr Method kGetList = {kBeta, "GetList"};
inline constexpr Method kUpdateList = {kBeta, "UpdateList"};
// The second time these fail, or say that nothing changed.
inline constexpr Method kAddListValue = {kBeta, "AddListValue", Idempotency::kOnce};
inline constexpr Method kRemoveListValue = {kBeta, "RemoveListValue", Idempotency::kOnce};
inline constexpr Method kPlayerConnect = {kAlpha, "PlayerConnect", Idempotency::kOnce};
inline constexpr Method kPlayerDisconnect = {kAlpha, "PlayerDisconnect", Idempotency::kOnce};

inline constexpr Method kSetPlayerCapacity = {kAlpha, "SetPlayerCapacity"};
inline constexpr Method kGetPlayerCapacity = {kAlpha, "GetPlayerCapacity"};
inline constexpr Method kGetPlayerCount = {kAlpha, "GetPlayerCount"};
inline constexpr Method kIsPlayerConnected = {kAlpha, "IsPlayerConnected"};
inline constexpr Method kGetConnectedPlayers = {kAlpha, "GetConnectedPlayers"};

}  // namespace gsh::agones::sdk

#endif  // GSH_SRC_AGONES_SDK_METHODS_H_
