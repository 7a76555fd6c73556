// What options may say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/matchers.h"
#include "src/rpc/common/client_base.h"

namespace gsh::rpc {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

TEST(CheckClientOptions, NamesEveryMistake) {
  ClientOptions options{
      .endpoint = "nowhere",
      .tls = {.cert_file = "c"},
      .retry = {.max_attempts = 0, .initial_backoff = std::chrono::seconds(9), .budget = -1},
      .timeout = -std::chrono::seconds(1),
      .max_message_bytes = 0};
  const Status status = CheckClientOptions(options);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  for (const char* name : {"endpoint", "nowhere", "key_file", "max_attempts", "max_backoff",
                           "retry.budget", "timeout", "max_message_bytes"}) {
    EXPECT_THAT(status.message(), HasSubstr(name));
  }
}

TEST(CheckClientOptions, EndpointForms) {
  for (const char* endpoint : {"localhost:50504", "10.0.0.1:1", "[::1]:65535", "a-b.c.svc:443"}) {
    EXPECT_THAT(CheckClientOptions({.endpoint = endpoint}), IsOk()) << endpoint;
  }
  for (const char* endpoint : {"", "host", ":1", "host:", "host:0", "host:65536", "host:1x",
                               "::1:5", "http://host:1", "host:1:2", "ho st:1"}) {
    EXPECT_FALSE(CheckClientOptions({.endpoint = endpoint}).ok()) << endpoint;
  }
}

}  // namespace
}  // namespace gsh::rpc
