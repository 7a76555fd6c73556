// Each recipe on the sandbox: a fleet of two servers in each of two regions, with the counter
// "rooms" of two and the list "players" of four.
#include "docs/samples/agones_recipes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"

namespace recipes {
namespace {

using gsh::StatusCode;
using gsh::testing::IsOk;
using gsh::testing::SandboxGameServer;
using gsh::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kFleet[] = "ncat-pool1";
constexpr char kOtherFleet[] = "ncat-pool2";
constexpr std::chrono::seconds kPatience{20};

class AgonesRecipesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = gsh::testing::Sandbox::Start(
        {.dir = directory_.path(),
         .insecure = true,
         .allocation_batch_wait = gsh::Duration(0),
         .fleet = {.counters = {{"rooms", 2}}, .lists = {{"players", 4}}}});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [](const std::vector<SandboxGameServer>& servers) {
          return std::ranges::count(servers, "Ready", &SandboxGameServer::state) == 4;
        },
        kPatience));
    auto allocator = gsh::agones::MakeAllocator(
        {.client = {.endpoint = sandbox_->endpoints().allocators.at("us-east-1"),
                    .tls = {.insecure = true}}});
    ASSERT_THAT(allocator, IsOk());
    allocator_ = *std::move(allocator);
  }

  // The name of the server that was taken; the status's code as text, if none was.
  std::string Take(const AllocationRequest& request) {
    const auto taken = allocator_->Allocate(request);
    return taken.ok() ? taken->game_server : std::string(StatusCodeName(taken.status().code()));
  }
  std::unique_ptr<GameServerSdk> SdkOf(const std::string& name) {
    for (const SandboxGameServer& server : sandbox_->game_servers()) {
      if (server.name != name) continue;
      auto sdk = gsh::agones::MakeGameServerSdk(
          {.client = {.endpoint = "127.0.0.1:" + std::to_string(server.sdk_port),
                      .tls = {.insecure = true}}});
      EXPECT_THAT(sdk, IsOk());
      return *std::move(sdk);
    }
    ADD_FAILURE() << "no server " << name;
    return nullptr;
  }
  std::string AnyOf(const std::string& fleet) {
    for (const SandboxGameServer& server : sandbox_->game_servers()) {
      if (server.fleet == fleet) return server.name;
    }
    return {};
  }
  bool Becomes(const std::string& name, const std::string& state) {
    return sandbox_->WaitForGameServers(
        [&](const std::vector<SandboxGameServer>& servers) {
          return std::ranges::any_of(servers, [&](const SandboxGameServer& server) {
            return server.name == name && server.state == state;
          });
        },
        kPatience);
  }
  std::string FleetOf(const std::string& name) {
    for (const SandboxGameServer& server : sandbox_->game_servers()) {
      if (server.name == name) return server.fleet;
    }
    return {};
  }

  const gsh::testing::TemporaryDirectory directory_;
  std::unique_ptr<gsh::testing::Sandbox> sandbox_;
  std::unique_ptr<gsh::agones::Allocator> allocator_;
};

TEST_F(AgonesRecipesTest, AMatchGetsAServerOfItsOwn) {
  const std::string first = Take(FromFleet(kFleet)), second = Take(FromFleet(kFleet));
  EXPECT_NE(first, second);
  EXPECT_EQ(FleetOf(first), kFleet);
  EXPECT_EQ(FleetOf(second), kFleet);
}

TEST_F(AgonesRecipesTest, RoomsFillOneServerBeforeTheNext) {
  const std::string first = Take(RoomIn(kFleet));
  EXPECT_EQ(Take(RoomIn(kFleet)), first);
  const std::string second = Take(RoomIn(kFleet));
  EXPECT_NE(second, first);
  EXPECT_EQ(Take(RoomIn(kFleet)), second);
  EXPECT_EQ(Take(RoomIn(kFleet)), "RESOURCE_EXHAUSTED");

  const auto sdk = SdkOf(first);
  ASSERT_THAT(EndRoom(*sdk), IsOk());
  EXPECT_EQ(sdk->GetCounter("rooms")->count, 1);
  EXPECT_EQ(Take(RoomIn(kFleet)), first);
}

