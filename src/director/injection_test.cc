// One failure, delay or lie in every call that a round makes, one after the other: afterwards
// nothing is lost, and what the lie hid comes right by Open Match's and the game servers' own time
// limits.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "src/director/test_world.h"

namespace gsh::director {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kPendingRelease = std::chrono::minutes(1);

struct Injection {
  std::string name;
  Fault fault = {};
  bool refusal = false;  // the service says that it looked at the call and will not do it
  bool lie = false;      // it says what is not so: what the director cannot know
};

// `timeout`: of the call's attempt.
std::vector<Injection> Injections(Duration timeout) {
  return {
      {.name = "unavailable", .fault = {.before = UnavailableError("down")}},
      {.name = "unknown", .fault = {.before = UnknownError("?")}},
      {.name = "aborted", .fault = {.before = AbortedError("contention")}},
      {.name = "refused", .fault = {.before = InvalidArgumentError("no")}, .refusal = true},
      {.name = "exhausted", .fault = {.before = ResourceExhaustedError("no")}, .refusal = true},
      {.name = "answer lost", .fault = {.after = UnavailableError("reset")}},
      {.name = "answer late", .fault = {.answer_delay = hours(1)}},
      {.name = "hangs", .fault = {.before = UnavailableError("reset"), .delay = hours(1)}},
      // After the director gave up waiting, and before it asks again.
      {.name = "done late", .fault = {.delay = timeout + seconds(1)}},
      {.name = "not done", .fault = {.idle = true}, .lie = true},
      {.name = "denied", .fault = {.after = ResourceExhaustedError("none")}, .lie = true},
      {.name = "not there", .fault = {.before = NotFoundError("who?")}, .lie = true},
  };
}

struct Step {
  std::string method;
  Duration timeout;
};
const std::vector<Step> kSteps = {{"FetchMatches", seconds(60)},  {"GetTicket", seconds(2)},
                                  {"Allocate", seconds(10)},      {"AssignTickets", seconds(5)},
                                  {"ReleaseTickets", seconds(5)}, {"GiveBack", seconds(10)}};

// What else is the matter, so that every step is reached.
enum class Scene { kFine, kPlayersGone, kNoServers, kUselessServer, kAssignmentRefused };

// Twelve players, three matches, of which the trouble of the scene concerns the first.
class Trial {
 public:
  Trial(Scene scene, bool look_up) {
    world_.AddTickets("t", 12);
    world_.open_match.pending_release_timeout = kPendingRelease;
    world_.open_match.matcher = [this](const auto&, const auto& waiting) {
      return MakeMatches(waiting);
    };
    world_.options.max_in_flight = 2;
    world_.options.assign_batch = 2;
    if (look_up) world_.options.frontend = &world_.open_match;
    world_.agones.AddServers("us-east-1", scene == Scene::kNoServers ? 0 : 6);
    if (scene == Scene::kUselessServer) world_.agones.servers[0].connection = "useless";
    if (scene == Scene::kAssignmentRefused) {
      world_.open_match.refuse = [](const openmatch::AssignmentGroup& group) {
        return group.ticket_ids[0] == "t0" ? InvalidArgumentError("no") : OkStatus();
      };
    }
    if (scene == Scene::kPlayersGone) LoseFirstMatch();
  }

  // A round in which the `number`-th call of the method gets the fault; false if there was none.
  bool RunRound(const std::string& method, int number, const Fault& fault) {
    int seen = 0;
    const auto faults = [&](std::string_view called) {
      return called == method && ++seen == number ? fault : Fault{};
    };
    world_.agones.faults = faults;
    world_.open_match.faults = faults;
    world_.RunRound();
    world_.agones.faults = nullptr;
    world_.open_match.faults = nullptr;
    return seen >= number;
  }

  // Without any help: what a single failure must not do.
  void ExpectNothingLost() {
    const std::set<std::string> used = UsedConnections();
    for (const auto& [id, record] : world_.open_match.tickets) {
      EXPECT_FALSE(world_.open_match.IsPending(id)) << id << " is in nobody's hands";
    }
    for (const auto& server : world_.agones.servers) {
      if (!server.allocated) continue;
      EXPECT_NE(used.contains(server.connection), server.GivenBack()) << server.name;
    }
  }

