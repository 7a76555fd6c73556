// The decorator over mocked endpoints, on a manual clock.
#include "gsh/agones/failover_allocator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

#include "gsh/agones/allocation_identity.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::agones {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

// Keeps its calls until the test answers them.
class HeldAllocator final : public Allocator {
 public:
  struct Call {
    AllocationRequest request;
    CallOptions options;
    std::function<void(StatusOr<Allocation>)> done;
  };
  explicit HeldAllocator(std::deque<Call>& calls) : calls_(calls) {}
  ~HeldAllocator() override {
    for (Call& call : std::exchange(calls_, {})) call.done(CancelledError("destroyed"));
  }
  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    calls_.push_back({std::move(request), std::move(options), std::move(done)});
  }

 private:
  std::deque<Call>& calls_;
};

Status Refused() {
  return Status(StatusCode::kUnavailable, "connection refused",
                ErrorInfo{.retry_stop = RetryStop::kNone});
}
Status Lost() {
  return Status(StatusCode::kUnavailable, "connection lost",
                ErrorInfo{.retry_stop = RetryStop::kNotIdempotent});
}

class FailoverAllocatorTest : public ::testing::Test {
 protected:
  void SetUp() override { Make({}); }

  void Make(FailoverOptions failover, RetryOptions retry = {}) {
    allocator_.reset();
    std::vector<AllocatorEndpoint> endpoints;
    endpoints.push_back({"a:1", std::make_unique<HeldAllocator>(a_)});
    endpoints.push_back({"b:1", std::make_unique<HeldAllocator>(b_)});
    auto made = MakeFailoverAllocator(std::move(endpoints), failover,
                                      {.retry = retry,
                                       .timeout = 30s,
                                       .executor = executor_,
                                       .clock = &clock_,
                                       .rng = &rng_,
                                       .log = &log_,
                                       .metrics = &metrics_});
    ASSERT_THAT(made, IsOk());
    allocator_ = *std::move(made);
  }
  void Begin(AllocationRequest request = {}, CallOptions options = {}) {
    outcome_.reset();
    allocator_->AllocateAsync(std::move(request), std::move(options),
                              [this](StatusOr<Allocation> got) { outcome_ = std::move(got); });
  }
  static void Answer(std::deque<HeldAllocator::Call>& calls, StatusOr<Allocation> answer) {
    ASSERT_FALSE(calls.empty());
    HeldAllocator::Call call = std::move(calls.front());
    calls.pop_front();
    call.done(std::move(answer));
  }
  static AllocationRequest Identified() {
    return WithIdentity({.selectors = {{.match_labels = {{"region", "eu"}}}}}, "u-1");
  }

  testing::ManualClock clock_;
  testing::FixedRng rng_{~0ull};  // the longest pauses
  testing::RecordingLog log_;
  testing::RecordingMetrics metrics_;
  std::shared_ptr<Executor> executor_ = InlineExecutor();
  std::deque<HeldAllocator::Call> a_, b_;
  std::unique_ptr<Allocator> allocator_;
  std::optional<StatusOr<Allocation>> outcome_;
};

TEST_F(FailoverAllocatorTest, AnAnswerIsHandedOn) {
  Begin({.ns = "games"});
  ASSERT_EQ(a_.size(), 1u);
  EXPECT_EQ(a_[0].request.ns, "games");
  EXPECT_EQ(a_[0].options.timeout, Duration(30s));
  Answer(a_, Allocation{.game_server = "gs"});
  ASSERT_TRUE(outcome_);
  ASSERT_THAT(*outcome_, IsOk());
  EXPECT_EQ((*outcome_)->game_server, "gs");
}

TEST_F(FailoverAllocatorTest, ACallThatWasNotSentGoesToTheNextEndpointAtOnce) {
  Begin();
  Answer(a_, Refused());
  ASSERT_EQ(b_.size(), 1u);
  Answer(b_, Allocation{.game_server = "gs"});
  EXPECT_THAT(*outcome_, IsOk());
  EXPECT_EQ(metrics_.Value("gsh_allocator_failovers_total{endpoint=a:1}"), 1);
}