TEST_F(AgonesRecipesTest, AServerOffersAnotherSession) {
  const std::string first = Take(SessionIn(kFleet));
  EXPECT_NE(Take(SessionIn(kFleet)), first);
  EXPECT_EQ(Take(SessionIn(kFleet)), "RESOURCE_EXHAUSTED");
  ASSERT_THAT(OfferAnotherSession(*SdkOf(first)), IsOk());
  EXPECT_EQ(Take(SessionIn(kFleet)), first);
  EXPECT_EQ(Take(SessionIn(kFleet)), "RESOURCE_EXHAUSTED") << "the offer is for one session";
}

TEST_F(AgonesRecipesTest, SeatsForPlayers) {
  const std::string first = Take(SeatsIn(kFleet, {"a", "b", "c"}));
  EXPECT_NE(Take(SeatsIn(kFleet, {"d", "e"})), first) << "one seat is not enough for two";
  EXPECT_EQ(Take(SeatsIn(kFleet, {"f"})), first);
  const auto sdk = SdkOf(first);
  EXPECT_THAT(sdk->GetList("players")->values, ::testing::ElementsAre("a", "b", "c", "f"));
  ASSERT_THAT(Leave(*sdk, "b"), IsOk());
  ASSERT_THAT(Leave(*sdk, "c"), IsOk());
  EXPECT_EQ(Take(SeatsIn(kFleet, {"g", "h"})), first);
}

TEST_F(AgonesRecipesTest, AServerPlaysTwiceAndEnds) {
  const std::string name = Take(FromFleet(kFleet));
  const auto sdk = SdkOf(name);
  ASSERT_THAT(EndSession(*sdk, 1, 2), IsOk());
  EXPECT_TRUE(Becomes(name, "Ready"));
  std::set<std::string> taken = {Take(FromFleet(kFleet)), Take(FromFleet(kFleet))};
  EXPECT_TRUE(taken.contains(name));
  ASSERT_THAT(EndSession(*sdk, 2, 2), IsOk());
  EXPECT_TRUE(sandbox_->WaitForGameServers(
      [&](const std::vector<SandboxGameServer>& servers) {
        return std::ranges::none_of(
            servers, [&](const SandboxGameServer& server) { return server.name == name; });
      },
      kPatience));
}

TEST_F(AgonesRecipesTest, TheCanaryGoesFirst) {
  const AllocationRequest request = CanaryFirst(/*canary=*/kOtherFleet, /*stable=*/kFleet);
  EXPECT_EQ(FleetOf(Take(request)), kOtherFleet);
  EXPECT_EQ(FleetOf(Take(request)), kOtherFleet);
  EXPECT_EQ(FleetOf(Take(request)), kFleet);
  EXPECT_EQ(FleetOf(Take(request)), kFleet);
  EXPECT_EQ(Take(request), "RESOURCE_EXHAUSTED");
}

TEST_F(AgonesRecipesTest, AServerRegistersItself) {
  const std::string name = AnyOf(kFleet);
  const auto sdk = SdkOf(name);
  const auto offer = [&](bool wanted) {
    return [&, wanted](const GameServer& self, std::chrono::seconds valid) {
      EXPECT_EQ(self.name, name);
      EXPECT_GT(self.ports.at(0).port, 0);
      EXPECT_EQ(valid, std::chrono::seconds(30));
      EXPECT_TRUE(Becomes(name, "Reserved"));
      EXPECT_NE(Take(FromFleet(kFleet)), name) << "nobody else gets it meanwhile";
      return wanted;
    };
  };
  ASSERT_THAT(RegisterWith(offer(false), *sdk), IsOk());
  EXPECT_TRUE(Becomes(name, "Ready"));
  ASSERT_THAT(RegisterWith(offer(true), *sdk), IsOk());
  EXPECT_TRUE(Becomes(name, "Allocated"));
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(AgonesRecipesPage, ShowsTheCodeThatIsTested) {
  const std::string page = TextOf(GSH_SOURCE_DIR "/docs/agones-recipes.md");
  const std::string code = TextOf(GSH_SOURCE_DIR "/docs/samples/agones_recipes.h");
  const std::string fence = "```cpp\n";
  int snippets = 0;
  for (std::size_t at = page.find(fence); at != page.npos; at = page.find(fence, at)) {
    at += fence.size();
    const std::string snippet = page.substr(at, page.find("```", at) - at);
    EXPECT_THAT(code, HasSubstr(snippet));
    ++snippets;
  }
  EXPECT_EQ(snippets, 7);
}

}  // namespace
}  // namespace recipes
