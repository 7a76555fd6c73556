// MakeArenaMessage: a message whose many small parts cost one allocation.
#ifndef GSH_SRC_RPC_ARENA_MESSAGE_H_
#define GSH_SRC_RPC_ARENA_MESSAGE_H_

#include <google/protobuf/arena.h>

#include <memory>

namespace gsh::rpc {

// An empty message, on an arena that lives as long as the pointer. Strings that are moved out of it
// stay valid.
template <typename Message>
std::shared_ptr<Message> MakeArenaMessage() {
  const auto arena = std::make_shared<google::protobuf::Arena>();
  return {arena, google::protobuf::Arena::CreateMessage<Message>(arena.get())};
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_ARENA_MESSAGE_H_
