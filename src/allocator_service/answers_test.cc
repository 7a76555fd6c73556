#include "src/allocator_service/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace gsh::allocator_service {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(AnswersTest, TheTutorialsBytes) {
  const agones::Allocation allocation{
      .game_server = "simple-udp-s2snf-765bc",
      .ports = {{"default", 7260}},
      .address = "35.231.204.26",
      .node = "gke-agones-simple-udp-cluste-default-pool-e03a9bde-000f"};
  EXPECT_EQ(AllocatedJson(allocation),
            R"({"status":{"state":"Allocated","ports":[{"name":"default","port":7260}],)"
            R"("address":"35.231.204.26",)"
            R"("nodeName":"gke-agones-simple-udp-cluste-default-pool-e03a9bde-000f"}})");
}

TEST(AnswersTest, SeveralPortsAndOddNames) {
  EXPECT_EQ(AllocatedJson({.ports = {{"a\"b", 1}, {"c", 2}}, .address = "h"}),
            R"({"status":{"state":"Allocated","ports":[{"name":"a\"b","port":1},)"
            R"({"name":"c","port":2}],"address":"h","nodeName":""}})");
}

TEST(AnswersTest, ErrorsAreJsonAndKeepSecrets) {
  const http::Response none = AllocationErrorAnswer(ResourceExhaustedError("x"));
  EXPECT_EQ(none.code, 503);
  EXPECT_EQ(none.body, "{\"error\":\"no game server is available\"}\n");
  EXPECT_THAT(none.headers, Contains(Pair("Retry-After", "1")));
  const http::Response away =
      AllocationErrorAnswer(UnavailableError("allocator.internal:443: /etc/certs/tls.key is bad"));
  EXPECT_EQ(away.code, 502);
  EXPECT_THAT(away.body, Not(HasSubstr("internal")));
  EXPECT_EQ(AllocationErrorAnswer(DeadlineExceededError("x")).code, 504);
  EXPECT_EQ(AllocationErrorAnswer(AbortedError("x")).code, 503);
  EXPECT_EQ(AllocationErrorAnswer(CancelledError("x")).code, 503);
  EXPECT_EQ(AllocationErrorAnswer(InvalidArgumentError("x")).code, 502);
}

TEST(AnswersTest, Logins) {
  const http::Response wrong = LoginAnswer({.verdict = AuthResult::Verdict::kWrong});
  EXPECT_EQ(wrong.code, 401);
  EXPECT_THAT(wrong.headers, Contains(Pair("WWW-Authenticate", HasSubstr("Basic realm="))));
  EXPECT_EQ(LoginAnswer({.verdict = AuthResult::Verdict::kMissing}).code, 401);
  const http::Response limited = LoginAnswer(
      {.verdict = AuthResult::Verdict::kTooManyFailures, .pause = std::chrono::milliseconds(5100)});
  EXPECT_EQ(limited.code, 429);
  EXPECT_THAT(limited.headers, Contains(Pair("Retry-After", "6")));
  EXPECT_EQ(LoginAnswer({.verdict = AuthResult::Verdict::kBusy}).code, 503);
}

}  // namespace
}  // namespace gsh::allocator_service
