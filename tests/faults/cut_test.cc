// Connections are cut at every step of the calls on them, while 1,000 players wait.
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <tuple>

#include "tests/faults/arena.h"
#include "tests/faults/cutting_proxy.h"
#include "tests/faults/matchmaking.h"

namespace gsh::faults {
namespace {

using Kind = director::Event::Kind;
using std::chrono::milliseconds;

enum class Link { kAllocator, kBackend, kFrontend, kQuery };
enum class How { kBeforeRequest, kBeforeAnswer, kMidAnswer, kRefused };

std::string Name(const ::testing::TestParamInfo<std::tuple<Link, How>>& info) {
  const char* const links[] = {"Allocator", "Backend", "Frontend", "Query"};
  const char* const hows[] = {"BeforeTheRequest", "BeforeTheAnswer", "InMidAnswer", "AndRefused"};
  return std::string(links[static_cast<int>(std::get<0>(info.param))]) +
         hows[static_cast<int>(std::get<1>(info.param))];
}

// Cuts the calls number first, first + every, ... until there were `times` of them.
CutPlan Every(int first, int every, int times, How how) {
  Step step = Step::kBeforeRequest;
  if (how == How::kBeforeAnswer) step = Step::kBeforeAnswer;
  if (how == How::kMidAnswer) step = Step::kMidAnswer;
  CutPlan plan;
  plan.at_call = [=, left = times](int call) mutable -> std::optional<Step> {
    if (call < first || (call - first) % every != 0 || left == 0) return std::nullopt;
    --left;
    return step;
  };
  if (how == How::kRefused) plan.refuse = milliseconds(300);
  return plan;
}

class CutTest : public ::testing::TestWithParam<std::tuple<Link, How>> {
 protected:
  static ArenaOptions Options() {
    ArenaOptions options = {.insecure = true, .replicas = 130};
    // The matches of a FetchMatches that was cut are known to Open Match alone.
    if (std::get<0>(GetParam()) == Link::kBackend) {
      options.pending_release_timeout = milliseconds(1500);
    }
    return options;
  }

  void ExpectClean(const Matchmaking& matchmaking) {
    EXPECT_EQ(matchmaking.Count(Kind::kGiveBackFailed), 0);
    EXPECT_EQ(matchmaking.Count(Kind::kReleaseFailed), 0);
  }

  Arena arena_{Options()};
};

TEST_P(CutTest, NothingIsLost) {
  const auto [link, how] = GetParam();
  const auto& own = arena_.sandbox->endpoints();
  MatchmakingEndpoints endpoints;
  std::optional<CuttingProxy> proxy;
  std::optional<CuttingProxy> watches;  // the players' own way to the frontend
  switch (link) {
    case Link::kAllocator:
      proxy.emplace(arena_.allocator(), Every(5, 60, 4, how));
      endpoints.allocator = proxy->endpoint();
      break;
    case Link::kBackend:
      proxy.emplace(own.backend, Every(1, 3, 6, how));
      endpoints.backend = proxy->endpoint();
      break;
    case Link::kFrontend:
      proxy.emplace(own.frontend, Every(20, 250, 4, how));
      endpoints.frontend = proxy->endpoint();
      watches.emplace(own.frontend, Every(300, 1500, 3, how));
      break;
    case Link::kQuery:
      proxy.emplace(own.query, Every(1, 1, 3, how));
      endpoints.query = proxy->endpoint();
      break;
  }
  ASSERT_TRUE(arena_.AwaitReady(2 * 130));
  arena_.QueuePlayers(watches ? watches->endpoint() : "");
  const Matchmaking matchmaking(arena_, endpoints);
  arena_.ExpectAllPlay();
  ExpectClean(matchmaking);
  // While connections are refused, no calls come that could be cut.
  EXPECT_GE(proxy->cuts(), how == How::kRefused ? 1 : 3) << "the test did not test much";
  if (watches) {
    EXPECT_GE(watches->cuts(), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Connection, CutTest,
                         ::testing::Combine(::testing::Values(Link::kAllocator, Link::kBackend,
                                                              Link::kFrontend, Link::kQuery),
                                            ::testing::Values(How::kBeforeRequest,
                                                              How::kBeforeAnswer, How::kMidAnswer,
                                                              How::kRefused)),
                         Name);

// Over TLS nobody knows the steps; so the cuts come after more and more bytes, from the handshake's
// first on.
TEST(CutTlsTest, NothingIsLostWhereverTheBytesStop) {
  Arena arena({.replicas = 130, .pending_release_timeout = milliseconds(1500)});
  const auto plan = [](std::size_t first) {
    CutPlan cuts;
    cuts.after_bytes = [=](int connection) -> std::optional<std::size_t> {
      if (connection > 5) return std::nullopt;
      return first << 2 * (connection - 1);
    };
    return cuts;
  };
  const auto& own = arena.sandbox->endpoints();
  CuttingProxy allocator(arena.allocator(), plan(500));
  CuttingProxy backend(own.backend, plan(700));
  CuttingProxy frontend(own.frontend, plan(900));
  CuttingProxy query(own.query, plan(1100));
  ASSERT_TRUE(arena.AwaitReady(2 * 130));
  arena.QueuePlayers(frontend.endpoint());
  const Matchmaking matchmaking(arena, {.allocator = allocator.endpoint(),
                                        .backend = backend.endpoint(),
                                        .frontend = frontend.endpoint(),
                                        .query = query.endpoint()});
  arena.ExpectAllPlay();
  for (const CuttingProxy* proxy : {&allocator, &backend, &frontend, &query}) {
    EXPECT_GE(proxy->cuts(), 3);
  }
}

}  // namespace
}  // namespace gsh::faults
