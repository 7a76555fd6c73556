#include "gsh/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "gsh/testing/matchers.h"

namespace gsh {
namespace {

using testing::IsOk;
using testing::StatusIs;

TEST(StatusTest, DefaultIsOkAndHasNoMessage) {
  Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.ToString(), "OK");
}

TEST(StatusTest, AnOkCodeDropsTheMessage) {
  EXPECT_THAT(Status(StatusCode::kOk, "ignored"), IsOk());
}

TEST(StatusTest, ToStringNamesCallPeerAttemptsAndWhyItStopped) {
  const Status status(StatusCode::kUnavailable, "connection refused",
                      {.service = "openmatch.FrontendService",
                       .operation = "GetTicket",
                       .peer = "om:50504",
                       .attempts = 3,
                       .elapsed = std::chrono::milliseconds(1500),
                       .name = "",
                       .retry_stop = RetryStop::kExhausted});
  EXPECT_EQ(status.ToString(),
            "UNAVAILABLE: connection refused (openmatch.FrontendService.GetTicket at om:50504, 3 "
            "attempts "
            "in 1.5 s, not retried: attempts used up)");
}

TEST(StatusTest, ContextKeepsCodeAndInfo) {
  const Status status(StatusCode::kNotFound, "no ticket t1", {.service = "S", .operation = "O"});
  const Status outer = status.WithContext("match m1");
  EXPECT_THAT(outer, StatusIs(StatusCode::kNotFound, "match m1: no ticket t1"));
  ASSERT_NE(outer.info(), nullptr);
  EXPECT_EQ(outer.info()->operation, "O");
  EXPECT_THAT(Status().WithContext("x"), IsOk());
}

TEST(StatusOrTest, HoldsMoveOnlyValues) {
  StatusOr<std::unique_ptr<int>> result(std::make_unique<int>(7));
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(*std::move(result).value(), 7);
}

TEST(StatusOrTest, AnOkStatusIsABug) {
  EXPECT_THAT(StatusOr<int>(Status()), StatusIs(StatusCode::kInternal));
}

TEST(StatusOrDeathTest, ReadingTheValueOfAnErrorEndsTheProcessAndSaysWhy) {
  StatusOr<int> result(NotFoundError("no such ticket"));
  EXPECT_DEATH((void)*result, "no such ticket");
}

}  // namespace
}  // namespace gsh
