#include "src/aws/imds/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"

namespace gsh::aws {
namespace {

using ::gsh::testing::FakeEnv;
using Variables = std::map<std::string, std::string>;
using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string AddressOf(const InstanceMetadataOptions& options, const FakeEnv& env) {
  const auto endpoint = ResolveMetadataEndpoint(options, Sources(env, nullptr));
  return endpoint.ok() ? endpoint->address : endpoint.status().message();
}

TEST(MetadataEndpointTest, OptionsThenEnvironmentThenMode) {
  EXPECT_EQ(AddressOf({}, FakeEnv()), "169.254.169.254:80");
  EXPECT_EQ(AddressOf({.endpoint_mode = "ipv6"}, FakeEnv()), "[fd00:ec2::254]:80");
  const FakeEnv six(Variables{{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}});
  EXPECT_EQ(AddressOf({}, six), "[fd00:ec2::254]:80");
  EXPECT_EQ(AddressOf({.endpoint_mode = "IPv4"}, six), "169.254.169.254:80");
  const FakeEnv url(Variables{{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/"},
                              {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}});
  EXPECT_EQ(AddressOf({}, url), "127.0.0.1:1338");
  EXPECT_EQ(AddressOf({.endpoint_url = "http://[::1]:99"}, url), "[::1]:99");
}

TEST(MetadataEndpointTest, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(ResolveMetadataEndpoint({.endpoint_mode = "both"}, Sources(FakeEnv(), nullptr)),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("endpoint_mode"), HasSubstr("\"both\""))));
  const FakeEnv env(Variables{{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254"}});
  EXPECT_THAT(
      ResolveMetadataEndpoint({}, Sources(env, nullptr)),
      StatusIs(
          StatusCode::kInvalidArgument,
          HasSubstr("AWS_EC2_METADATA_SERVICE_ENDPOINT: the endpoint URL begins with neither")));
}

TEST(MetadataEndpointTest, ReadsTheParts) {
  const auto parsed = ParseMetadataUrl("https://imds.example:8443/a/b/", false);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->address, "imds.example:8443");
  EXPECT_EQ(parsed->path, "/a/b");
  EXPECT_FALSE(parsed->plaintext);
}

TEST(MetadataEndpointTest, PlaintextStaysOnTheMachine) {
  for (const char* local :
       {"http://127.0.0.1", "http://127.9.9.9:80", "http://localhost:1", "http://[::1]",
        "http://[0:0:0:0:0:0:0:1]:80", "http://169.254.169.254", "http://[FD00:EC2:0::254]"}) {
    EXPECT_THAT(ParseMetadataUrl(local, false), IsOk()) << local;
  }
  for (const char* remote :
       {"http://10.0.0.1", "http://localhost.evil.example", "http://169.254.169.254.evil.example",
        "http://127.0.0.1.nip.io", "http://169.254.169.253", "http://[fd00:ec2::23]",
        "http://[::ffff:169.254.169.254]", "http://imds"}) {
    EXPECT_THAT(ParseMetadataUrl(remote, false),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr("allow_plaintext")))
        << remote;
    EXPECT_THAT(ParseMetadataUrl(remote, true), IsOk()) << remote;
  }
}

TEST(MetadataEndpointTest, RefusesWhatCouldBeReadAsAnotherHost) {
  for (const char* url : {"",
                          "http://",
                          "ftp://127.0.0.1",
                          "http://user@127.0.0.1",
                          "http://127.0.0.1@evil.example",
                          "http://127.0.0.1:80:90",
                          "http://127.0.0.1:0",
                          "http://127.0.0.1:65536",
                          "http://127.0.0.1:x",
                          "http://127.0.0.1?a",
                          "http://127.0.0.1#a",
                          "http://127.0.0.1/a?b",
                          "http://127.0.0.1\\@evil.example",
                          "http://127.0.0.1/a b",
                          "http://[::1",
                          "http://::1",
                          "http://[::1]evil.example",
                          "http://[fe80::1%25eth0]",
                          "http://127.0.0.1\r\n",
                          "http://0x7f.1",
                          "http",
                          "https"}) {
    EXPECT_THAT(ParseMetadataUrl(url, true), StatusIs(StatusCode::kInvalidArgument)) << url;
  }
}

}  // namespace
}  // namespace gsh::aws
