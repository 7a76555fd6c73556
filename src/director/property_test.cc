// Nothing is lost: whatever fails at whichever step, every ticket ends assigned once or waiting
// again, and every server that was taken is used or given back.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "src/director/test_world.h"

namespace gsh::director {
namespace {

using std::chrono::milliseconds;

// Faults by chance, but never so many in a row that the director gives up for good: what it then
// cannot do is reported, and the tests of rounds show it.
class ChanceFaults {
 public:
  // `late`: calls may take effect after their timeout too.
  ChanceFaults(Rng& rng, double rate, int most_in_a_row, bool late)
      : rng_(rng), rate_(rate), most_in_a_row_(most_in_a_row), late_(late) {}

  Fault operator()(std::string_view method) {
    Fault fault{.delay = milliseconds(Below(300)), .answer_delay = milliseconds(Below(300))};
    int& row = in_a_row_[std::string(method)];
    if (rng_.NextDouble() >= rate_ || row >= most_in_a_row_) {
      row = 0;
      return fault;
    }
    ++row;
    Break(method, fault);
    return fault;
  }

 private:
  std::int64_t Below(std::uint64_t bound) { return static_cast<std::int64_t>(rng_.Next() % bound); }

  void Break(std::string_view method, Fault& fault) {
    const std::vector<Status> errors = {UnavailableError("chance"), UnknownError("chance"),
                                        DeadlineExceededError("chance")};
    const Status error = errors[rng_.Next() % errors.size()];
    switch (rng_.Next() % (late_ ? 4 : 3)) {
      case 0:
        fault.before = error;
        break;
      case 1:
        fault.after = error;
        break;
      case 2:
        fault.before = method == "Allocate" ? AbortedError("contention") : error;
        break;
      default:  // but never so late as after the director's pause
        fault.delay = Timeout(method) - milliseconds(500) + milliseconds(Below(2300));
    }
  }

  static Duration Timeout(std::string_view method) {
    if (method == "Allocate" || method == "GiveBack") return std::chrono::seconds(10);
    return std::chrono::seconds(method == "GetTicket" ? 2 : 5);
  }

  Rng& rng_;
  const double rate_;
  const int most_in_a_row_;
  const bool late_;
  std::map<std::string, int> in_a_row_;
};

class PropertyTest : public ::testing::TestWithParam<int> {
 protected:
  std::uint64_t Below(std::uint64_t bound) { return chance_.Next() % bound; }

  void MakeWorld() {
    ticket_count_ = static_cast<int>(20 + Below(100));
    world_.AddTickets("t", ticket_count_);
    world_.agones.AddServers("us-east-1", static_cast<int>(Below(15)));
    world_.agones.AddServers("us-east-2", static_cast<int>(Below(15)));
    for (auto& server : world_.agones.servers) {
      if (Below(10) == 0) server.connection = "useless";
    }
    world_.options.max_in_flight = static_cast<int>(1 + Below(20));
    world_.options.assign_batch = static_cast<int>(1 + Below(6));
    if (Below(2) == 0) world_.options.frontend = &world_.open_match;
    world_.open_match.matcher = [this](const auto&, const auto& waiting) {
      return MakeMatches(waiting);
    };
  }

  // Matches of 1 to 5 of the waiting tickets; now and then one with a ticket of another.
  std::vector<openmatch::Match> MakeMatches(const std::vector<openmatch::Ticket>& waiting) {
    std::vector<openmatch::Match> matches;
    for (std::size_t i = 0; i < waiting.size();) {
      const std::size_t size = std::min<std::size_t>(1 + Below(5), waiting.size() - i);
      std::vector<openmatch::Ticket> members(
          waiting.begin() + static_cast<std::ptrdiff_t>(i),
          waiting.begin() + static_cast<std::ptrdiff_t>(i + size));
      if (i > 0 && Below(8) == 0) members.push_back(waiting[Below(i)]);
      const std::string region = Below(2) == 0 ? "us-east-1" : "us-east-2";
      matches.push_back(MatchOf("m" + std::to_string(next_match_++), region, std::move(members)));
      i += size;
    }
    return matches;
  }

  // Players who give up while the round runs.
  void LosePlayersDuring() {
    for (int i = 0; i < 3; ++i) {
      const std::string id = "t" + std::to_string(Below(static_cast<std::uint64_t>(ticket_count_)));
      world_.clock.RunAfter(milliseconds(Below(1500)), [this, id] {
        if (world_.open_match.tickets.contains(id) && world_.Connection(id).empty()) {
          world_.open_match.tickets.erase(id);
        }
      });
    }
  }

  void ExpectNothingLost(const std::string& when) {
    std::set<std::string> used;
    for (const auto& [id, record] : world_.open_match.tickets) {
      EXPECT_FALSE(world_.open_match.IsPending(id)) << id << " is in nobody's hands " << when;
      EXPECT_LE(record.connections.size(), 1u) << id << " was sent to two servers " << when;
      if (!record.connections.empty()) used.insert(record.connections.back());
    }
    for (const auto& server : world_.agones.servers) {
      if (!server.allocated) continue;
      const bool is_used = used.contains(server.connection);
      EXPECT_TRUE(is_used || server.GivenBack()) << server.name << " waits for nobody " << when;
      EXPECT_FALSE(is_used && server.GivenBack()) << server.name << " has players " << when;
    }
  }

  testing::SeededRng chance_{static_cast<std::uint64_t>(GetParam())};
  World world_;
  int ticket_count_ = 0;
  int next_match_ = 0;
};

TEST_P(PropertyTest, EveryTicketIsAssignedOnceOrWaitsAndEveryServerIsUsedOrGivenBack) {
  MakeWorld();
  ChanceFaults agones(chance_, 0.3, 2, /*late=*/true);
  ChanceFaults open_match(chance_, 0.3, 2, /*late=*/true);
  world_.agones.faults = [&](std::string_view method) { return agones(method); };
  world_.open_match.faults = [&](std::string_view method) { return open_match(method); };
  world_.options.assign_timeout = std::chrono::minutes(2);
  std::size_t assigned = 0;
  for (int round = 0; round < 4; ++round) {
    LosePlayersDuring();
    assigned += world_.RunRound().assigned_tickets;
    ExpectNothingLost("after round " + std::to_string(round));
  }
  std::size_t have = 0;
  for (const auto& [id, record] : world_.open_match.tickets) have += record.connections.size();
  EXPECT_EQ(assigned, have) << "the reports are wrong";
}

TEST_P(PropertyTest, NothingIsLostWhenTheDirectorIsStoppedAtAnyTime) {
  MakeWorld();
  ChanceFaults agones(chance_, 0.15, 1, /*late=*/false);
  ChanceFaults open_match(chance_, 0.15, 1, /*late=*/false);
  world_.agones.faults = [&](std::string_view method) { return agones(method); };
  world_.open_match.faults = [&](std::string_view method) { return open_match(method); };
  const auto round = world_.Begin();
  world_.clock.Advance(milliseconds(Below(6000)));
  if (!round->done()) world_.session->Drain();
  const SteadyTime begin = world_.clock.SteadyNow();
  world_.Finish(round);
  EXPECT_LE(world_.clock.SteadyNow() - begin, world_.options.drain_timeout);
  ExpectNothingLost("after the stop");
}

INSTANTIATE_TEST_SUITE_P(Seeds, PropertyTest, ::testing::Range(0, 200));

}  // namespace
}  // namespace gsh::director
