// Several endpoints of one allocator, of which one is killed again and again: no allocation is
// lost, and none takes two servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gsh/agones/allocation_identity.h"
#include "gsh/agones/allocator.h"
#include "gsh/agones/match_annotation.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/faults/cutting_proxy.h"

namespace gsh::faults {
namespace {

using std::chrono::milliseconds;
using testing::IsOk;
using testing::Sandbox;

constexpr int kCalls = 800;
constexpr int kCallers = 16;
constexpr int kEndpoints = 3;
// At 16 in a batch window of 50 ms, about four kills a second.
constexpr int kCallsBetweenKills = 80;
constexpr milliseconds kDeadFor{300};

class AllocatorFailoverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = Sandbox::Start({.dir = dir_.string(),
                                   .insecure = true,
                                   .regions = {"eu"},
                                   .replicas = kCalls + 50,
                                   .allocation_batch_wait = milliseconds(50),
                                   .fleet = {.side_cars = false}});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [](const auto& servers) {
          return std::count_if(servers.begin(), servers.end(), [](const auto& server) {
                   return server.state == "Ready";
                 }) == kCalls + 50;
        },
        std::chrono::seconds(60)));
    std::vector<std::string> endpoints;
    for (int i = 0; i < kEndpoints; ++i) {
      doors_.push_back(
          std::make_unique<CuttingProxy>(sandbox_->endpoints().allocators.at("eu"), CutPlan{}));
      endpoints.push_back(doors_.back()->endpoint());
    }
    auto made = agones::MakeAllocator(
        {.client = {.tls = {.insecure = true}, .timeout = std::chrono::seconds(30)},
         .endpoints = endpoints,
         .failover = {.failure_threshold = 1,
                      .open_time = milliseconds(50),
                      .max_open_time = milliseconds(400),
                      .unclear_pause = milliseconds(200)}});
    ASSERT_THAT(made, IsOk());
    allocator_ = *std::move(made);
  }

  void Call(int number) {
    const std::string identity = "call-" + std::to_string(number);
    const auto got = allocator_->Allocate(agones::WithIdentity({}, identity));
    std::lock_guard lock(mutex_);
    if (!got.ok()) failures_.push_back(got.status().ToString());
    if (got.ok()) servers_[identity] = got->game_server;
    if (++ended_ % kCallsBetweenKills == 0) {
      doors_[static_cast<std::size_t>(ended_ / kCallsBetweenKills) % doors_.size()]->Kill(kDeadFor);
    }
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<Sandbox> sandbox_;
  std::vector<std::unique_ptr<CuttingProxy>> doors_;
  std::unique_ptr<agones::Allocator> allocator_;
  std::mutex mutex_;
  int ended_ = 0;
  std::vector<std::string> failures_;
  std::map<std::string, std::string> servers_;  // by identity
};

TEST_F(AllocatorFailoverTest, NothingIsLostOrTakenTwiceWhileEndpointsAreKilled) {
  std::atomic<int> next = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&] {
        for (int number = next++; number < kCalls; number = next++) Call(number);
      });
    }
  }
  EXPECT_THAT(failures_, ::testing::IsEmpty());
  int kills = 0;
  for (const auto& door : doors_) kills += door->cuts();
  EXPECT_EQ(kills, kCalls / kCallsBetweenKills);
  // Each identity is on one server, the one that the caller was told of.
  std::map<std::string, std::string> allocated;
  for (const auto& server : sandbox_->game_servers()) {
    if (server.state != "Allocated") continue;
    const std::string& identity = server.labels.at(agones::kAllocationLabel);
    EXPECT_TRUE(allocated.emplace(identity, server.name).second) << identity << " has two servers";
  }
  EXPECT_EQ(allocated, servers_);
}

}  // namespace
}  // namespace gsh::faults
