// The chat game server: what one player sends reaches another as printable lines in the sender's
// name, in pieces of bounded length, and nobody else is disturbed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "src/chat/chat_broker.h"
#include "src/chat/chat_text.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

constexpr std::size_t kMaxLine = 256;

// One TCP connection to the broker, closed without the kernel keeping it in TIME_WAIT.
class Player {
 public:
  explicit Player(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Require(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
            "the broker accepts");
  }
  ~Player() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd_);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      Require(sent > 0, "the broker reads");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void Finish() const { shutdown(fd_, SHUT_WR); }

  std::string ReadLine() {
    for (;;) {
      if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      std::array<char, 4096> piece;
      const ssize_t size = recv(fd_, piece.data(), piece.size(), 0);
      Require(size > 0, "a player who did nothing stays connected");
      buffer_.append(piece.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  const int fd_;
  std::string buffer_;
};

// A broker with one player, for the life of the process.
class Room {
 public:
  Room() {
    auto broker =
        chat::ChatBroker::Listen({.bind = "127.0.0.1", .port = 0, .max_line_bytes = kMaxLine}, {});
    Require(broker.ok(), "the broker listens");
    broker_ = *std::move(broker);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      Require(broker_->Run(stop).ok(), "the broker serves until it is stopped");
    });
    watcher_.emplace(broker_->port());
    watcher_->ReadLine();  // "<announce> ... is connected as <user1>."
    watcher_->ReadLine();  // "<announce> already connected: nobody."
  }
  int port() const { return broker_->port(); }
  Player& watcher() { return *watcher_; }

 private:
  std::unique_ptr<chat::ChatBroker> broker_;
  std::optional<Player> watcher_;
  std::jthread thread_;
};

bool IsPrintable(const std::string& line) {
  return std::all_of(line.begin(), line.end(), [&](const char& c) {
    return (c >= ' ' && c < 0x7f) || c == '\t' || (c == '\r' && &c == &line.back());
  });
}

void CheckText(std::string_view bytes) {
  std::string line = chat::LineText(7, bytes);
  Require(line.starts_with("<user7> ") && line.ends_with('\n'), "a line has its sender's name");
  line.pop_back();
  Require(IsPrintable(line), "no byte drives another's terminal");
}

void CheckRoom(std::string_view bytes) {
  static Room room;
  Player talker(room.port());
  Require(room.watcher().ReadLine().find(" is connected as <user2>.") != std::string::npos,
          "a newcomer is announced");
  room.watcher().ReadLine();  // who is there already
  talker.Send(bytes);
  talker.Finish();
  for (;;) {
    const std::string line = room.watcher().ReadLine();
    if (line == "<announce> <user2> is disconnected.") return;
    Require(line.starts_with("<user2> "), "a line comes in its sender's name");
    Require(IsPrintable(line), "a line is printable");
    Require(line.size() <= 8 + 4 * kMaxLine, "a line's length is bounded");
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 16 * 1024) return 0;
  const std::string_view bytes = gsh::fuzz::TextOf(data, size);
  gsh::CheckText(bytes);
  gsh::CheckRoom(bytes);
  return 0;
}
