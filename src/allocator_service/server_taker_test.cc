#include "src/allocator_service/server_taker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/agones/match_annotation.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::allocator_service {
namespace {

using agones::Allocation;
using agones::AllocationRequest;
using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::seconds;

const Allocation kServer{.game_server = "gs", .ports = {{"default", 7000}}, .address = "h"};

// Keeps what it is asked, and answers what it is told to, at once.
class ScriptedAllocator final : public agones::Allocator {
 public:
  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    requests.push_back(std::move(request));
    timeouts.push_back(options.timeout.value_or(Duration::zero()));
    if (answers.empty()) {
      waiting = std::move(done);
      stop_callback.emplace(options.stop, [this] {
        if (const auto cancelled = std::exchange(waiting, nullptr)) {
          cancelled(CancelledError("stopped"));
        }
      });
      return;
    }
    StatusOr<Allocation> answer = std::move(answers.front());
    answers.pop_front();
    done(std::move(answer));
  }

  std::vector<AllocationRequest> requests;
  std::vector<Duration> timeouts;
  std::deque<StatusOr<Allocation>> answers;
  std::function<void(StatusOr<Allocation>)> waiting;
  std::optional<std::stop_callback<std::function<void()>>> stop_callback;
};

std::string IdentityOf(const AllocationRequest& request) {
  const auto& labels = request.selectors.front().match_labels;
  const auto found = labels.find(agones::kAllocationLabel);
  return found == labels.end() ? "" : found->second;
}

class ServerTakerTest : public ::testing::Test {
 protected:
  void Take(AllocationRequest request = {.selectors = {{.match_labels = {{"region", "eu"}}}}}) {
    taker_->Take(std::move(request), [this](StatusOr<Allocation> answer) {
      ++answers_;
      answer_ = std::move(answer);
    });
  }
  bool IsGiveBack(const AllocationRequest& request) {
    return request.annotations.contains(agones::kReleaseAnnotation) &&
           request.annotations.at(agones::kReleaseAnnotation) == "true";
  }

  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  gsh::testing::RecordingLog log_;
  ScriptedAllocator allocator_;
  std::optional<ServerTaker> taker_{
      std::in_place, allocator_,
      ServerTakerOptions{.timeout = seconds(10), .clock = &clock_, .rng = &rng_, .log = &log_}};
  int answers_ = 0;
  StatusOr<Allocation> answer_ = UnknownError("none");
};

TEST_F(ServerTakerTest, EachHasAnIdentityOfItsOwn) {
  allocator_.answers = {kServer, kServer};
  Take();
  EXPECT_THAT(answer_, IsOk());
  Take();
  ASSERT_EQ(allocator_.requests.size(), 2u);
  EXPECT_NE(IdentityOf(allocator_.requests[0]), "");
  EXPECT_NE(IdentityOf(allocator_.requests[0]), IdentityOf(allocator_.requests[1]));
  EXPECT_EQ(allocator_.requests[0].selectors.at(1).match_labels.at("region"), "eu");
}

TEST_F(ServerTakerTest, AnUnclearFailureIsRepeatedWithTheSameIdentity) {
  allocator_.answers = {UnavailableError("the connection broke"), kServer};
  Take();
  EXPECT_EQ(answers_, 0);
  clock_.Advance(seconds(2));
  EXPECT_THAT(answer_, IsOk());
  ASSERT_EQ(allocator_.requests.size(), 2u);
  EXPECT_EQ(IdentityOf(allocator_.requests[0]), IdentityOf(allocator_.requests[1]));
  EXPECT_EQ(allocator_.timeouts[1], seconds(8)) << "what is left of the ten";
}

TEST_F(ServerTakerTest, NoServerIsSaidAtOnce) {
  allocator_.answers = {ResourceExhaustedError("none")};
  Take();
  EXPECT_THAT(answer_, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(clock_.pending(), 0u);
  EXPECT_EQ(allocator_.requests.size(), 1u);
}

TEST_F(ServerTakerTest, ContentionIsTriedAgainSoon) {
  allocator_.answers = {AbortedError("contention"), kServer};
  Take();
  clock_.Advance(std::chrono::milliseconds(100));
  EXPECT_THAT(answer_, IsOk());
}

TEST_F(ServerTakerTest, WhatMayHaveBeenTakenIsGivenBack) {
  const Status broken = UnavailableError("the connection broke");
  allocator_.answers = {broken, broken, broken, kServer};
  Take();
  clock_.Advance(seconds(2));
  clock_.Advance(seconds(2));
  EXPECT_THAT(answer_, StatusIs(StatusCode::kUnavailable));
  ASSERT_EQ(allocator_.requests.size(), 3u);
  clock_.Advance(seconds(2));
  ASSERT_EQ(allocator_.requests.size(), 4u);
  EXPECT_TRUE(IsGiveBack(allocator_.requests[3]));
  EXPECT_EQ(IdentityOf(allocator_.requests[3]), IdentityOf(allocator_.requests[0]));
  EXPECT_EQ(log_.Count("given_back=gs"), 1);
  EXPECT_EQ(answers_, 1);
}

TEST_F(ServerTakerTest, NoRepeatThatCannotEndInTime) {
  taker_.emplace(allocator_,
                 ServerTakerOptions{.timeout = seconds(2), .clock = &clock_, .rng = &rng_});
  allocator_.answers = {UnavailableError("x"), ResourceExhaustedError("none")};
  Take();
  EXPECT_THAT(answer_, StatusIs(StatusCode::kUnavailable));
}

TEST_F(ServerTakerTest, AServerWithoutAddressIsOfNoUse) {
  Allocation nowhere = kServer;
  nowhere.address.clear();
  allocator_.answers = {nowhere, kServer};
  Take();
  EXPECT_THAT(answer_, StatusIs(StatusCode::kFailedPrecondition));
  clock_.Advance(seconds(0));
  ASSERT_EQ(allocator_.requests.size(), 2u);
  EXPECT_TRUE(IsGiveBack(allocator_.requests[1]));
}

TEST_F(ServerTakerTest, DestructionCancels) {
  Take();
  taker_.reset();
  EXPECT_THAT(answer_, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(answers_, 1);
}

}  // namespace
}  // namespace gsh::allocator_service
