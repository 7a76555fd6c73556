// The public class: options, rounds in a row, stopping.
#include "gsh/director/director.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "gsh/testing/matchers.h"
#include "src/director/test_world.h"

namespace gsh::director {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::StatusIs;

class DirectorTest : public ::testing::Test {
 protected:
  std::unique_ptr<Director> Make() {
    auto director = Director::Make(world_.options);
    EXPECT_THAT(director, IsOk());
    return *std::move(director);
  }

  // Runs `fn`, which blocks, while this thread moves time on (not while `now`: then only what is
  // due happens).
  template <typename Fn>
  auto WhileTimePasses(Fn fn, std::function<bool()> now = [] { return false; }) {
    auto result = std::async(std::launch::async, std::move(fn));
    while (result.wait_for(seconds(0)) != std::future_status::ready) {
      if (now()) {
        world_.clock.Advance(Duration{0});
      } else if (world_.clock.AdvanceToNext()) {
        continue;
      }
      std::this_thread::yield();
    }
    return result.get();
  }

  World world_;
};

TEST_F(DirectorTest, NamesEveryBadOption) {
  DirectorOptions options{.regions = {"a b", "ok", "ok"}, .max_in_flight = 0};
  options.interval = seconds(-1);
  options.function.port = 70000;
  EXPECT_THAT(Director::Make(options),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("backend"), HasSubstr("allocator"),
                             HasSubstr("function.host"), HasSubstr("function.port"),
                             HasSubstr("'a b'"), HasSubstr("'ok' is there twice"),
                             HasSubstr("max_in_flight"), HasSubstr("interval"))));
}

TEST_F(DirectorTest, AJointProfileCannotHaveAGap) {
  world_.options.bands = *matcher::ParseBands("0-24,50-99");
  world_.options.profile_mode = ProfileMode::kJoint;
  EXPECT_THAT(Director::Make(world_.options),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("gap")));
  world_.options.profile_mode = ProfileMode::kAuto;
  EXPECT_THAT(Director::Make(world_.options), IsOk());
}

TEST_F(DirectorTest, ARoundFetchesAllocatesAndAssigns) {
  world_.Offer({MatchOf("m", "us-east-1", world_.AddTickets("t", 4))});
  world_.agones.AddServers("us-east-1", 1);
  const auto director = Make();
  const auto report = WhileTimePasses([&] { return director->RunRound(); });
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->assigned_tickets, 4u);
  ASSERT_THAT(world_.open_match.profiles, SizeIs(1));
  EXPECT_EQ(world_.open_match.profiles[0].name, "joint");
}

TEST_F(DirectorTest, ARoundWithoutAnswerFails) {
  world_.open_match.faults = [](std::string_view) { return Fault{.before = UnknownError("down")}; };
  const auto director = Make();
  EXPECT_THAT(WhileTimePasses([&] { return director->RunRound(); }),
              StatusIs(StatusCode::kUnknown));
}

TEST_F(DirectorTest, AfterStopNoRoundBegins) {
  std::stop_source stop;
  stop.request_stop();
  const auto director = Make();
  EXPECT_THAT(director->RunRound(stop.get_token()), IsOk());
  EXPECT_THAT(director->Run(stop.get_token()), IsOk());
  EXPECT_THAT(world_.open_match.profiles, IsEmpty());
}