TEST_F(FailoverAllocatorTest, RoundsArePausedBetween) {
  Make({.failure_threshold = 100}, {.max_attempts = 3, .initial_backoff = 100ms});
  Begin();
  for (const Duration pause : {100ms, 200ms}) {
    Answer(a_, Refused());
    Answer(b_, Refused());
    EXPECT_FALSE(outcome_);
    clock_.Advance(pause - 1ms);
    EXPECT_TRUE(a_.empty());
    clock_.Advance(1ms);
    ASSERT_EQ(a_.size(), 1u);
  }
  Answer(a_, Refused());
  Answer(b_, Refused());
  ASSERT_TRUE(outcome_);
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kUnavailable, "connection refused"));
  const ErrorInfo* info = outcome_->status().info();
  EXPECT_EQ(info->attempts, 6);
  EXPECT_EQ(info->elapsed, Duration(300ms));
  EXPECT_EQ(info->retry_stop, RetryStop::kExhausted);
  EXPECT_TRUE(SurelyNothingTaken(outcome_->status()));
}

TEST_F(FailoverAllocatorTest, WithoutIdentityAnUnclearCallIsNotRepeated) {
  Begin();
  Answer(a_, Lost());
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->status().info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_TRUE(b_.empty());
}

TEST_F(FailoverAllocatorTest, WithIdentityItIsRepeatedElsewhereWhenItIsOver) {
  Begin(Identified());
  EXPECT_EQ(a_[0].options.timeout, Duration(5s));  // there is another one to ask
  Answer(a_, Lost());
  clock_.Advance(2s - 1ns);
  EXPECT_TRUE(b_.empty());
  clock_.Advance(1ns);
  ASSERT_EQ(b_.size(), 1u);
  Answer(b_, Allocation{.game_server = "gs"});
  EXPECT_THAT(*outcome_, IsOk());
}

TEST_F(FailoverAllocatorTest, AnUnclearCallDoesNotEndAsIfNothingWereTaken) {
  Make({}, {.max_attempts = 2});
  Begin(Identified());
  Answer(a_, Lost());
  clock_.Advance(2s);
  Answer(b_, Refused());
  ASSERT_TRUE(outcome_);
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kUnavailable, "connection lost"));
  EXPECT_FALSE(SurelyNothingTaken(outcome_->status()));
}

TEST_F(FailoverAllocatorTest, OfWeightedClustersNoUnclearCallIsRepeated) {
  AllocationRequest request = Identified();
  request.multicluster = true;
  Begin(request);
  Answer(a_, Lost());
  EXPECT_TRUE(outcome_);
}

TEST_F(FailoverAllocatorTest, TheWholeCallsDeadlineBoundsPausesAndAttempts) {
  Begin(Identified(), {.timeout = 3s});
  EXPECT_EQ(a_[0].options.timeout, Duration(3s));
  clock_.Advance(1500ms);
  Answer(a_, Lost());
  ASSERT_TRUE(outcome_);  // 1.5 s are left, the pause is 2 s
  EXPECT_EQ(outcome_->status().info()->retry_stop, RetryStop::kDeadline);
  EXPECT_FALSE(SurelyNothingTaken(outcome_->status()));
}

