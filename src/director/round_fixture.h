// What the tests of a round share: one match in a world of fakes, faults of chosen calls.
#ifndef GSH_SRC_DIRECTOR_ROUND_FIXTURE_H_
#define GSH_SRC_DIRECTOR_ROUND_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "src/director/test_world.h"

namespace gsh::director {

// The n-th calls (from 1) of a method that get the fault; all others are fine.
inline Faults On(std::string_view method, std::set<int> calls, Fault fault) {
  return [=, seen = 0](std::string_view called) mutable {
    if (called != method) return Fault{};
    ++seen;
    return calls.empty() || calls.contains(seen) ? fault : Fault{};
  };
}

class RoundTest : public ::testing::Test {
 protected:
  // One match "m" of four tickets "t0"... for us-east-1.
  void OfferOne() { world_.Offer({MatchOf("m", "us-east-1", world_.AddTickets("t", 4))}); }
  // Everything of "m" was released, nothing stays allocated in vain.
  void ExpectAllReleased() {
    EXPECT_THAT(world_.open_match.released,
                ::testing::UnorderedElementsAre("t0", "t1", "t2", "t3"));
    EXPECT_THAT(world_.open_match.Waiting(), ::testing::SizeIs(4));
    EXPECT_EQ(world_.agones.allocated(), world_.agones.given_back());
  }

  World world_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_ROUND_FIXTURE_H_
