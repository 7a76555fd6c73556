#include "src/chat/chat_broker.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "src/chat/chat_text.h"
#include "src/chat/socket.h"

namespace gsh::chat {
namespace {

// How long nobody is accepted after the process ran out of descriptors.
constexpr int kAcceptPauseMs = 1000;
// Accepted in one turn at most, so that those who are there are served too.
constexpr int kAcceptsATurn = 16;

struct Player {
  Fd socket;
  std::string address = {};
  std::string line = {};       // what came since the last line feed
  std::string waiting = {};    // what the socket did not take yet
  const char* gone = nullptr;  // why the player is to be removed
};

// Everything runs on the thread of Run(): no locks.
class PollBroker final : public ChatBroker {
 public:
  PollBroker(ChatOptions options, ChatEvents events, Fd listener, Fd waker)
      : options_(std::move(options)),
        events_(std::move(events)),
        listener_(std::move(listener)),
        waker_(std::move(waker)) {}

  int port() const override { return LocalPort(listener_); }
  Status Run(std::stop_token stop) override;

 private:
  std::vector<pollfd> PollSet() const;
  void Serve(const std::vector<pollfd>& ready);
  void Accept();
  void Join(Accepted accepted);
  void Read(int user, Player& player);
  void TakeLines(int user, Player& player, std::string_view bytes);
  void Broadcast(const std::string& text, int except);
  void Send(Player& player, std::string_view text);
  void RemoveGone();

  const ChatOptions options_;
  const ChatEvents events_;
  const Fd listener_;
  const Fd waker_;
  bool accept_paused_ = false;
  std::map<int, Player> players_;  // by number
};

Status PollBroker::Run(std::stop_token stop) {
  const std::stop_callback wake(stop, [this] { Wake(waker_); });
  while (!stop.stop_requested()) {
    std::vector<pollfd> set = PollSet();
    const int timeout = accept_paused_ ? kAcceptPauseMs : -1;
    if (poll(set.data(), set.size(), timeout) < 0 && errno != EINTR) {
      return UnavailableError(std::string("poll: ") + std::strerror(errno));
    }
    accept_paused_ = false;
    if (!stop.stop_requested()) Serve(set);
  }
  players_.clear();
  return OkStatus();
}

// The waker, the listener, and the players in the map's order.
std::vector<pollfd> PollBroker::PollSet() const {
  std::vector<pollfd> set = {{.fd = waker_.get(), .events = POLLIN, .revents = 0},
                             {.fd = listener_.get(),
                              .events = static_cast<short>(accept_paused_ ? 0 : POLLIN),
                              .revents = 0}};
  for (const auto& [user, player] : players_) {
    const int events = player.waiting.empty() ? POLLIN : POLLIN | POLLOUT;
    set.push_back({.fd = player.socket.get(), .events = static_cast<short>(events), .revents = 0});
  }
  return set;
}

void PollBroker::Serve(const std::vector<pollfd>& ready) {
  std::size_t index = 2;
  for (auto& [user, player] : players_) {
    const short events = ready[index++].revents;
    if ((events & POLLOUT) != 0) Send(player, {});
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) Read(user, player);
  }
  RemoveGone();
  if ((ready[1].revents & POLLIN) != 0) Accept();
  RemoveGone();
}

void PollBroker::Accept() {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    Accepted accepted = AcceptTcp(listener_);
    if (accepted.socket) {
      Join(std::move(accepted));
    } else if (accepted.error != EINTR && accepted.error != ECONNABORTED) {
      if (accepted.error == EAGAIN) return;
      accept_paused_ = true;  // no descriptors: poll would only spin
      Log(options_.log, LogLevel::kWarning, "cannot accept a player",
          {{"error", std::strerror(accepted.error)}});
      return;
    }
  }
}

void PollBroker::Join(Accepted accepted) {
  if (players_.size() >= options_.max_players) {
    Log(options_.log, LogLevel::kWarning, "server is full, player turned away",
        {{"address", accepted.address}});
    return;
  }
  std::map<int, std::string> others;
  int user = 1;  // the lowest free number
  for (const auto& [number, player] : players_) {
    others[number] = player.address;
    if (number == user) ++user;
  }
  const std::string text = JoinedText(user, accepted.address, others);
  Log(options_.log, LogLevel::kInfo, "player joined",
      {{"user", UserName(user)}, {"address", accepted.address}});
  Player& player = players_[user];
  player.socket = std::move(accepted.socket);
  player.address = std::move(accepted.address);
  Broadcast(text, 0);
  if (events_.joined) events_.joined(user);
}

// One piece a turn, so that nobody who sends without end keeps the others waiting.
void PollBroker::Read(int user, Player& player) {
  std::array<char, 4096> piece;
  const ssize_t size = recv(player.socket.get(), piece.data(), piece.size(), MSG_DONTWAIT);
  if (size > 0) return TakeLines(user, player, {piece.data(), static_cast<std::size_t>(size)});
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (!player.line.empty()) Broadcast(LineText(user, std::exchange(player.line, {})), user);
  player.gone = size == 0 ? "left" : "connection lost";
}

void PollBroker::TakeLines(int user, Player& player, std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte == '\n' || player.line.size() >= options_.max_line_bytes) {
      Broadcast(LineText(user, std::exchange(player.line, {})), user);
    }
    if (byte != '\n') player.line += byte;
  }
}

void PollBroker::Broadcast(const std::string& text, int except) {
  for (auto& [user, player] : players_) {
    if (user != except) Send(player, text);
  }
}

// Sends what waits and then `text`, as far as the socket takes it.
void PollBroker::Send(Player& player, std::string_view text) {
  if (player.gone != nullptr) return;
  player.waiting += text;
  const ssize_t sent = send(player.socket.get(), player.waiting.data(), player.waiting.size(),
                            MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) player.waiting.erase(0, static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    player.gone = "connection lost";
  } else if (player.waiting.size() > options_.max_waiting_bytes) {
    player.gone = "reads too slowly";
  }
}

// Telling the others may show that more of them are gone, so it starts again after each.
void PollBroker::RemoveGone() {
  auto player = players_.begin();
  while (player != players_.end()) {
    if (player->second.gone == nullptr) {
      ++player;
      continue;
    }
    const int user = player->first;
    Log(options_.log, LogLevel::kInfo, "player left",
        {{"user", UserName(user)}, {"reason", player->second.gone}});
    players_.erase(player);
    Broadcast(LeftText(user), 0);
    if (events_.left) events_.left(user, players_.size());
    player = players_.begin();
  }
}

}  // namespace

StatusOr<std::unique_ptr<ChatBroker>> ChatBroker::Listen(ChatOptions options, ChatEvents events) {
  auto listener = ListenTcp(options.bind, options.port);
  if (!listener.ok()) return listener.status();
  auto waker = MakeWaker();
  if (!waker.ok()) return waker.status();
  return std::unique_ptr<ChatBroker>(
      std::make_unique<PollBroker>(std::move(options), std::move(events),
                                   std::move(listener).value(), std::move(waker).value()));
}

}  // namespace gsh::chat
