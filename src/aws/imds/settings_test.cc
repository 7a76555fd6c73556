// tests/aws asks botocore for the same.
#include "src/aws/imds/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <string>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/testing/temporary_directory.h"

namespace gsh::aws {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

constexpr char kConfig[] = R"(
[default]
metadata_service_timeout = 2

[profile local]
ec2_metadata_service_endpoint = http://127.0.0.1:1338
ec2_metadata_v1_disabled = true
metadata_service_timeout = 7
metadata_service_num_attempts = 4

[profile six]
ec2_metadata_service_endpoint_mode = IPv6

[profile old]
imds_use_ipv6 = true

[profile old_and_new]
imds_use_ipv6 = true
ec2_metadata_service_endpoint_mode = IPv4

[profile remote]
ec2_metadata_service_endpoint = http://10.0.0.1

[profile wrong]
ec2_metadata_service_endpoint_mode = both

[profile wrong_flag]
ec2_metadata_v1_disabled = yes

[profile wrong_number]
metadata_service_num_attempts = 0

[profile wrong_timeout]
metadata_service_timeout = 1.5
)";

class MetadataSettingsTest : public ::testing::Test {
 protected:
  MetadataSettingsTest() { std::ofstream(home_.File("config")) << kConfig; }

  StatusOr<MetadataSettings> Resolve(InstanceMetadataOptions options,
                                     std::map<std::string, std::string> variables = {}) {
    variables["AWS_CONFIG_FILE"] = home_.File("config");
    variables["HOME"] = home_.string();
    const testing::FakeEnv env(variables);
    options.env = &env;
    return ResolveMetadataSettings(options);
  }
  std::string AddressOf(const InstanceMetadataOptions& options,
                        const std::map<std::string, std::string>& variables = {}) {
    const auto settings = Resolve(options, variables);
    EXPECT_THAT(settings, IsOk());
    return settings.ok() ? settings->endpoint.address : "";
  }

  testing::TemporaryDirectory home_;
};

TEST_F(MetadataSettingsTest, OfAProfile) {
  const auto settings = Resolve({.profile = "local"});
  ASSERT_THAT(settings, IsOk());
  EXPECT_EQ(settings->endpoint.address, "127.0.0.1:1338");
  EXPECT_EQ(settings->attempt_timeout, seconds(7));
  EXPECT_EQ(settings->max_attempts, 4);
  EXPECT_EQ(AddressOf({.profile = "six"}), "[fd00:ec2::254]:80");
  EXPECT_EQ(AddressOf({.profile = "old"}), "[fd00:ec2::254]:80");
  EXPECT_EQ(AddressOf({.profile = "old_and_new"}), "169.254.169.254:80");
}

