// Several endpoints over real sockets.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "gsh/agones/allocator.h"
#include "gsh/testing/matchers.h"
#include "src/proto/agones.h"

namespace gsh::agones {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

// Answers every call with its name.
class NamedServer final : public wire_allocation::AllocationService::Service {
 public:
  explicit NamedServer(std::string name, int port = 0) : name_(std::move(name)), port_(port) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~NamedServer() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  int calls() const { return calls_; }

 private:
  grpc::Status Allocate(grpc::ServerContext*, const wire_allocation::AllocationRequest*,
                        wire_allocation::AllocationResponse* response) override {
    ++calls_;
    response->set_gameservername(name_);
    return grpc::Status::OK;
  }

  const std::string name_;
  int port_;
  std::atomic<int> calls_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(socket_, 64);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  const int socket_;
  int port_ = 0;
};

std::unique_ptr<Allocator> Make(std::vector<std::string> endpoints,
                                Duration connect_timeout = std::chrono::seconds(5)) {
  auto made = MakeAllocator({.client = {.tls = {.insecure = true}},
                             .endpoints = std::move(endpoints),
                             .connect_timeout = connect_timeout});
  EXPECT_THAT(made, IsOk());
  return *std::move(made);
}

TEST(FailoverOverGrpc, ADeadEndpointCostsNoCall) {
  auto first = std::make_unique<NamedServer>("first");
  const NamedServer second("second");
  const auto allocator = Make({first->endpoint(), second.endpoint()});
  ASSERT_THAT(allocator->Allocate({}), IsOk());
  first.reset();
  for (int i = 0; i < 20; ++i) {
    const auto got = allocator->Allocate({}, {.timeout = 5s});
    ASSERT_THAT(got, IsOk());
    EXPECT_EQ(got->game_server, "second");
  }
}

TEST(FailoverOverGrpc, TheSecondEndpointAnswersWithinTheCallsTimeIfTheFirstIsMute) {
  const SilentServer first;
  const NamedServer second("second");
  const auto allocator = Make({first.endpoint(), second.endpoint()}, 200ms);
  const auto got = allocator->Allocate({}, {.timeout = 5s});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "second");
}

TEST(FailoverOverGrpc, AllDeadSaysWhatWasTried) {
  std::string endpoints[2];
  for (std::string& endpoint : endpoints) endpoint = NamedServer("gone").endpoint();
  const auto got = Make({endpoints[0], endpoints[1]})->Allocate({}, {.timeout = 10s});
  EXPECT_THAT(got, StatusIs(StatusCode::kUnavailable, HasSubstr("Connection refused")));
  EXPECT_EQ(got.status().info()->attempts, 8);  // 4 rounds
  EXPECT_EQ(got.status().info()->retry_stop, RetryStop::kExhausted);
}

TEST(FailoverOverGrpc, AnEndpointThatCameBackIsUsedAgain) {
  auto first = std::make_unique<NamedServer>("first");
  const NamedServer second("second");
  auto made = MakeAllocator({.client = {.tls = {.insecure = true}},
                             .endpoints = {first->endpoint(), second.endpoint()},
                             .failover = {.open_time = 1ms, .max_open_time = 1ms}});
  ASSERT_THAT(made, IsOk());
  const std::string endpoint = first->endpoint();
  first.reset();
  for (int i = 0; i < 5; ++i) ASSERT_THAT((*made)->Allocate({}), IsOk());
  const int port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
  const NamedServer again("first", port);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (again.calls() == 0 && std::chrono::steady_clock::now() < deadline) {
    ASSERT_THAT((*made)->Allocate({}), IsOk());
  }
  EXPECT_GT(again.calls(), 0);
}

TEST(FailoverOverGrpc, EndpointsAreCheckedLikeTheFirst) {
  EXPECT_THAT(MakeAllocator({.endpoints = {"nowhere"}, .connect_timeout = Duration(0)}),
              StatusIs(StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("nowhere"), HasSubstr("connect_timeout"))));
  EXPECT_THAT(MakeAllocator(
                  {.client = {.endpoint = "a:1", .tls = {.insecure = true}}, .endpoints = {"a:1"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("a:1 is there twice")));
}

}  // namespace
}  // namespace gsh::agones
