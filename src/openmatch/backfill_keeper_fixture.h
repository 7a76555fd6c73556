// What the tests of BackfillKeeper share: one over a frontend in memory, on a manual clock.
#ifndef GSH_SRC_OPENMATCH_BACKFILL_KEEPER_FIXTURE_H_
#define GSH_SRC_OPENMATCH_BACKFILL_KEEPER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/backfill_keeper.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/openmatch/fake_backfills.h"

namespace gsh::openmatch {

class BackfillKeeperTest : public ::testing::Test {
 protected:
  BackfillKeeperOptions Options() {
    BackfillKeeperOptions options{.frontend = &frontend_,
                                  .format = PlainSeats(),
                                  .free_seats = {3},
                                  .backfill = {.search_fields = {.tags = {"mode.session"}}},
                                  .assignment = {.connection = "10.0.0.1:7000"},
                                  .executor = InlineExecutor(),
                                  .clock = &clock_,
                                  .rng = &largest_,
                                  .log = &log_,
                                  .metrics = &metrics_};
    options.on_event = [this](const BackfillEvent& event) { events_.push_back(event); };
    return options;
  }
  void Start(BackfillKeeperOptions options) {
    auto keeper = BackfillKeeper::Start(std::move(options));
    ASSERT_THAT(keeper, gsh::testing::IsOk());
    keeper_ = *std::move(keeper);
  }
  void Start() { Start(Options()); }

  std::vector<BackfillEvent::Kind> Kinds() const {
    std::vector<BackfillEvent::Kind> kinds;
    for (const BackfillEvent& event : events_) kinds.push_back(event.kind);
    return kinds;
  }
  int Calls(const std::string& method) const {
    return static_cast<int>(std::ranges::count(frontend_.calls_, method));
  }

  testing::ManualClock clock_;
  testing::FixedRng largest_{~0ULL};
  testing::RecordingLog log_;
  testing::RecordingMetrics metrics_;
  FakeBackfills frontend_;
  std::vector<BackfillEvent> events_;
  std::unique_ptr<BackfillKeeper> keeper_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_BACKFILL_KEEPER_FIXTURE_H_
