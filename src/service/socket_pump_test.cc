#include "src/service/socket_pump.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <thread>

#include "gsh/testing/matchers.h"

namespace gsh::service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;

// Input and output are pipes, the socket is one end of a pair.
class PumpTest : public ::testing::Test {
 protected:
  PumpTest() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, socket_.data()), 0);
    EXPECT_EQ(pipe(input_.data()), 0);
    EXPECT_EQ(pipe(output_.data()), 0);
  }
  ~PumpTest() override {
    stop_.request_stop();
    if (result_.valid()) result_.wait();
    for (int* fd : {&socket_[0], &socket_[1], &input_[0], &input_[1], &output_[0], &output_[1]}) {
      Close(*fd);
    }
  }
  static void Close(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  void Start(bool half_close = false) {
    const PumpOptions options{
        .socket = socket_[0], .input = input_[0], .output = output_[1], .half_close = half_close};
    result_ = std::async(std::launch::async,
                         [this, options] { return PumpSocket(options, stop_.get_token()); });
  }
  static void Write(int fd, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t count = write(fd, text.data() + done, text.size() - done);
      ASSERT_GT(count, 0);
      done += static_cast<std::size_t>(count);
    }
  }
  // `size` bytes, or fewer if the end comes first.
  static std::string Read(int fd, std::size_t size) {
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const ssize_t count = read(fd, text.data() + done, size - done);
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
    return text.substr(0, done);
  }

  std::array<int, 2> socket_ = {-1, -1};  // ours, the peer's
  std::array<int, 2> input_ = {-1, -1};   // read, write
  std::array<int, 2> output_ = {-1, -1};
  std::stop_source stop_;
  std::future<Status> result_;
};

TEST_F(PumpTest, CopiesBothWaysUntilThePeerCloses) {
  Start();
  Write(input_[1], "hello\n");
  EXPECT_EQ(Read(socket_[1], 6), "hello\n");
  Write(socket_[1], "<user1> hi\n");
  EXPECT_EQ(Read(output_[0], 11), "<user1> hi\n");
  Write(socket_[1], "last");
  Close(socket_[1]);
  EXPECT_EQ(Read(output_[0], 4), "last");
  EXPECT_THAT(result_.get(), IsOk());
}

TEST_F(PumpTest, BulkPassesThroughSmallBuffers) {
  std::string bulk(1u << 20, '\0');
  for (std::size_t i = 0; i < bulk.size(); ++i) bulk[i] = static_cast<char>(i * 31 >> 3);
  Start();
  std::jthread typist([&] { Write(input_[1], bulk); });
  std::jthread server([&] { Write(socket_[1], bulk); });
  auto heard = std::async(std::launch::async, [&] { return Read(socket_[1], bulk.size()); });
  EXPECT_EQ(Read(output_[0], bulk.size()), bulk);
  EXPECT_EQ(heard.get(), bulk);
}

TEST_F(PumpTest, TheEndOfTheInputIsNotTheEnd) {
  Start();
  Write(input_[1], "x");
  Close(input_[1]);
  EXPECT_EQ(Read(socket_[1], 1), "x");
  Write(socket_[1], "still here");
  EXPECT_EQ(Read(output_[0], 10), "still here");
  char byte = 0;
  EXPECT_EQ(recv(socket_[1], &byte, 1, MSG_DONTWAIT), -1);  // no end of stream
}