TEST_F(DirectorTest, AutoGoesOnInBandsForMatchFunctionsThatKnowNoRegions) {
  world_.AddTickets("t", 4);
  // As the sample's match function: no extension, the region only in the profile's name.
  world_.open_match.matcher = [](const openmatch::MatchProfile& profile,
                                 const std::vector<openmatch::Ticket>& waiting) {
    std::vector<openmatch::Match> matches;
    const bool takes_them =
        profile.name == "joint" || profile.name.find("us-east-2\" max:49") != std::string::npos;
    if (takes_them && waiting.size() == 4) {
      matches.push_back({.id = "profile-" + profile.name + "-time-now-0",
                         .profile = profile.name,
                         .tickets = waiting});
    }
    return matches;
  };
  world_.agones.AddServers("us-east-2", 1);
  const auto director = Make();
  EXPECT_THAT(WhileTimePasses([&] { return director->Run({}, 3); }), IsOk());
  EXPECT_EQ(world_.Count(Event::Kind::kModeChanged), 1);
  EXPECT_THAT(world_.open_match.released, SizeIs(4));
  EXPECT_EQ(world_.Connection("t0"), "gs-0.example:7000");
  ASSERT_THAT(world_.open_match.profiles, SizeIs(1 + 10 + 10));
  world_.open_match.profiles.erase(world_.open_match.profiles.begin());
  EXPECT_THAT(world_.open_match.profiles,
              Each(Field(&openmatch::MatchProfile::name, StartsWith("profile_double_arg:"))));
}

TEST_F(DirectorTest, RunKeepsTheIntervalBetweenStarts) {
  world_.options.interval = seconds(5);
  world_.open_match.matcher = [](const auto&, const auto&) {
    return std::vector<openmatch::Match>();
  };
  std::vector<SteadyTime> starts;
  world_.options.on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::kRoundStarted) starts.push_back(world_.clock.SteadyNow());
  };
  world_.open_match.faults = [](std::string_view) { return Fault{.delay = seconds(1)}; };
  const auto director = Make();
  EXPECT_THAT(WhileTimePasses([&] { return director->Run({}, 3); }), IsOk());
  ASSERT_THAT(starts, SizeIs(3));
  EXPECT_GE(starts[1] - starts[0], seconds(5));
  EXPECT_GE(starts[2] - starts[1], seconds(5));
}

TEST_F(DirectorTest, FailedRoundsDoNotEndIt) {
  world_.Offer({MatchOf("m", "us-east-1", world_.AddTickets("t", 4))});
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = [calls = 0](std::string_view method) mutable {
    const bool down = method == "FetchMatches" && ++calls <= 20;
    return down ? Fault{.before = UnknownError("the match function is down")} : Fault{};
  };
  const auto director = Make();
  EXPECT_THAT(WhileTimePasses([&] { return director->Run({}, 21); }), IsOk());
  EXPECT_EQ(world_.Connection("t0"), "gs-0.example:7000");
}

TEST_F(DirectorTest, WithoutServersForAMinuteItGoesOnAndUsesTheFirstAtOnce) {
  world_.AddTickets("t", 40);
  world_.open_match.matcher = [number = 0](const auto&, const auto& waiting) mutable {
    std::vector<openmatch::Match> matches;
    for (auto four = waiting.begin(); waiting.end() - four >= 4; four += 4) {
      matches.push_back(MatchOf("m" + std::to_string(++number), "us-east-1", {four, four + 4}));
    }
    return matches;
  };
  int rounds = 0;
  int assigned = 0;
  SteadyTime all_assigned;
  std::stop_source stop;
  world_.options.on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::kRoundStarted) ++rounds;
    if (event.kind != Event::Kind::kAssigned || ++assigned < 10) return;
    all_assigned = world_.clock.SteadyNow();
    stop.request_stop();
  };
  std::atomic<bool> servers_came = false;
  int rounds_in_vain = 0;
  const SteadyTime begin = world_.clock.SteadyNow();
  world_.clock.RunAfter(seconds(60), [&] {
    rounds_in_vain = rounds;
    world_.agones.AddServers("us-east-1", 10);
    servers_came = true;
  });
  const auto director = Make();
  // While the director has no timer running it is at work: time stands still.
  const auto busy = [&] { return !servers_came && world_.clock.pending() < 2; };
  EXPECT_THAT(WhileTimePasses([&] { return director->Run(stop.get_token()); }, busy), IsOk());
  EXPECT_LE(all_assigned - begin, seconds(62));
  EXPECT_GE(rounds_in_vain, 55);  // a round a second,
  EXPECT_LE(rounds_in_vain, 70);  // not as many as it could
  EXPECT_EQ(assigned, 10);
  EXPECT_EQ(world_.agones.given_back(), 0);
}

