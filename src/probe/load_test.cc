#include "src/probe/load.h"

#include <gmock/gmock.h>

#include <atomic>
#include <set>

#include "gsh/agones/allocation_identity.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"

namespace gsh::probe {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Has so many servers; remembers who took one and who gave it back.
class CountingAllocator final : public agones::Allocator {
 public:
  CountingAllocator(std::size_t servers, testing::ManualClock& clock, Duration latency)
      : servers_(servers), clock_(clock), latency_(latency) {}

  void AllocateAsync(agones::AllocationRequest request, CallOptions,
                     std::function<void(StatusOr<agones::Allocation>)> done) override {
    if (latency_ > Duration(0)) clock_.Advance(latency_);
    const bool give_back = request.annotations["gsh.dev/release"] == "true";
    const std::string identity = request.selectors.front().match_labels.at("gsh.dev/allocation");
    if (give_back) {
      const bool known = identities_.erase(identity) == 1;
      return done(known ? StatusOr<agones::Allocation>(agones::Allocation{})
                        : ResourceExhaustedError("no such server"));
    }
    EXPECT_TRUE(agones::HasIdentity(request));
    if (identities_.size() == servers_) return done(ResourceExhaustedError("none"));
    identities_.insert(identity);
    done(agones::Allocation{.game_server = identity});
  }
  std::size_t held() const { return identities_.size(); }

 private:
  const std::size_t servers_;
  testing::ManualClock& clock_;
  const Duration latency_;
  std::set<std::string> identities_;
};

class LoadTest : public ::testing::Test {
 protected:
  LoadOptions Options(std::size_t count) {
    return {.request = {.selectors = {{.match_labels = {{"region", "eu"}}}}},
            .count = count,
            .clock = &clock_,
            .rng = &rng_};
  }
  testing::ManualClock clock_;
  testing::SeededRng rng_{1};
};

TEST_F(LoadTest, HandsBackWhatItTook) {
  CountingAllocator allocator(5, clock_, 2ms);
  const LoadReport report = RunLoad(allocator, Options(8));
  EXPECT_EQ(report.taken, 5u);
  EXPECT_THAT(report.failures, ElementsAre(Pair("RESOURCE_EXHAUSTED", 3u)));
  EXPECT_EQ(report.handed_back, 5u);
  EXPECT_EQ(report.not_handed_back, 0u);
  EXPECT_EQ(allocator.held(), 0u);
  EXPECT_EQ(report.latencies.size(), 8u);
  EXPECT_EQ(report.Percentile(0.5), Duration(2ms));
  EXPECT_EQ(report.elapsed, Duration(16ms));
}

TEST_F(LoadTest, KeepsThemIfToldTo) {
  CountingAllocator allocator(5, clock_, 0ms);
  LoadOptions options = Options(3);
  options.keep = true;
  EXPECT_EQ(RunLoad(allocator, options).handed_back, 0u);
  EXPECT_EQ(allocator.held(), 3u);
}

TEST_F(LoadTest, LateCallsCountFromWhenTheyWereDue) {
  CountingAllocator allocator(10, clock_, 10ms);  // one after the other: 100 a second at most
  LoadOptions options = Options(4);
  options.rate = 1e9;  // all due at once
  const LoadReport report = RunLoad(allocator, options);
  EXPECT_GE(report.Percentile(1.0), Duration(39ms));
  EXPECT_LE(report.Percentile(0.25), Duration(11ms));
}

TEST_F(LoadTest, BeginsNoMoreWhenStopped) {
  CountingAllocator allocator(10, clock_, 0ms);
  std::stop_source stop;
  stop.request_stop();
  LoadOptions options = Options(4);
  options.stop = stop.get_token();
  EXPECT_EQ(RunLoad(allocator, options).latencies.size(), 0u);
}

TEST_F(LoadTest, ReportsAsTextAndJson) {
  LoadReport report{.taken = 3,
                    .failures = {{"RESOURCE_EXHAUSTED", 1}},
                    .latencies = {1ms, 2ms, 3ms, 4ms},
                    .elapsed = 2s,
                    .handed_back = 2,
                    .not_handed_back = 1};
  EXPECT_EQ(ToText(report),
            "3 allocated in 2.00 s, 1.5 a second\n"
            "1 refused: RESOURCE_EXHAUSTED\n"
            "latency ms: p50 2.0 p90 4.0 p99 4.0 max 4.0\n"
            "2 handed back, 1 not");
  EXPECT_THAT(ToJson(report), HasSubstr(R"("allocated":3,"refused":{"RESOURCE_EXHAUSTED":1})"));
  EXPECT_EQ(LoadReport{}.Percentile(0.99), Duration(0));
}

}  // namespace
}  // namespace gsh::probe
