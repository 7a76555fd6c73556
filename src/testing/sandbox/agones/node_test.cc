#include "src/testing/sandbox/agones/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>

#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/fleet.h"
#include "src/testing/sandbox/agones/test_cluster.h"
#include "src/testing/temporary_directory.h"

namespace gsh::sandbox {
namespace {

using ::testing::HasSubstr;

// Game servers are shell scripts; what they would ask of their side-car, the test does by gRPC.
class NodeTest : public ::testing::Test {
 protected:
  void Start(const std::string& command) {
    observation_ = test_.cluster->Observe([this](auto, const auto&) {
      std::lock_guard lock(mutex_);
      changed_.notify_all();
    });
    auto node = Node::Start(
        test_.cluster,
        {.command = command, .log_dir = dir_.string(), .clock = &test_.clock, .rng = &test_.rng});
    ASSERT_TRUE(node.ok()) << node.status();
    node_ = std::move(*node);
    FleetOptions options{.name = "fleet", .replicas = 1};
    options.server.health = {
        .period_seconds = 60, .failure_threshold = 5, .initial_delay_seconds = 30};
    fleet_ = std::make_unique<Fleet>(test_.cluster, test_.clock, test_.rng, std::move(options));
  }

  // Waits (really) for something that the processes bring about.
  bool Await(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      // Also looks again without a change: a log file grows unseen.
      changed_.wait_for(lock, std::chrono::milliseconds(5));
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  // The only server in this state; null: there is none yet.
  GameServerPtr In(State state) const {
    for (const GameServerPtr& server : test_.cluster->List()) {
      if (server->state == state) return server;
    }
    return nullptr;
  }

  std::string LogOf(const std::string& name) const { return dir_.Read(name + ".log"); }

  // The server once its script has written a line.
  GameServerPtr AwaitRunning() {
    GameServerPtr server;
    EXPECT_TRUE(Await([&] {
      server = In(State::kScheduled);
      return server != nullptr && !LogOf(server->name).empty();
    }));
    return server;
  }

  grpc::Status Call(const GameServer& server,
                    grpc::Status (wire_sdk::SDK::Stub::*method)(grpc::ClientContext*,
                                                                const wire_sdk::Empty&,
                                                                wire_sdk::Empty*)) {
    const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(server.sdk_port),
                                             grpc::InsecureChannelCredentials());
    const auto stub = wire_sdk::SDK::NewStub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));  // no hang
    wire_sdk::Empty response;
    return ((*stub).*method)(&context, {}, &response);
  }

  const testing::TemporaryDirectory dir_;
  TestCluster test_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Cluster::Observation> observation_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Fleet> fleet_;
};

constexpr char kServe[] =
    "sh -c 'echo port={port} sdk=$AGONES_SDK_GRPC_PORT http=$AGONES_SDK_HTTP_PORT; exec sleep "
    "1000'";

TEST_F(NodeTest, RunsAProcessWithItsPorts) {
  Start(kServe);
  const GameServerPtr server = AwaitRunning();
  ASSERT_NE(server, nullptr);
  EXPECT_THAT(LogOf(server->name), HasSubstr("port=" + std::to_string(server->ports.at(0).port) +
                                             " sdk=" + std::to_string(server->sdk_port) +
                                             " http=" + std::to_string(server->sdk_http_port)));
  EXPECT_TRUE(Call(*server, &wire_sdk::SDK::Stub::Ready).ok());
  EXPECT_TRUE(Await([&] { return In(State::kReady) != nullptr; }));
}

TEST_F(NodeTest, ShutdownEndsTheProcessAndTheFleetReplacesIt) {
  Start(kServe);
  const GameServerPtr server = AwaitRunning();
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(Call(*server, &wire_sdk::SDK::Stub::Ready).ok());
  EXPECT_TRUE(Await([&] { return In(State::kReady) != nullptr; }));
  EXPECT_TRUE(Call(*server, &wire_sdk::SDK::Stub::Shutdown).ok());
  EXPECT_TRUE(Await([&] { return test_.cluster->Get(server->name) == nullptr; }));
  EXPECT_NE(AwaitRunning(), nullptr);
}

TEST_F(NodeTest, KillsAProcessThatIgnoresSigterm) {
  Start("sh -c 'trap \"\" TERM; echo up; while :; do sleep 1000; done'");
  const GameServerPtr server = AwaitRunning();
  ASSERT_NE(server, nullptr);
  fleet_->Scale(0);
  EXPECT_TRUE(Await([&] { return test_.clock.pending() >= 2; })) << "health, and the grace";
  EXPECT_NE(test_.cluster->Get(server->name), nullptr);
  test_.clock.Advance(std::chrono::seconds(30));
  EXPECT_TRUE(Await([&] { return test_.cluster->List().empty(); }));
}

TEST_F(NodeTest, AProcessThatEndsAfterReadyIsReplacedAtOnce) {
  const std::string fifo = dir_.File("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  Start("sh -c 'echo up; read line < " + fifo + "'");
  const GameServerPtr server = AwaitRunning();
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(Call(*server, &wire_sdk::SDK::Stub::Ready).ok());
  ASSERT_TRUE(Await([&] { return In(State::kReady) != nullptr; }));
  std::ofstream(fifo) << "end\n";
  EXPECT_TRUE(Await([&] { return test_.cluster->Get(server->name) == nullptr; }));
  EXPECT_NE(AwaitRunning(), nullptr);
}

TEST_F(NodeTest, ACommandThatCannotRunDoesNotSpin) {
  Start("/no/such/game-server {port}");
  EXPECT_TRUE(Await([&] { return test_.clock.pending() > 0 && test_.cluster->List().empty(); }));
  test_.clock.Advance(std::chrono::milliseconds(999));
  EXPECT_TRUE(test_.cluster->List().empty());
}

TEST_F(NodeTest, RefusesACommandLineThatCannotBeSplit) {
  const auto node = Node::Start(
      test_.cluster, {.command = "sh -c 'open", .clock = &test_.clock, .rng = &test_.rng});
  EXPECT_EQ(node.status().code(), StatusCode::kInvalidArgument);
}

TEST_F(NodeTest, ItsEndLeavesNoProcess) {
  Start("sh -c 'echo $$; trap \"\" TERM; while :; do sleep 1000; done'");
  const GameServerPtr server = AwaitRunning();
  ASSERT_NE(server, nullptr);
  const pid_t pid = std::stoi(LogOf(server->name));
  EXPECT_EQ(kill(pid, 0), 0);
  fleet_.reset();
  node_->set_stop_grace(std::chrono::milliseconds(10));
  node_.reset();
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace gsh::sandbox
