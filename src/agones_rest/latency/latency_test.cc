// Latency over real sockets.
#include "gsh/agones_rest/latency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "gsh/executor.h"
#include "gsh/testing/matchers.h"
#include "src/agones_rest/scripted_http.h"

namespace gsh::agones_rest {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

using Protocol = PingEndpoint::Protocol;

// Echoes datagrams as `how` says: the copies to send back.
class Echo {
 public:
  using Copies = std::function<std::vector<std::string>(const std::string&)>;

  explicit Echo(Copies how) : how_(std::move(how)), socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, generic, size), 0);
    EXPECT_EQ(getsockname(socket_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~Echo() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void Run() {
    for (;;) {
      std::array<char, 2048> buffer;
      sockaddr_in peer{};
      socklen_t size = sizeof(peer);
      const auto bytes = recvfrom(socket_, buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&peer), &size);
      if (bytes <= 0) return;
      for (const std::string& copy : how_({buffer.data(), static_cast<std::size_t>(bytes)})) {
        sendto(socket_, copy.data(), copy.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
      }
    }
  }

  const Copies how_;
  const int socket_;
  int port_ = 0;
  std::thread thread_;
};

LatencyOptions Quick() { return {.samples = 4, .interval = 1ms, .timeout = 5s}; }

TEST(MeasureLatency, UdpAndHttpAtOnceInTheOrderOfTheEndpoints) {
  Echo echo([](const std::string& datagram) { return std::vector{datagram}; });
  ScriptedHttp http;
  const auto got =
      MeasureLatency({{"b", http.endpoint(), Protocol::kHttp}, {"a", echo.endpoint()}}, Quick());
  ASSERT_THAT(got, IsOk());
  ASSERT_THAT(*got, SizeIs(2));
  for (const RegionLatency& region : *got) {
    EXPECT_EQ(region.sent, 4);
    EXPECT_EQ(region.lost, 0);
    EXPECT_THAT(region.error, IsOk());
    ASSERT_TRUE(region.median);
    EXPECT_GT(*region.minimum, 0ns);
    EXPECT_LE(*region.minimum, *region.median);
  }
  EXPECT_EQ((*got)[0].region, "b");
  EXPECT_EQ((*got)[1].region, "a");
  EXPECT_EQ(http.Count("GET /"), 5) << "one opens the connection";
}

TEST(MeasureLatency, StraysAndDuplicatesDoNotCount) {
  Echo echo([](const std::string& datagram) {
    return std::vector<std::string>{"", std::string(2000, 'x'), datagram + "x", datagram, datagram};
  });
  const auto got = MeasureLatency({{"a", echo.endpoint()}}, Quick());
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->front().sent, 4);
  EXPECT_EQ(got->front().lost, 0);
}

TEST(MeasureLatency, LossesAreCounted) {
  int count = 0;
  Echo echo([&](const std::string& datagram) {
    return std::vector<std::string>(++count % 2 == 0 ? 1 : 0, datagram);
  });
  LatencyOptions options = Quick();
  options.timeout = 100ms;
  const auto got = MeasureLatency({{"a", echo.endpoint()}}, options);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->front().lost, 2);
  EXPECT_TRUE(got->front().median);
}

