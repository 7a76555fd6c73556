#include "src/agones/wire/wire_status.h"

#include <gtest/gtest.h>

#include <string>

namespace gsh::agones {
namespace {

grpc::Status Wire(int code, const std::string& text) {
  return grpc::Status(static_cast<grpc::StatusCode>(code), text);
}

TEST(AllocatorStatus, OkStaysOk) { EXPECT_TRUE(AllocatorStatus(grpc::Status::OK).ok()); }

TEST(AllocatorStatus, UpdateConflictIsContention) {
  EXPECT_EQ(AllocatorStatus(Wire(2, "could not update the selected GameServer")).code(),
            StatusCode::kAborted);
  EXPECT_EQ(AllocatorStatus(Wire(2, "rpc error: The Gameserver was already allocated")).code(),
            StatusCode::kAborted);
}

TEST(AllocatorStatus, MissingPolicyStaysUnknown) {
  const Status status = AllocatorStatus(Wire(2, "no multi-cluster allocation policy is specified"));
  EXPECT_EQ(status.code(), StatusCode::kUnknown);
  EXPECT_EQ(status.message(), "no multi-cluster allocation policy is specified");
}

TEST(AllocatorStatus, HttpCodeOutsideTheEnum) {
  const Status status = AllocatorStatus(Wire(422, "invalid label"));
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  ASSERT_NE(status.info(), nullptr);
  EXPECT_EQ(status.info()->name, "422");
  EXPECT_EQ(AllocatorStatus(Wire(500, "")).code(), StatusCode::kUnknown);
}

TEST(AllocatorStatus, OthersKeepTheirCode) {
  EXPECT_EQ(AllocatorStatus(Wire(8, "no server")).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(AllocatorStatus(Wire(14, "could not update the selected GameServer")).code(),
            StatusCode::kUnavailable);
}

struct SdkText {
  std::string name;
  std::string text;
  StatusCode code;
};

class SdkStatusTexts : public ::testing::TestWithParam<SdkText> {};

TEST_P(SdkStatusTexts, BecomeTheCodeThatTheProtosPromise) {
  const auto& [name, text, code] = GetParam();
  const Status status = SdkStatus(Wire(2, text));
  EXPECT_EQ(status.code(), code) << text;
  EXPECT_EQ(status.message(), text);
}

INSTANTIATE_TEST_SUITE_P(
    SideCar, SdkStatusTexts,
    ::testing::Values(
        SdkText{"NoCounter", "counter not found: rooms", StatusCode::kNotFound},
        SdkText{"NoList", "list not found: players", StatusCode::kNotFound},
        SdkText{"NoListOfPlayers", "not found. players List not found", StatusCode::kNotFound},
        SdkText{"NoValue", "not found: value a not in list b", StatusCode::kNotFound},
        SdkText{"OutOfRange",
                "out of range. Count must be within range [0,Capacity]. "
                "Found Count: 9, Capacity: 8",
                StatusCode::kOutOfRange},
        SdkText{"ValueTwice", "already exists. Value: a already in List: b",
                StatusCode::kAlreadyExists},
        SdkText{"Malformed", "invalid argument. Malformed CounterUpdateRequest: x",
                StatusCode::kInvalidArgument},
        SdkText{"Full", "players are already at capacity", StatusCode::kResourceExhausted},
        SdkText{"NotEnabled", "PlayerTracking not enabled", StatusCode::kUnimplemented},
        SdkText{"ListOutOfRange", "list out of range. x", StatusCode::kUnknown},
        SdkText{"Other", "something else", StatusCode::kUnknown}),
    [](const auto& test) { return test.param.name; });

TEST(SdkStatus, TextOfOtherCodesIsNotLookedAt) {
  EXPECT_EQ(SdkStatus(Wire(14, "not found: x")).code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace gsh::agones