TEST_F(FailoverAllocatorTest, AClosedOffEndpointGetsNoCallsUntilItsProbe) {
  Make({.failure_threshold = 1, .open_time = 1s});
  Begin();
  Answer(a_, Refused());
  Answer(b_, Allocation{});
  EXPECT_EQ(metrics_.Value("gsh_allocator_endpoint_closed_off{endpoint=a:1}"), 1);
  EXPECT_EQ(log_.Count("allocator endpoint is closed off endpoint=a:1"), 1);
  Begin();
  EXPECT_TRUE(a_.empty());
  Answer(b_, Allocation{});
  clock_.Advance(1s);
  Begin();
  Answer(a_, Allocation{});
  EXPECT_THAT(*outcome_, IsOk());
  EXPECT_EQ(metrics_.Value("gsh_allocator_endpoint_closed_off{endpoint=a:1}"), 0);
  EXPECT_EQ(log_.Count("allocator endpoint is back endpoint=a:1"), 1);
}

TEST_F(FailoverAllocatorTest, NoServerInOneClusterAsksTheNext) {
  Make({.separate_clusters = true});
  Begin();
  Answer(a_, ResourceExhaustedError("there is no available GameServer to allocate"));
  Answer(b_, Refused());
  ASSERT_TRUE(outcome_);  // what is known counts more than what is not
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kResourceExhausted));
}

TEST_F(FailoverAllocatorTest, TheCallersStopReachesTheAttempt) {
  std::stop_source stop;
  Begin({}, {.stop = stop.get_token()});
  stop.request_stop();
  EXPECT_TRUE(a_[0].options.stop.stop_requested());
  Answer(a_, CancelledError("the caller gave up"));
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kCancelled));
  EXPECT_TRUE(b_.empty());
}

TEST_F(FailoverAllocatorTest, TheCallersStopEndsAPause) {
  std::stop_source stop;
  Begin({}, {.stop = stop.get_token()});
  Answer(a_, AbortedError("busy"));
  EXPECT_EQ(clock_.pending(), 1u);
  stop.request_stop();
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(FailoverAllocatorTest, DestructionCancelsAttemptsAndPauses) {
  Begin();
  allocator_.reset();
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kCancelled));
  EXPECT_TRUE(a_.empty());
  Make({});
  Begin();
  Answer(a_, AbortedError("busy"));
  allocator_.reset();
  EXPECT_THAT(*outcome_, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(FailoverAllocatorTest, MayBeDestroyedFromACallback) {
  allocator_->AllocateAsync({}, {}, [this](const StatusOr<Allocation>&) { allocator_.reset(); });
  Answer(a_, Allocation{});
  EXPECT_EQ(allocator_, nullptr);
}

TEST_F(FailoverAllocatorTest, CallbacksRunOnTheCallsExecutor) {
  const auto manual = std::make_shared<ManualExecutor>();
  Begin({}, {.executor = manual});
  Answer(a_, Allocation{});
  EXPECT_FALSE(outcome_);
  manual->RunPending();
  EXPECT_TRUE(outcome_);
  Begin({}, {.executor = manual});
  allocator_.reset();
  EXPECT_FALSE(outcome_);  // destroyed unrun
}

TEST(MakeFailoverAllocator, NamesEveryMistake) {
  std::deque<HeldAllocator::Call> calls;
  std::vector<AllocatorEndpoint> endpoints;
  endpoints.push_back({"a:1", std::make_unique<HeldAllocator>(calls)});
  endpoints.push_back({"a:1", nullptr});
  EXPECT_THAT(MakeFailoverAllocator(std::move(endpoints),
                                    {.failure_threshold = 0,
                                     .open_time = 2s,
                                     .max_open_time = 1s,
                                     .latency_memory = 0s,
                                     .attempt_timeout = -1s,
                                     .unclear_pause = -1s},
                                    {.retry = {.max_attempts = 0}}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("a:1 is null"), HasSubstr("a:1 is there twice"),
                             HasSubstr("failure_threshold"), HasSubstr("max_open_time"),
                             HasSubstr("latency_memory"), HasSubstr("attempt_timeout"),
                             HasSubstr("unclear_pause"), HasSubstr("retry.max_attempts"))));
  EXPECT_THAT(MakeFailoverAllocator({}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("endpoints is empty")));
}

}  // namespace
}  // namespace gsh::agones