TEST_F(DirectorTest, TheNextRoundIsFetchedWhileTheLastOnesServersAreAwaited) {
  const auto tickets = world_.AddTickets("t", 4);
  int round = 0;
  world_.open_match.matcher = [&](const auto&, const auto&) {
    std::vector<openmatch::Match> matches;
    if (++round <= 2) {
      const std::size_t first = round == 1 ? 0 : 2;
      matches.push_back(
          MatchOf("m" + std::to_string(round), "us-east-1", {tickets[first], tickets[first + 1]}));
    }
    return matches;
  };
  world_.agones.AddServers("us-east-1", 2);
  world_.agones.faults = [](std::string_view) { return Fault{.delay = seconds(8)}; };
  const auto director = Make();
  const auto until_both_are_under_way = [&, both = false]() mutable {
    both = both || world_.clock.pending() >= 4;  // two allocations, each with its timeout
    return !both;
  };
  EXPECT_THAT(WhileTimePasses([&] { return director->Run({}, 2); }, until_both_are_under_way),
              IsOk());
  EXPECT_EQ(world_.agones.most_in_flight, 2);
  EXPECT_NE(world_.Connection("t0"), world_.Connection("t2"));
}

TEST_F(DirectorTest, TheNextRoundBeginsWhenTheLineIsShort) {
  const auto tickets = world_.AddTickets("t", 10);
  std::vector<openmatch::Match> matches;
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    matches.push_back(MatchOf("m" + std::to_string(i), "us-east-1", {tickets[i]}));
  }
  world_.Offer(std::move(matches));
  world_.agones.AddServers("us-east-1", 10);
  world_.agones.faults = [](std::string_view) { return Fault{.delay = seconds(1)}; };
  world_.options.max_in_flight = 1;
  std::atomic<int> rounds = 0;
  std::atomic<int> allocated = 0;
  int allocated_before_the_second = 0;
  world_.options.on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::kAllocated) ++allocated;
    if (event.kind == Event::Kind::kRoundStarted && ++rounds == 2) {
      allocated_before_the_second = allocated;
    }
  };
  const auto director = Make();
  // The ninth is on its way and the tenth alone stands in line: time waits for the director, though
  // not for ever.
  const SteadyTime deadline = SystemClock().SteadyNow() + seconds(10);
  const auto line_is_short = [&] {
    return allocated == 8 && rounds < 2 && SystemClock().SteadyNow() < deadline;
  };
  EXPECT_THAT(WhileTimePasses([&] { return director->Run({}, 2); }, line_is_short), IsOk());
  EXPECT_EQ(rounds, 2);
  EXPECT_EQ(allocated_before_the_second, 8);
}

TEST_F(DirectorTest, StopFinishesWhatIsInFlight) {
  world_.Offer({MatchOf("m", "us-east-1", world_.AddTickets("t", 4))});
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = [](std::string_view) { return Fault{.delay = seconds(3)}; };
  std::stop_source stop;
  const auto director = Make();
  const auto stop_during_allocation = [&] {
    if (world_.clock.pending() >= 2) stop.request_stop();  // the call, and its timeout
    return !stop.stop_requested();
  };
  EXPECT_THAT(
      WhileTimePasses([&] { return director->Run(stop.get_token()); }, stop_during_allocation),
      IsOk());
  EXPECT_EQ(world_.Connection("t3"), "gs-0.example:7000");
  EXPECT_EQ(world_.agones.given_back(), 0);
}

TEST_F(DirectorTest, OwnProfilesTakeTheirPlace) {
  world_.options.make_profiles = [] {
    return std::vector<openmatch::MatchProfile>{{.name = "mine"}, {.name = "yours"}};
  };
  world_.options.regions = {};
  world_.open_match.matcher = [](const auto&, const auto&) {
    return std::vector<openmatch::Match>();
  };
  const auto director = Make();
  const auto report = WhileTimePasses([&] { return director->RunRound(); });
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->profiles, 2u);
  EXPECT_EQ(world_.open_match.profiles.at(0).name, "mine");
}

}  // namespace
}  // namespace gsh::director