TEST_F(PumpTest, HalfCloseTellsThePeerAfterAllInput) {
  const std::string bulk(500'000, 'x');
  Start(true);
  std::jthread typist([&] {
    Write(input_[1], bulk);
    Close(input_[1]);
  });
  EXPECT_EQ(Read(socket_[1], bulk.size() + 1), bulk);  // the end came
  Write(socket_[1], "answer");
  EXPECT_EQ(Read(output_[0], 6), "answer");
  Close(socket_[1]);
  EXPECT_THAT(result_.get(), IsOk());
}

TEST_F(PumpTest, StopEndsIt) {
  Start();
  Write(input_[1], "x");
  EXPECT_EQ(Read(socket_[1], 1), "x");
  stop_.request_stop();
  EXPECT_THAT(result_.get(), StatusIs(StatusCode::kCancelled));
}

TEST_F(PumpTest, StopEndsItThoughNobodyReads) {
  Start();
  fcntl(socket_[1], F_SETFL, O_NONBLOCK);
  const std::string chunk(4096, 'x');
  std::size_t sent = 0;
  while (sent < (1u << 20)) {  // more than the pipe and the pump hold
    const ssize_t count = write(socket_[1], chunk.data(), chunk.size());
    if (count < 0) break;
    sent += static_cast<std::size_t>(count);
  }
  stop_.request_stop();
  EXPECT_THAT(result_.get(), StatusIs(StatusCode::kCancelled));
}

TEST_F(PumpTest, AClosedOutputIsAnError) {
  Start();
  Close(output_[0]);
  Write(socket_[1], "x");
  EXPECT_THAT(result_.get(), StatusIs(StatusCode::kUnavailable));
}

TEST_F(PumpTest, InputForAPeerThatLeftIsNoError) {
  Write(input_[1], "x");
  Write(socket_[1], "bye");
  Close(socket_[1]);
  Start();
  EXPECT_EQ(Read(output_[0], 3), "bye");
  EXPECT_THAT(result_.get(), IsOk());
}

class Listener {
 public:
  explicit Listener(bool listening) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    if (listening) {
      EXPECT_EQ(listen(fd_, 1), 0);
    }
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int port() const { return port_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  int port_ = 0;
};

TEST(ConnectTcpTest, Connects) {
  const Listener listener(true);
  const auto fd = ConnectTcp("127.0.0.1", listener.port(), std::chrono::seconds(5), {});
  ASSERT_THAT(fd, IsOk());
  const int accepted = accept(listener.fd(), nullptr, nullptr);
  EXPECT_EQ(write(accepted, "x", 1), 1);
  close(accepted);
  std::array<int, 2> output = {};
  ASSERT_EQ(pipe(output.data()), 0);
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_THAT(PumpSocket({.socket = *fd, .input = input, .output = output[1]}, {}), IsOk());
  char byte = 0;
  EXPECT_EQ(read(output[0], &byte, 1), 1);
  for (int open_fd : {*fd, input, output[0], output[1]}) close(open_fd);
}

TEST(ConnectTcpTest, SaysWhyNot) {
  const Listener refusing(false);
  EXPECT_THAT(ConnectTcp("127.0.0.1", refusing.port(), std::chrono::seconds(5), {}),
              StatusIs(StatusCode::kUnavailable, ::testing::HasSubstr("Connection refused")));
  EXPECT_THAT(ConnectTcp("host.invalid", 1, std::chrono::seconds(5), {}),
              StatusIs(StatusCode::kUnavailable, ::testing::HasSubstr("host.invalid:1")));
}

// A listener whose queue is full does not answer.
TEST(ConnectTcpTest, GivesUp) {
  const Listener listener(true);
  std::vector<int> queued;
  StatusOr<int> fd = ConnectTcp("127.0.0.1", listener.port(), std::chrono::milliseconds(100), {});
  while (fd.ok() && queued.size() < 20) {
    queued.push_back(*fd);
    fd = ConnectTcp("127.0.0.1", listener.port(), std::chrono::milliseconds(100), {});
  }
  EXPECT_THAT(fd, StatusIs(StatusCode::kDeadlineExceeded));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(ConnectTcp("127.0.0.1", listener.port(), std::chrono::seconds(0), stop.get_token()),
              StatusIs(StatusCode::kCancelled));
  for (int open_fd : queued) close(open_fd);
}

}  // namespace
}  // namespace gsh::service
