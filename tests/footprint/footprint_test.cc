// Two game servers, one with the SDK over HTTP and one without: what the SDK adds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "src/http/server.h"
#include "src/testing/sanitized.h"
#include "tests/footprint/program.h"

namespace gsh {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kMostKilobytes = 2048;

class FootprintTest : public ::testing::Test {
 protected:
  void SetUp() override {
    http::ServerOptions options;
    options.address = "127.0.0.1:0";
    options.handler = [](const http::Request& request) {
      const std::string server = R"({"object_meta":{"name":"gs"},"status":{"state":"Ready"}})";
      if (request.path == "/gameserver") return http::Response{.body = server};
      if (request.path != "/watch/gameserver") return http::Response{.body = "{}"};
      http::Response watch;
      watch.stream = std::make_shared<http::BodyStream>();
      watch.stream->Write("{\"result\":" + server + "}\n");
      return watch;
    };
    auto started = http::Server::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    side_car_ = *std::move(started);
    setenv("AGONES_SDK_HTTP_PORT", std::to_string(side_car_->port()).c_str(), 1);
  }

  std::unique_ptr<http::Server> side_car_;
};

TEST_F(FootprintTest, NeitherGrpcNorProtobufIsLoaded) {
  const std::string printed = OutputOf(GSH_REST);
  EXPECT_THAT(printed, HasSubstr("libcurl"));
  EXPECT_THAT(printed, AllOf(Not(HasSubstr("libgrpc")), Not(HasSubstr("libprotobuf")),
                             Not(HasSubstr("libabsl")), Not(HasSubstr("libupb"))));
}

TEST_F(FootprintTest, TheSdkCostsLessThanTwoMegabytes) {
  if (testing::kSanitized) GTEST_SKIP() << "a sanitizer's memory is not the library's";
  const int bare = Kilobytes(OutputOf(GSH_BARE), "RssAnon:");
  const int with_sdk = Kilobytes(OutputOf(GSH_REST), "RssAnon:");
  ASSERT_GT(bare, 0);
  ASSERT_GT(with_sdk, bare);
  RecordProperty("added_kilobytes", with_sdk - bare);
  std::printf("RssAnon: %d KB without, %d KB with the SDK\n", bare, with_sdk);
  EXPECT_LT(with_sdk - bare, kMostKilobytes);
}

}  // namespace
}  // namespace gsh
