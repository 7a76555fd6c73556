#include "src/chat/chat_broker.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <mutex>
#include <thread>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/chat/socket.h"

namespace gsh::chat {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;
using testing::StatusIs;

// A player on a real socket; reads time out after five seconds, so that a test fails and does not
// hang.
class Player {
 public:
  explicit Player(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) {
      setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    const timeval timeout = {.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  void Send(const std::string& text) {
    EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // The next line, "" at the end of the stream.
  std::string Line() {
    std::string line;
    for (char byte = 0; recv(socket_.get(), &byte, 1, 0) == 1;) {
      if (byte == '\n') return line;
      line += byte;
    }
    return line;
  }
  std::vector<std::string> Lines(int count) {
    std::vector<std::string> lines;
    for (int i = 0; i < count; ++i) lines.push_back(Line());
    return lines;
  }
  void Leave() { socket_ = Fd(); }

 private:
  Fd socket_;
};

class ChatBrokerTest : public ::testing::Test {
 protected:
  void Start(ChatOptions options = {}) {
    options.bind = "127.0.0.1";
    options.port = 0;
    auto broker = ChatBroker::Listen(
        options, {.joined = [this](int user) { Note("joined " + std::to_string(user)); },
                  .left =
                      [this](int user, std::size_t remaining) {
                        Note("left " + std::to_string(user) + " of " + std::to_string(remaining));
                      }});
    ASSERT_THAT(broker, IsOk());
    broker_ = std::move(broker).value();
    thread_ =
        std::jthread([this](std::stop_token stop) { EXPECT_THAT(broker_->Run(stop), IsOk()); });
  }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }
  // A player who has seen its own announcement: the two lines are read.
  Player Join(int receive_buffer = 0) {
    Player player(broker_->port(), receive_buffer);
    player.Lines(2);
    return player;
  }
  void Note(std::string event) {
    std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  std::vector<std::string> Events() {
    std::lock_guard lock(mutex_);
    return events_;
  }

  std::unique_ptr<ChatBroker> broker_;
  std::mutex mutex_;
  std::vector<std::string> events_;
  std::jthread thread_;
};

TEST_F(ChatBrokerTest, AnnouncesToEveryone) {
  Start();
  Player first(broker_->port());
  EXPECT_THAT(first.Lines(2), ElementsAre("<announce> 127.0.0.1 is connected as <user1>.",
                                          "<announce> already connected: nobody."));
  Player second(broker_->port());
  const auto announced = ElementsAre("<announce> 127.0.0.1 is connected as <user2>.",
                                     "<announce> already connected: 127.0.0.1 as <user1>.");
  EXPECT_THAT(second.Lines(2), announced);
  EXPECT_THAT(first.Lines(2), announced);
  second.Leave();
  EXPECT_EQ(first.Line(), "<announce> <user2> is disconnected.");
}

TEST_F(ChatBrokerTest, PassesLinesToTheOthersOnly) {
  Start();
  Player first = Join();
  Player second = Join();
  first.Lines(2);
  first.Send("hel");
  first.Send("lo\nand \x1b\n");
  EXPECT_THAT(second.Lines(2), ElementsAre("<user1> hello", "<user1> and \\033"));
  second.Send("hi\n");
  EXPECT_EQ(first.Line(), "<user2> hi");
}

TEST_F(ChatBrokerTest, LastWordsWithoutLineFeedArePassedOn) {
  Start();
  Player first = Join();
  Player second = Join();
  second.Send("bye");
  second.Leave();
  first.Lines(2);
  EXPECT_THAT(first.Lines(2), ElementsAre("<user2> bye", "<announce> <user2> is disconnected."));
}

TEST_F(ChatBrokerTest, LongLinesComeInPieces) {
  Start({.max_line_bytes = 8});
  Player first = Join();
  Player second = Join();
  first.Send("12345678\n123456789\n");
  EXPECT_THAT(second.Lines(3), ElementsAre("<user1> 12345678", "<user1> 12345678", "<user1> 9"));
}

TEST_F(ChatBrokerTest, NumbersAreUsedAgain) {
  Start();
  Player first = Join();
  Player second = Join();
  first.Leave();
  EXPECT_EQ(second.Line(), "<announce> <user1> is disconnected.");
  Player third(broker_->port());
  EXPECT_THAT(third.Lines(2), ElementsAre("<announce> 127.0.0.1 is connected as <user1>.",
                                          "<announce> already connected: 127.0.0.1 as <user2>."));
}

TEST_F(ChatBrokerTest, TellsWhoJoinedAndLeft) {
  Start();
  Player first = Join();
  Player second = Join();
  first.Lines(2);
  second.Leave();
  first.Line();
  Stop();
  EXPECT_THAT(Events(), ElementsAre("joined 1", "joined 2", "left 2 of 1"));
  EXPECT_EQ(first.Line(), "");  // stopping disconnects
}

TEST_F(ChatBrokerTest, FullServerTurnsAway) {
  Start({.max_players = 1});
  Player first = Join();
  Player second(broker_->port());
  EXPECT_EQ(second.Line(), "");
  first.Leave();
  // The place is free once the broker has seen the end of the first player.
  std::string line;
  for (int i = 0; i < 1000 && line.empty(); ++i) line = Player(broker_->port()).Line();
  EXPECT_EQ(line, "<announce> 127.0.0.1 is connected as <user1>.");
}

TEST_F(ChatBrokerTest, SlowReaderIsDropped) {
  Start({.max_waiting_bytes = 4096});
  Player talker = Join();
  Player slow = Join(/*receive_buffer=*/1024);
  talker.Lines(2);
  // More than the sockets' own buffers can hold (at most a few megabytes), unless it is dropped.
  const std::string line = std::string(1000, 'x') + "\n";
  std::thread talk([&] {
    for (int i = 0; i < 16'000; ++i) talker.Send(line);
  });
  EXPECT_EQ(talker.Line(), "<announce> <user2> is disconnected.");
  talk.join();
}

TEST_F(ChatBrokerTest, PortInUse) {
  Start();
  EXPECT_THAT(ChatBroker::Listen({.bind = "127.0.0.1", .port = broker_->port()}, {}),
              StatusIs(StatusCode::kUnavailable, ::testing::HasSubstr("Address already in use")));
  EXPECT_THAT(ChatBroker::Listen({.bind = "localhost", .port = 1}, {}),
              StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::chat
