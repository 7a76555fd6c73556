// What gsh::aws costs a process that only claims and heart-beats over TLS: libraries, and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "gsh/testing/matchers.h"
#include "src/http/server.h"
#include "src/http/server_tls_files.h"
#include "src/testing/certificates.h"
#include "src/testing/sanitized.h"
#include "src/testing/temporary_directory.h"
#include "tests/footprint/program.h"

namespace gsh {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kMostPrivateKilobytes = 6 * 1024;
constexpr int kMostKilobytes = 20 * 1024;

class AwsFootprintTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto authority = testing::CertificateAuthority::Make("test");
    ASSERT_THAT(authority, testing::IsOk());
    const auto server = authority->IssueServer({"127.0.0.1"});
    ASSERT_THAT(server, testing::IsOk());
    const std::string cert = dir_.File("tls.crt"), key = dir_.File("tls.key");
    ASSERT_THAT(server->Write(cert, key), testing::IsOk());
    // As big as what a process reads in earnest: the system's authorities, and ours.
    std::ofstream bundle(dir_.File("ca.crt"));
    if (std::ifstream system("/etc/ssl/certs/ca-certificates.crt"); system)
      bundle << system.rdbuf();
    bundle << authority->cert_pem();
    ASSERT_TRUE(bundle.flush());
    auto tls = http::ServerTlsFiles::Open({.cert_file = cert, .key_file = key});
    ASSERT_THAT(tls, testing::IsOk());
    auto started = http::Server::Start(
        {.address = "127.0.0.1:0",
         .handler = [this](const http::Request& request) { return Answer(request); },
         .tls = [tls = *std::move(tls)] { return tls->Context(); }});
    ASSERT_THAT(started, testing::IsOk());
    fleetiq_ = *std::move(started);
    setenv("AWS_ENDPOINT_URL_GAMELIFT",
           ("https://127.0.0.1:" + std::to_string(fleetiq_->port())).c_str(), 1);
    setenv("AWS_CA_BUNDLE", dir_.File("ca.crt").c_str(), 1);
    setenv("AWS_REGION", "us-east-1", 1);
    setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("HOME", dir_.string().c_str(), 1);
  }

  http::Response Answer(const http::Request& request) {
    const std::string* const target = request.FindHeader("X-Amz-Target");
    if (target == nullptr) return {.code = 400};
    claims_ += *target == "GameLift.ClaimGameServer";
    updates_ += *target == "GameLift.UpdateGameServer";
    return {.content_type = "application/x-amz-json-1.1",
            .body = R"({"GameServer":{"GameServerGroupName":"my-group","GameServerId":"server-1",
                "InstanceId":"i-0123456789abcdef0","ConnectionInfo":"192.0.2.1:7777",
                "ClaimStatus":"CLAIMED","UtilizationStatus":"UTILIZED"}})"};
  }

  const testing::TemporaryDirectory dir_;
  std::atomic<int> claims_ = 0;
  std::atomic<int> updates_ = 0;
  std::unique_ptr<http::Server> fleetiq_;
};

TEST_F(AwsFootprintTest, NeitherGrpcNorProtobufIsLoaded) {
  const std::string printed = OutputOf(GSH_AWS_CLIENT);
  EXPECT_EQ(claims_, 1);
  EXPECT_GE(updates_, 200);
  EXPECT_THAT(printed, HasSubstr("libcurl"));
  EXPECT_THAT(printed, AllOf(Not(HasSubstr("libgrpc")), Not(HasSubstr("libprotobuf")),
                             Not(HasSubstr("libabsl")), Not(HasSubstr("libupb"))));
}

TEST_F(AwsFootprintTest, StaysBelowSixMegabytesOfItsOwn) {
  if (testing::kSanitized) GTEST_SKIP() << "a sanitizer's memory is not the library's";
  const std::string printed = OutputOf(GSH_AWS_CLIENT);
  const int own = Kilobytes(printed, "RssAnon:");
  const int all = Kilobytes(printed, "VmRSS:");
  std::printf("RssAnon: %d KB, VmRSS: %d KB\n", own, all);
  RecordProperty("rss_anon_kilobytes", own);
  RecordProperty("vm_rss_kilobytes", all);
  ASSERT_GT(own, 0);
  ASSERT_GT(all, own);
  EXPECT_LT(own, kMostPrivateKilobytes);
  EXPECT_LT(all, kMostKilobytes);
}

}  // namespace
}  // namespace gsh