  // The trouble ends, the time limits pass, rounds go on.
  void ExpectAllComesRight() {
    world_.open_match.refuse = nullptr;
    world_.agones.AddServers("us-east-1", 6);
    for (int round = 0; round < 3; ++round) {
      world_.clock.Advance(2 * kPendingRelease);
      EndIdleServers();
      world_.RunRound();
    }
    EndIdleServers();
    std::set<std::string> used = UsedConnections();
    for (const auto& [id, record] : world_.open_match.tickets) {
      EXPECT_EQ(record.connections.size(), 1u) << id;
    }
    for (const auto& server : world_.agones.servers) {
      EXPECT_EQ(server.allocated ? 1u : 0u, used.erase(server.connection)) << server.name;
    }
    EXPECT_TRUE(used.empty()) << "players sit on a server that has ended: " << *used.begin();
  }

 private:
  static std::vector<openmatch::Match> MakeMatches(const std::vector<openmatch::Ticket>& waiting) {
    static int number = 0;
    std::vector<openmatch::Match> matches;
    for (std::size_t i = 0; i < waiting.size(); i += 4) {
      const auto begin = waiting.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = begin + std::min<std::ptrdiff_t>(4, waiting.end() - begin);
      matches.push_back(MatchOf("m" + std::to_string(++number), "us-east-1", {begin, end}));
    }
    return matches;
  }

  // As soon as it has a server: a look-up would have noticed it before.
  void LoseFirstMatch() {
    world_.options.on_event = [this, lost = false](const Event& event) mutable {
      if (event.kind != Event::Kind::kAllocated || std::exchange(lost, true)) return;
      for (const char* id : {"t0", "t1", "t10", "t11"}) world_.open_match.tickets.erase(id);
    };
  }

  std::set<std::string> UsedConnections() const {
    std::set<std::string> used;
    for (const auto& [id, record] : world_.open_match.tickets) {
      EXPECT_LE(record.connections.size(), 1u) << id << " was sent to two servers";
      used.insert(record.connections.begin(), record.connections.end());
    }
    return used;
  }

  // IdleGuard in a minute of game servers: who has no players ends, and is replaced.
  void EndIdleServers() {
    const std::set<std::string> used = UsedConnections();
    for (auto& server : world_.agones.servers) {
      if (server.allocated && !used.contains(server.connection)) {
        const std::string name = server.name + "x";
        server = {.name = name,
                  .connection = name + ".example:7000",
                  .labels = {{"region", "us-east-1"}}};
      }
    }
  }

  World world_;
};

// The director can do nothing about these itself.
bool NeedsTimeLimits(const std::string& method, const Injection& injection) {
  if (injection.lie) return true;
  // Its matches were made for a director that had hung up.
  if (method == "FetchMatches") return injection.name == "done late";
  return method == "GiveBack" && injection.refusal;
}

class InjectionTest : public ::testing::TestWithParam<std::tuple<Scene, bool>> {};

TEST_P(InjectionTest, OneFaultInAnyCallLosesNothing) {
  const auto [scene, look_up] = GetParam();
  int trials = 0;
  for (const Step& step : kSteps) {
    for (const Injection& injection : Injections(step.timeout)) {
      for (int number = 1;; ++number) {
        SCOPED_TRACE(step.method + " number " + std::to_string(number) + ": " + injection.name);
        Trial trial(scene, look_up);
        if (!trial.RunRound(step.method, number, injection.fault)) break;
        ++trials;
        if (!NeedsTimeLimits(step.method, injection)) trial.ExpectNothingLost();
        trial.ExpectAllComesRight();
        if (HasFailure()) return;
      }
    }
  }
  EXPECT_GE(trials, 60) << "the scene reaches too few calls";
}

std::string Name(const ::testing::TestParamInfo<std::tuple<Scene, bool>>& info) {
  const char* const scenes[] = {"Fine", "PlayersGone", "NoServers", "UselessServer",
                                "AssignmentRefused"};
  return std::string(scenes[static_cast<int>(std::get<0>(info.param))]) +
         (std::get<1>(info.param) ? "WithLookUps" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Scenes, InjectionTest,
    ::testing::Combine(::testing::Values(Scene::kFine, Scene::kPlayersGone, Scene::kNoServers,
                                         Scene::kUselessServer, Scene::kAssignmentRefused),
                       ::testing::Bool()),
    Name);

}  // namespace
}  // namespace gsh::director
