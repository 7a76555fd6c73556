// Calls whose attempts know of each other, and the time of each attempt.
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/http/client/client_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Numbers the attempts, refuses answers that say "no", and repeats what fails if told to.
class CountingHooks final : public CallHooks {
 public:
  void Prepare(std::shared_ptr<ClientRequest> request, std::function<void(Status)> done) override {
    request->headers.emplace_back("X-Attempt", std::to_string(++attempts_));
    if (!endpoint_.empty()) request->endpoint = endpoint_;
    done(refuse_to_prepare_ ? FailedPreconditionError("no ticket") : OkStatus());
  }
  Status StatusOf(const ClientResponse& response) override {
    return response.body == "no" ? FailedPreconditionError("it said no") : OkStatus();
  }
  void OnFailure(const Status&, const ClientResponse& answer, rpc::FailedAttempt& failed) override {
    codes_.push_back(answer.code);
    if (!repeat_) return;
    failed.transient = true;
    failed.may_repeat = true;
    failed.push_back = rpc::PushBack{};
  }

  std::string endpoint_;
  bool refuse_to_prepare_ = false;
  bool repeat_ = false;
  int attempts_ = 0;
  std::vector<int> codes_;  // of the answers of failed attempts
};

class CallHooksTest : public ::testing::Test {
 protected:
  // The traits that hooks stand in for: they must not be asked.
  static ClientTraits Unasked() {
    return {.prepare = [](auto, auto done) { done(InternalError("the traits were asked")); },
            .status_of = [](const auto&) { return InternalError("the traits were asked"); }};
  }
  Answer Ask(const std::string& endpoint, const rpc::Method& method = kCreate) {
    return Send(*Make(OptionsFor(endpoint), Unasked()), {.method = "POST", .hooks = hooks_},
                method);
  }
  // Answers `bodies`, one each, then "yes"; remembers the number of each attempt.
  void Serve(RawConnection& connection, const std::vector<std::string>& bodies) {
    for (std::string request; !(request = connection.ReadRequest()).empty();) {
      const std::size_t number = request.find("X-Attempt: ");
      std::lock_guard lock(mutex_);
      seen_.push_back(number == request.npos ? "none" : request.substr(number + 11, 1));
      connection.Answer(seen_.size() <= bodies.size() ? bodies[seen_.size() - 1] : "yes");
    }
  }

  std::vector<std::string> Seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }

  const std::shared_ptr<CountingHooks> hooks_ = std::make_shared<CountingHooks>();
  std::mutex mutex_;
  std::vector<std::string> seen_;
};

TEST_F(CallHooksTest, StandInForTheTraitsInEachAttempt) {
  const RawServer server([this](RawConnection& connection) { Serve(connection, {"no", "no"}); });
  hooks_->repeat_ = true;  // although the method may not be
  const Answer answer = Ask(server.endpoint());
  EXPECT_THAT(answer.status, IsOk());
  EXPECT_EQ(answer.response.body, "yes");
  EXPECT_THAT(Seen(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(hooks_->codes_, ElementsAre(200, 200));
}

TEST_F(CallHooksTest, WithoutAWishOfTheirsTheRulesHold) {
  const RawServer server([this](RawConnection& connection) { Serve(connection, {"no"}); });
  const Answer answer = Ask(server.endpoint());
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kFailedPrecondition, "it said no"));
  EXPECT_EQ(answer.status.info()->retry_stop, RetryStop::kPermanent);
  EXPECT_THAT(Seen(), ElementsAre("1"));
}

TEST_F(CallHooksTest, SayWhereTheCallGoes) {
  const RawServer server([this](RawConnection& connection) { Serve(connection, {"no"}); });
  hooks_->endpoint_ = server.endpoint();
  const Answer answer = Ask("192.0.2.1:1");
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(answer.status.info()->peer, server.endpoint());
}

TEST_F(CallHooksTest, HearOfAttemptsThatGotNoAnswer) {
  const RawServer server([](RawConnection& connection) { connection.ReadRequest(); });
  EXPECT_THAT(Ask(server.endpoint(), kGet).status, StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(hooks_->codes_, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(hooks_->attempts_, 4);
}

TEST_F(CallHooksTest, WhatTheyDoNotPrepareIsNotSent) {
  const RawServer server([this](RawConnection& connection) { Serve(connection, {}); });
  hooks_->refuse_to_prepare_ = true;
  EXPECT_THAT(Ask(server.endpoint()).status,
              StatusIs(StatusCode::kFailedPrecondition, "no ticket"));
  EXPECT_THAT(hooks_->codes_, ElementsAre(0));
  EXPECT_EQ(server.connections(), 0);
}

// Never answers the first request.
class AttemptTimeTest : public ::testing::Test {
 protected:
  Answer Ask(Duration of_the_traits, Duration of_the_request, Duration of_the_call = seconds(20)) {
    ClientTraits traits{.attempt_timeout = of_the_traits};
    traits.retry.is_transient = [](const Status& status) {
      return status.code() == StatusCode::kDeadlineExceeded;
    };
    return Send(*Make(OptionsFor(server_.endpoint()), traits), {.attempt_timeout = of_the_request},
                kGet, {.timeout = of_the_call});
  }

  std::atomic<int> requests_ = 0;
  const RawServer server_{[this](RawConnection& connection) {
    connection.ReadRequest();
    if (++requests_ <= 1) return connection.WaitForClose();
    connection.Answer("at last");
  }};
};

TEST_F(AttemptTimeTest, EndsTheAttemptAndNotTheCall) {
  EXPECT_EQ(Ask(milliseconds(100), Duration(0)).response.body, "at last");
  EXPECT_EQ(requests_, 2);
}

TEST_F(AttemptTimeTest, TheRequestsOwnComesBeforeTheTraits) {
  EXPECT_EQ(Ask(hours(1), milliseconds(100)).response.body, "at last");
  EXPECT_EQ(requests_, 2);
}

TEST_F(AttemptTimeTest, TheCallsTimeBoundsAllAttempts) {
  const Answer answer = Ask(hours(1), hours(2), milliseconds(100));
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(answer.status.info()->retry_stop, RetryStop::kDeadline);
  EXPECT_EQ(requests_, 1);
}

TEST_F(AttemptTimeTest, LessThanAMillisecondIsOneNotNone) {
  requests_ = -1000;  // answers none of them
  const Answer answer = Ask(Duration(1), Duration(0));
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kDeadlineExceeded, HasSubstr("timed out")));
  EXPECT_EQ(answer.status.info()->attempts, 4);
}

}  // namespace
}  // namespace gsh::http
