// Between the sandbox's game servers and the messages of Agones' SDK.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SDK_MESSAGES_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SDK_MESSAGES_H_

#include <string>

#include "gsh/status.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/game_server.h"

namespace gsh::sandbox {

// Ends a unary call with `status`.
grpc::ServerUnaryReactor* FinishCall(grpc::CallbackServerContext* context, const Status& status);

void Fill(const GameServer& server, wire_sdk::GameServer& message);
void Fill(const std::string& name, const agones::CounterStatus& counter,
          wire_sdk::beta::Counter& message);
void Fill(const std::string& name, const agones::ListStatus& list, wire_sdk::beta::List& message);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SDK_MESSAGES_H_
