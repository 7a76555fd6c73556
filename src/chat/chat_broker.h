// ChatBroker: a TCP server that passes each player's lines on to the others, as `ncat --chat` does.
#ifndef GSH_SRC_CHAT_CHAT_BROKER_H_
#define GSH_SRC_CHAT_CHAT_BROKER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "gsh/log.h"
#include "gsh/status.h"

namespace gsh::chat {

struct ChatOptions {
  std::string bind = "0.0.0.0";  // a numeric address
  int port = 12345;              // 0: any free one
  std::size_t max_players = 100;
  std::size_t max_line_bytes = 4096;        // a longer line is passed on in pieces
  std::size_t max_waiting_bytes = 1 << 18;  // a player who reads more slowly than that is dropped
  LogSink* log = nullptr;
};

// Called on the broker's thread; the others wait meanwhile.
struct ChatEvents {
  std::function<void(int user)> joined = {};
  std::function<void(int user, std::size_t remaining)> left = {};  // how many are still there
};

class ChatBroker {
 public:
  // Listens from now on. Unavailable when the address cannot be had.
  static StatusOr<std::unique_ptr<ChatBroker>> Listen(ChatOptions options, ChatEvents events);
  virtual ~ChatBroker() = default;

  virtual int port() const = 0;
  // Serves until `stop` is asked for, then disconnects everybody (without `left`) and returns OK.
  virtual Status Run(std::stop_token stop) = 0;
};

}  // namespace gsh::chat

#endif  // GSH_SRC_CHAT_CHAT_BROKER_H_