TEST(MeasureLatency, WhoDoesNotAnswerIsNoErrorOfTheCall) {
  Echo silent([](const std::string&) { return std::vector<std::string>(); });
  ScriptedHttp gone;
  const std::string closed = gone.endpoint();
  gone.Stop();
  ScriptedHttp refusing;
  refusing.Answer("GET /", http::Response{.code = 503});
  LatencyOptions options = Quick();
  options.timeout = 50ms;
  const auto got = MeasureLatency({{"silent", silent.endpoint()},
                                   {"closed-udp", closed},
                                   {"closed-http", closed, Protocol::kHttp},
                                   {"refusing", refusing.endpoint(), Protocol::kHttp},
                                   {"no-name", "no-such-name.invalid:1"}},
                                  options);
  ASSERT_THAT(got, IsOk());
  for (const RegionLatency& region : *got) {
    EXPECT_FALSE(region.median) << region.region;
    EXPECT_FALSE(region.error.ok()) << region.region;
    EXPECT_EQ(region.lost, region.sent) << region.region;
  }
  EXPECT_THAT((*got)[0].error, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_THAT((*got)[1].error, StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT((*got)[2].error, StatusIs(StatusCode::kUnavailable));
}

TEST(MeasureLatency, StopsWhenAsked) {
  std::stop_source stop;
  Echo silent([&](const std::string&) {
    stop.request_stop();
    return std::vector<std::string>();
  });
  const auto got =
      MeasureLatency({{"a", silent.endpoint()}}, {.timeout = 1h}, {.stop = stop.get_token()});
  ASSERT_THAT(got, IsOk());
  EXPECT_THAT(got->front().error, StatusIs(StatusCode::kCancelled));
}

TEST(MeasureLatency, EndsWithTheCallsTimeOut) {
  Echo silent([](const std::string&) { return std::vector<std::string>(); });
  const auto got = MeasureLatency({{"a", silent.endpoint()}}, {.timeout = 1h}, {.timeout = 10ms});
  ASSERT_THAT(got, IsOk());
  EXPECT_THAT(got->front().error, StatusIs(StatusCode::kCancelled));
}

TEST(MeasureLatencyAsync, TellsOnTheExecutorAndBlocksNobody) {
  std::stop_source stop;
  Echo silent([](const std::string&) { return std::vector<std::string>(); });
  ScriptedHttp http;
  const auto executor = std::make_shared<ManualExecutor>();
  std::vector<StatusOr<std::vector<RegionLatency>>> answers;
  const auto keep = [&](auto got) { answers.push_back(std::move(got)); };
  MeasureLatencyAsync({{"silent", silent.endpoint()}, {"http", http.endpoint(), Protocol::kHttp}},
                      {.samples = 4, .interval = 1ms, .timeout = 1h},
                      {.stop = stop.get_token(), .executor = executor}, keep);
  EXPECT_EQ(executor->RunPending(), 0u) << "it waits for the silent one";
  stop.request_stop();
  const SteadyTime deadline = SystemClock().SteadyNow() + 20s;
  while (executor->RunPending() == 0 && SystemClock().SteadyNow() < deadline) {
    std::this_thread::yield();
  }
  ASSERT_THAT(answers, SizeIs(1));
  ASSERT_THAT(answers[0], IsOk());
  EXPECT_THAT(answers[0]->at(0).error, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(answers[0]->at(1).region, "http");

  MeasureLatencyAsync({}, {}, {.executor = executor}, keep);
  MeasureLatencyAsync({}, {.samples = 0}, {.executor = executor}, keep);
  EXPECT_EQ(executor->RunPending(), 2u);
  EXPECT_THAT(answers[1], IsOk());
  EXPECT_THAT(answers[2], StatusIs(StatusCode::kInvalidArgument));
}

TEST(MeasureLatency, NamesEveryMistake) {
  const auto got = MeasureLatency({{"a", "nowhere"}}, {.samples = 0, .timeout = Duration(0)});
  EXPECT_THAT(got, StatusIs(StatusCode::kInvalidArgument, HasSubstr("samples")));
  EXPECT_THAT(got, StatusIs(StatusCode::kInvalidArgument, HasSubstr("timeout")));
  EXPECT_THAT(got, StatusIs(StatusCode::kInvalidArgument, HasSubstr("a: endpoint")));
}

TEST(ParsePingEndpoint, Texts) {
  const auto udp = ParsePingEndpoint("eu=ping.example:50000");
  ASSERT_THAT(udp, IsOk());
  EXPECT_EQ(udp->region, "eu");
  EXPECT_EQ(udp->address, "ping.example:50000");
  EXPECT_EQ(udp->protocol, Protocol::kUdp);
  EXPECT_EQ(ParsePingEndpoint("eu=udp://h:1")->address, "h:1");
  const auto http = ParsePingEndpoint("eu=http://h:80/");
  ASSERT_THAT(http, IsOk());
  EXPECT_EQ(http->address, "h:80");
  EXPECT_EQ(http->protocol, Protocol::kHttp);
  for (const std::string text :
       {"", "eu", "=h:1", "eu=h", "eu=h:0", "eu=https://h:1", "eu=h:1/x"}) {
    EXPECT_THAT(ParsePingEndpoint(text), StatusIs(StatusCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace gsh::agones_rest
