#include "src/aws/client/service_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"
#include "src/aws/client/error_names.h"

namespace gsh::aws {
namespace {

using testing::StatusIs;

http::ClientResponse Answer(std::string body, http::Headers headers = {}, int code = 400) {
  return {.code = code, .headers = std::move(headers), .body = std::move(body)};
}

TEST(ReadServiceError, JsonInAllItsShapes) {
  for (const char* body :
       {R"({"__type":"ConflictException","message":"m"})",
        R"({"__type":"com.amazonaws.gamelift#ConflictException","Message":"m"})",
        R"({"code":"ConflictException","message":"m\nsecond line"})",
        R"(  {"Code":"ConflictException:http://internal.amazon.com/x","errorMessage":" m"})"}) {
    const ServiceError error = ReadServiceError(Answer(body));
    EXPECT_EQ(error.name, "ConflictException") << body;
    EXPECT_EQ(error.message, "m") << body;
  }
}

TEST(ReadServiceError, HeadersCountFirst) {
  const ServiceError error = ReadServiceError(Answer(
      R"({"__type":"Other","message":"m"})", {{"X-Amzn-ErrorType", "ThrottlingException:http://x/"},
                                              {"x-amzn-query-error", "Old.Name;Sender"},
                                              {"x-amz-request-id", "id"}}));
  EXPECT_EQ(error.name, "ThrottlingException");
  EXPECT_EQ(error.message, "m");
  EXPECT_EQ(error.request_id, "id");
  EXPECT_EQ(ReadServiceError(Answer("", {{"x-amzn-query-error", "Old.Name;Sender"}})).name,
            "Old.Name");
}

TEST(ReadServiceError, XmlInAllItsShapes) {
  for (const char* body :
       {"<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Throttling</Code><Message>m"
        "</Message></Error><RequestId>id</RequestId></ErrorResponse>",
        "<?xml version=\"1.0\"?>\n<ErrorResponse><Errors><Error><Code>Throttling</Code><Message>m"
        "</Message></Error></Errors><RequestID>id</RequestID></ErrorResponse>",
        "<Response><Errors><Error><Code>Throttling</Code><Message>m</Message></Error></Errors>"
        "<RequestID>id</RequestID></Response>",
        "<Error><Code>Throttling</Code><Message>m</Message><RequestId>id</RequestId></Error>"}) {
    const ServiceError error = ReadServiceError(Answer(body));
    EXPECT_EQ(error.name, "Throttling") << body;
    EXPECT_EQ(error.message, "m") << body;
    EXPECT_EQ(error.request_id, "id") << body;
  }
}

TEST(ReadServiceError, NothingIsTrusted) {
  const ServiceError error = ReadServiceError(
      Answer(R"({"__type":"bad name\u001b[0m","message":")" + std::string(5000, 'x') + R"("})",
             {{"x-amzn-requestid", "<script>"}}));
  EXPECT_EQ(error.name, "");
  EXPECT_EQ(error.request_id, "");
  EXPECT_LT(error.message.size(), 1100u);
  for (const char* body :
       {"", "{", "[]", "{\"__type\":7}", "<html>busy</html>", "<a", "\xff", "{\"a\":{\"b\":{}}"}) {
    EXPECT_EQ(ReadServiceError(Answer(body)).name, "") << body;
  }
  const ServiceError controls =
      ReadServiceError(Answer("{\"__type\":\"A\",\"message\":\"a\\u001b[1mb\\u0007\"}"));
  EXPECT_EQ(controls.message, "a [1mb ");
}

TEST(StatusOfServiceError, FallsBackToTheHttpCode) {
  for (const auto& [code, expected] : {std::pair(400, StatusCode::kInvalidArgument),
                                       {403, StatusCode::kPermissionDenied},
                                       {404, StatusCode::kNotFound},
                                       {429, StatusCode::kResourceExhausted},
                                       {500, StatusCode::kInternal},
                                       {503, StatusCode::kUnavailable},
                                       {307, StatusCode::kUnknown}}) {
    const Status status = StatusOfServiceError(Answer("<html/>", {}, code));
    EXPECT_THAT(status, StatusIs(expected, "HTTP " + std::to_string(code)));
    EXPECT_EQ(status.info()->name, std::to_string(code));
    EXPECT_THAT(StatusOfServiceError(Answer(R"({"__type":"NewKind"})", {}, code)),
                StatusIs(expected, "NewKind"));
  }
}

TEST(ErrorNames, AreSorted) {
  EXPECT_TRUE(IsThrottlingName("ThrottlingException"));
  EXPECT_FALSE(IsThrottlingName("LimitExceededException"));
  EXPECT_TRUE(IsTimeoutName("RequestTimeout"));
  EXPECT_TRUE(IsStaleCredentialsName("ExpiredToken"));
  EXPECT_TRUE(MayBeClockSkewName("RequestTimeTooSkewed"));
  EXPECT_EQ(CodeOfErrorName("AccessDenied"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOfErrorName("AccessDeniedException"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOfErrorName("SlowDown"), StatusCode::kResourceExhausted);
  EXPECT_FALSE(CodeOfErrorName("NewKind").has_value());
  EXPECT_FALSE(CodeOfErrorName("").has_value());
  EXPECT_FALSE(CodeOfErrorName("Exception").has_value());
}

}  // namespace
}  // namespace gsh::aws
