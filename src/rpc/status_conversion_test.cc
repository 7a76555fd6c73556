#include "src/rpc/status_conversion.h"

#include <gtest/gtest.h>

#include <string>

namespace gsh::rpc {
namespace {

TEST(FromGrpc, KeepsEveryCodeOfTheEnum) {
  for (int code = 1; code <= 16; ++code) {
    const Status status = FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(code), "text"));
    EXPECT_EQ(static_cast<int>(status.code()), code);
    EXPECT_EQ(status.message(), "text");
    EXPECT_EQ(static_cast<int>(ToGrpc(status).error_code()), code);
    EXPECT_EQ(ToGrpc(status).error_message(), "text");
  }
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  EXPECT_TRUE(ToGrpc(OkStatus()).ok());
}

// As gRPC makes it of whatever number a service sends.
grpc::Status WithCode(int code, const std::string& message) {
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the subject of the test.
  return {static_cast<grpc::StatusCode>(code), message};
}

TEST(FromGrpc, CodesOutsideTheEnumAreNamed) {
  const Status invalid = FromGrpc(WithCode(422, "bad label"));
  EXPECT_EQ(invalid.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(invalid.info()->name, "422");
  const Status unknown = FromGrpc(WithCode(503, "busy"));
  EXPECT_EQ(unknown.code(), StatusCode::kUnknown);
  EXPECT_EQ(unknown.info()->name, "503");
}

TEST(CodeLabel, IsNameOrNumber) {
  EXPECT_EQ(CodeLabel(0), "OK");
  EXPECT_EQ(CodeLabel(5), "NOT_FOUND");
  EXPECT_EQ(CodeLabel(422), "422");
  EXPECT_EQ(CodeLabel(-1), "-1");
}

}  // namespace
}  // namespace gsh::rpc
