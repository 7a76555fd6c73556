#include "src/testing/sandbox/faults/fault_injector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using When = SandboxFault::When;

SandboxFault Fault(std::string method, When when, int times) {
  return {.method = std::move(method),
          .when = when,
          .status = UnavailableError("injected"),
          .delay = std::chrono::milliseconds(5),
          .times = times};
}

TEST(FaultInjectorTest, HitsTheNamedMethodAndMomentAsOftenAsAsked) {
  FaultInjector faults;
  EXPECT_FALSE(faults.armed());
  faults.Inject(Fault("CreateTicket", When::kAfter, 2));
  EXPECT_TRUE(faults.armed());
  EXPECT_FALSE(faults.Next("GetTicket", When::kAfter));
  EXPECT_FALSE(faults.Next("CreateTicket", When::kBefore));

  const auto first = faults.Next("CreateTicket", When::kAfter);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->delay, std::chrono::milliseconds(5));
  EXPECT_THAT(first->status, gsh::testing::StatusIs(StatusCode::kUnavailable, "injected"));
  EXPECT_TRUE(faults.Next("CreateTicket", When::kAfter));
  EXPECT_FALSE(faults.Next("CreateTicket", When::kAfter));
  EXPECT_FALSE(faults.armed());
}

TEST(FaultInjectorTest, AnEmptyMethodMeansEveryOne) {
  FaultInjector faults;
  faults.Inject(Fault("", When::kBefore, 1));
  EXPECT_TRUE(faults.Next("Allocate", When::kBefore));
  EXPECT_FALSE(faults.Next("Allocate", When::kBefore));
}

TEST(FaultInjectorTest, MinusOneLastsUntilCleared) {
  FaultInjector faults;
  faults.Inject(Fault("Allocate", When::kBefore, -1));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(faults.Next("Allocate", When::kBefore));
  faults.Clear();
  EXPECT_FALSE(faults.Next("Allocate", When::kBefore));
}

TEST(FaultInjectorTest, OldestFirstAndZeroTimesIsNothing) {
  FaultInjector faults;
  faults.Inject(Fault("M", When::kBefore, 0));
  EXPECT_FALSE(faults.armed());
  SandboxFault first = Fault("M", When::kBefore, 1);
  first.status = NotFoundError("first");
  faults.Inject(first);
  faults.Inject(Fault("M", When::kBefore, 1));
  EXPECT_EQ(faults.Next("M", When::kBefore)->status.code(), StatusCode::kNotFound);
  EXPECT_EQ(faults.Next("M", When::kBefore)->status.code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace gsh::sandbox
