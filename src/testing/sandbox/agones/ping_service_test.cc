#include "src/testing/sandbox/agones/ping_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "gsh/agones_rest/latency.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using namespace std::chrono_literals;
using agones_rest::PingEndpoint;
using testing::IsOk;

class PingServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = PingService::Start("127.0.0.1", clock_, nullptr);
    ASSERT_THAT(started, IsOk());
    service_ = *std::move(started);
  }
  std::vector<agones_rest::RegionLatency> Measure() {
    const auto got =
        agones_rest::MeasureLatency({{"udp", "127.0.0.1:" + std::to_string(service_->udp_port())},
                                     {"http", "127.0.0.1:" + std::to_string(service_->http_port()),
                                      PingEndpoint::Protocol::kHttp}},
                                    {.samples = 3, .interval = 1ms, .timeout = 10s});
    EXPECT_THAT(got, IsOk());
    return *got;
  }
  testing::ManualClock clock_;
  std::unique_ptr<PingService> service_;
};

// A sender of datagrams.
class Sender {
 public:
  explicit Sender(int port) : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
  }
  ~Sender() { close(socket_); }
  void Send(const std::string& datagram) const {
    EXPECT_EQ(send(socket_, datagram.data(), datagram.size(), 0),
              static_cast<ssize_t>(datagram.size()));
  }
  // Waits for an echo; or takes what is there, empty if nothing is.
  std::string Receive(int flags = 0) const {
    std::array<char, 64> buffer;
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), flags);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  const int socket_;
};

TEST_F(PingServiceTest, AnswersBothWays) {
  for (const auto& region : Measure()) {
    EXPECT_EQ(region.lost, 0) << region.region << ": " << region.error;
    EXPECT_TRUE(region.median);
  }
}

TEST_F(PingServiceTest, TheDelayIsAddedToEachAnswer) {
  service_->set_delay(30ms);
  for (const auto& region : Measure()) {
    ASSERT_TRUE(region.minimum) << region.region << ": " << region.error;
    EXPECT_GE(*region.minimum, 30ms) << region.region;
  }
}

TEST_F(PingServiceTest, EchoesTwentyDatagramsASecondOfEachSender) {
  const Sender greedy(service_->udp_port());
  for (int i = 0; i < 25; ++i) greedy.Send(std::to_string(i));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(greedy.Receive(), std::to_string(i));
  const Sender other(service_->udp_port());
  other.Send("other");
  EXPECT_EQ(other.Receive(), "other") << "what came before it was looked at";
  EXPECT_EQ(greedy.Receive(MSG_DONTWAIT), "");
  clock_.Advance(50ms);
  greedy.Send("later");
  EXPECT_EQ(greedy.Receive(), "later");
}

}  // namespace
}  // namespace gsh::sandbox
