// A director's surroundings for tests: fakes of all its ports, one clock, what it reported.
#ifndef GSH_SRC_DIRECTOR_TEST_WORLD_H_
#define GSH_SRC_DIRECTOR_TEST_WORLD_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/any.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "src/director/check_options.h"
#include "src/director/fake_world.h"
#include "src/director/profiles.h"
#include "src/director/round.h"

namespace gsh::director {

inline openmatch::Ticket TicketOf(const std::string& id, const std::map<std::string, double>& ms) {
  openmatch::Ticket ticket{.id = id, .search_fields = {.tags = {kSessionTag}}};
  for (const auto& [region, latency] : ms) {
    ticket.search_fields.double_args["latency-" + region] = latency;
  }
  return ticket;
}

inline openmatch::Match MatchOf(const std::string& id, const std::string& region,
                                std::vector<openmatch::Ticket> tickets) {
  openmatch::Match match{.id = id, .profile = kJointProfile, .tickets = std::move(tickets)};
  if (!region.empty()) match.extensions[kRegionExtension] = AnyString(region);
  return match;
}

class World {
 public:
  World() {
    options.backend = &open_match;
    options.allocator = &agones;
    options.function.host = "mmf";
    options.regions = {"us-east-1", "us-east-2"};
    options.clock = &clock;
    options.rng = &rng;
    options.log = &log;
    options.metrics = &metrics;
    options.on_event = [this](const Event& event) {
      std::lock_guard lock(mutex);
      events.push_back(event);
    };
  }

  // `count` tickets "prefix0" ... with good latencies to both regions, best to the first.
  std::vector<openmatch::Ticket> AddTickets(const std::string& prefix, int count) {
    std::vector<openmatch::Ticket> added;
    for (int i = 0; i < count; ++i) {
      added.push_back(TicketOf(prefix + std::to_string(i), {{"us-east-1", 10}, {"us-east-2", 30}}));
      open_match.AddTicket(added.back());
    }
    return added;
  }
  // The next round's only profile gets these matches.
  void Offer(std::vector<openmatch::Match> matches) {
    open_match.matcher = [matches = std::move(matches)](const auto&, const auto&) {
      return matches;
    };
  }

  // The round runs when time does.
  std::shared_ptr<Round> Begin() {
    auto checked = CheckOptions(options);
    EXPECT_TRUE(checked.ok()) << checked.status();
    session = std::make_shared<Session>(*checked);
    auto round = std::make_shared<Round>(
        session, std::vector<openmatch::MatchProfile>{{.name = kJointProfile}}, mode);
    round->Start();
    return round;
  }
  RoundReport Finish(const std::shared_ptr<Round>& round) {
    for (int i = 0; i < 1000000 && !round->done(); ++i) {
      if (!clock.AdvanceToNext()) break;
    }
    EXPECT_TRUE(round->done()) << "nothing is left to happen, and the round is not done";
    return round->report();
  }
  RoundReport RunRound() { return Finish(Begin()); }

  int Count(Event::Kind kind) {
    std::lock_guard lock(mutex);
    int count = 0;
    for (const Event& event : events) count += event.kind == kind ? 1 : 0;
    return count;
  }
  // The connection that the ticket has; "" for none.
  std::string Connection(const std::string& ticket) {
    const auto& record = open_match.tickets.at(ticket);
    return record.connections.empty() ? "" : record.connections.back();
  }

  testing::ManualClock clock;
  testing::SeededRng rng{1};
  testing::RecordingLog log;
  testing::RecordingMetrics metrics;
  FakeOpenMatch open_match{clock};
  FakeAllocator agones{clock};
  DirectorOptions options;
  std::shared_ptr<ModeSwitch> mode;
  std::shared_ptr<Session> session;
  std::mutex mutex;
  std::vector<Event> events;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_TEST_WORLD_H_
