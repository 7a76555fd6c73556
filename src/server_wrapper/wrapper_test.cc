// Real processes, and Agones by its mock.
#include "src/server_wrapper/wrapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/mock_agones.h"
#include "src/testing/temporary_directory.h"

namespace gsh::server_wrapper {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Return;

constexpr char kProfile[] =
    "ready = ^ready$\njoined = ^\\+(?P<player>.+)\nleft = ^-(?P<player>.+)\n";

class WrapperTest : public ::testing::Test {
 protected:
  WrapperTest() {
    ON_CALL(sdk_, GetGameServer(_)).WillByDefault(Return(agones::GameServer{}));
    ON_CALL(sdk_, Ready(_)).WillByDefault([this](const CallOptions&) { return Note("ready"); });
    ON_CALL(sdk_, Shutdown(_)).WillByDefault([this](const CallOptions&) {
      return Note("shutdown");
    });
    ON_CALL(sdk_, PlayerConnect(_, _))
        .WillByDefault([this](const std::string& player, const CallOptions&) {
          std::ignore = Note("+" + player);
          return StatusOr<bool>(true);
        });
    ON_CALL(sdk_, PlayerDisconnect(_, _))
        .WillByDefault([this](const std::string& player, const CallOptions&) {
          std::ignore = Note("-" + player);
          return StatusOr<bool>(true);
        });
    options_.profile = *ParseProfile(kProfile, "test");
    options_.stop_timeout = std::chrono::seconds(20);
    options_.log = &log_;
  }

  Status Note(const std::string& what) {
    std::lock_guard lock(mutex_);
    said_.push_back(what);
    changed_.notify_all();
    return OkStatus();
  }
  bool WaitFor(const std::string& what) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      return std::find(said_.begin(), said_.end(), what) != said_.end();
    });
  }
  StatusOr<int> Run(const std::string& script) {
    options_.command = {"sh", "-c", script};
    return RunWrapped(sdk_, options_, stop_.get_token());
  }

  ::testing::NiceMock<gsh::testing::MockGameServerSdk> sdk_;
  gsh::testing::RecordingLog log_;
  WrapperOptions options_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> said_;
};

TEST_F(WrapperTest, EndsWithTheServersExitCode) {
  EXPECT_EQ(*Run("exit 0"), 0);
  EXPECT_EQ(*Run("exit 3"), 3);
  EXPECT_EQ(*Run("kill -KILL $$"), 128 + SIGKILL);
  EXPECT_EQ(*Run("kill -TERM $$"), 128 + SIGTERM) << "nobody of ours sent it";
}

TEST_F(WrapperTest, ReadyOnlyWhenTheServerSaysSo) {
  EXPECT_CALL(sdk_, StartHealth(_)).Times(::testing::AtLeast(2));
  EXPECT_EQ(*Run("echo loading; echo 'not ready yet'; exit 1"), 1);
  EXPECT_THAT(said_, ElementsAre("shutdown"));
  said_.clear();
  auto ended = std::async(std::launch::async, [&] { return Run("echo ready; sleep 1000"); });
  EXPECT_TRUE(WaitFor("ready"));
  stop_.request_stop();
  EXPECT_EQ(*ended.get(), 0) << "it ended by our SIGTERM";
}

TEST_F(WrapperTest, WithoutAPatternItIsReadyAtOnce) {
  options_.profile = *ParseProfile("joined = a\nleft = b", "test");
  auto ended = std::async(std::launch::async, [&] { return Run("sleep 1000"); });
  EXPECT_TRUE(WaitFor("ready"));
  stop_.request_stop();
  EXPECT_THAT(ended.get(), IsOk());
}

TEST_F(WrapperTest, TheLastPlayersLeavingEndsTheServer) {
  options_.player_tracking = true;
  const auto exit = Run("echo ready; echo +ann; echo +bob; echo -bob; echo -ann; sleep 1000");
  EXPECT_EQ(*exit, 0);
  EXPECT_THAT(said_, ElementsAre("ready", "+ann", "+bob", "-bob", "-ann", "shutdown"));
  EXPECT_EQ(log_.Count("the last player left"), 1);
}

TEST_F(WrapperTest, PlayersWhoCameBeforeReadyAreThere) {
  options_.player_tracking = true;
  const auto exit = Run("echo +early; echo +gone; echo -gone; echo ready; echo -early; sleep 1000");
  EXPECT_EQ(*exit, 0);
  EXPECT_THAT(said_, ElementsAre("ready", "+early", "-early", "shutdown"));
}

TEST_F(WrapperTest, AnEmptyServerEndsWithoutNamesToo) {
  options_.profile = *ParseProfile("empty = ^nobody is here$", "test");
  EXPECT_EQ(*Run("echo nobody is here; sleep 1000"), 0);
  EXPECT_THAT(said_, ElementsAre("ready", "shutdown"));
}

TEST_F(WrapperTest, AServerThatIgnoresSigtermIsKilled) {
  options_.stop_timeout = std::chrono::milliseconds(100);
  auto ended = std::async(std::launch::async, [&] {
    return Run("trap '' TERM; echo ready; while true; do sleep 0.05; done");
  });
  ASSERT_TRUE(WaitFor("ready"));
  stop_.request_stop();
  EXPECT_EQ(*ended.get(), 128 + SIGKILL);
  EXPECT_EQ(log_.Count("killed"), 1);
}

TEST_F(WrapperTest, WhatTheServerDoesOnSigtermCounts) {
  auto ended = std::async(std::launch::async, [&] {
    return Run("trap 'exit 7' TERM; echo ready; while true; do sleep 0.05; done");
  });
  ASSERT_TRUE(WaitFor("ready"));
  stop_.request_stop();
  EXPECT_EQ(*ended.get(), 7);
}

TEST_F(WrapperTest, WhatTheServerStartedDiesWithIt) {
  const gsh::testing::TemporaryDirectory dir;
  EXPECT_EQ(*Run("sleep 1000 & echo $! > " + dir.File("pid") + "; exit 0"), 0);
  const int pid = std::stoi(dir.Read("pid"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto runs = [&] {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return stat >> id >> name >> state && state != "Z" && state != "X";
  };
  while (runs() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(runs());
}

TEST_F(WrapperTest, ItsOutputMayBeATerminal) {
  options_.profile.terminal = true;
  EXPECT_EQ(*Run("test -t 1 && ! test -t 2"), 0);
  options_.profile.terminal = false;
  EXPECT_EQ(*Run("test -t 1"), 1);
}

TEST_F(WrapperTest, LinesPassThrough) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(*Run("printf 'one\\ntwo'; printf 'three\\n' >&2"), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "one\ntwo");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("three\n"));
}

TEST_F(WrapperTest, ACommandThatIsNoneIsAnError) {
  options_.command = {"/nowhere/server"};
  EXPECT_THAT(RunWrapped(sdk_, options_, {}),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("/nowhere/server")));
  options_.command.clear();
  EXPECT_THAT(RunWrapped(sdk_, options_, {}), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::server_wrapper