TEST_F(MetadataSettingsTest, WhichProfile) {
  EXPECT_EQ(Resolve({}).value().attempt_timeout, seconds(2));
  EXPECT_EQ(Resolve({}).value().max_attempts, 3);
  EXPECT_EQ(Resolve({}, {{"AWS_PROFILE", "local"}}).value().attempt_timeout, seconds(7));
  EXPECT_EQ(Resolve({.profile = "six"}, {{"AWS_PROFILE", "local"}}).value().attempt_timeout,
            seconds(1));
  EXPECT_THAT(Resolve({.profile = "nobody"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("nobody")));
}

TEST_F(MetadataSettingsTest, OptionsThenEnvironmentThenProfile) {
  const std::map<std::string, std::string> variables = {
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.2:2"},
      {"AWS_METADATA_SERVICE_TIMEOUT", "8"},
      {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "5"}};
  const auto by_environment = Resolve({.profile = "local"}, variables);
  ASSERT_THAT(by_environment, IsOk());
  EXPECT_EQ(by_environment->endpoint.address, "127.0.0.2:2");
  EXPECT_EQ(by_environment->attempt_timeout, seconds(8));
  EXPECT_EQ(by_environment->max_attempts, 5);
  const auto by_options = Resolve({.endpoint_url = "http://127.0.0.3:3",
                                   .profile = "local",
                                   .attempt_timeout = seconds(9),
                                   .retry = {.max_attempts = 6}},
                                  variables);
  ASSERT_THAT(by_options, IsOk());
  EXPECT_EQ(by_options->endpoint.address, "127.0.0.3:3");
  EXPECT_EQ(by_options->attempt_timeout, seconds(9));
  EXPECT_EQ(by_options->max_attempts, 6);
  // An endpoint that is named counts before any mode.
  EXPECT_EQ(AddressOf({.endpoint_mode = "IPv6", .profile = "local"}), "127.0.0.1:1338");
  EXPECT_EQ(AddressOf({.profile = "six"}, {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv4"}}),
            "169.254.169.254:80");
  EXPECT_EQ(AddressOf({}, {{"AWS_IMDS_USE_IPV6", "true"}}), "[fd00:ec2::254]:80");
  EXPECT_EQ(AddressOf({.profile = "old"}, {{"AWS_IMDS_USE_IPV6", "false"}}), "169.254.169.254:80");
  // What is empty is not said.
  EXPECT_EQ(AddressOf({.profile = "local"}, {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", ""}}),
            "127.0.0.1:1338");
}

TEST_F(MetadataSettingsTest, Version1IsForThoseWhoAskForItAlone) {
  EXPECT_FALSE(Resolve({}).value().allow_v1);
  EXPECT_FALSE(Resolve({}, {{"AWS_EC2_METADATA_V1_DISABLED", "false"}}).value().allow_v1);
  EXPECT_TRUE(Resolve({.allow_v1 = true}).value().allow_v1);
  EXPECT_FALSE(Resolve({.allow_v1 = true, .profile = "local"}).value().allow_v1);
  EXPECT_FALSE(
      Resolve({.allow_v1 = true}, {{"AWS_EC2_METADATA_V1_DISABLED", "True"}}).value().allow_v1);
  EXPECT_TRUE(
      Resolve({.allow_v1 = true, .profile = "local"}, {{"AWS_EC2_METADATA_V1_DISABLED", "false"}})
          .value()
          .allow_v1);
}

TEST_F(MetadataSettingsTest, SwitchedOff) {
  EXPECT_FALSE(Resolve({}).value().disabled);
  EXPECT_FALSE(Resolve({}, {{"AWS_EC2_METADATA_DISABLED", "1"}}).value().disabled);
  EXPECT_TRUE(Resolve({}, {{"AWS_EC2_METADATA_DISABLED", "TRUE"}}).value().disabled);
}

TEST_F(MetadataSettingsTest, WhatIsWrongIsNamed) {
  const auto refused = [&](const char* profile, const char* setting) {
    EXPECT_THAT(Resolve({.profile = profile}),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr(setting)));
  };
  refused("wrong", "ec2_metadata_service_endpoint_mode");
  EXPECT_THAT(Resolve({.endpoint_url = "http://127.0.0.1:1", .profile = "wrong"}),
              StatusIs(StatusCode::kInvalidArgument));
  refused("wrong_flag", "ec2_metadata_v1_disabled must be true or false");
  refused("wrong_number", "metadata_service_num_attempts must be a whole number from 1");
  refused("wrong_timeout", "metadata_service_timeout must be a whole number from 1");
  // No file sends tokens and what they protect over the network in plaintext.
  EXPECT_THAT(
      Resolve({.profile = "remote"}),
      StatusIs(StatusCode::kInvalidArgument,
               AllOf(HasSubstr("ec2_metadata_service_endpoint"), HasSubstr("allow_plaintext"))));
  EXPECT_EQ(AddressOf({.allow_plaintext = true, .profile = "remote"}), "10.0.0.1:80");
}

}  // namespace
}  // namespace gsh::aws
