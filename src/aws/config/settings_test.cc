// Where requests go, and that nothing can send them anywhere else. tests/aws compares settings and
// endpoints with botocore.
#include "src/aws/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/aws/config/endpoint_url.h"
#include "src/testing/temporary_directory.h"

namespace gsh::aws {
namespace {

using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;

constexpr Service kSqs{.name = "aws.SQS",
                       .id = "SQS",
                       .signing_name = "sqs",
                       .endpoint_prefix = "sqs",
                       .protocol = Protocol::kJson10,
                       .target_prefix = "AmazonSQS",
                       .version = ""};

StatusOr<Endpoint> Resolve(ClientSettings settings) { return ResolveEndpoint(settings, kSqs); }

TEST(Endpoints, OfARegion) {
  const auto endpoint = Resolve({.region = "eu-west-1"});
  ASSERT_THAT(endpoint, IsOk());
  EXPECT_EQ(endpoint->host, "sqs.eu-west-1.amazonaws.com");
  EXPECT_EQ(endpoint->address, "sqs.eu-west-1.amazonaws.com:443");
  EXPECT_EQ(endpoint->authority, "sqs.eu-west-1.amazonaws.com");
  EXPECT_EQ(endpoint->path, "");
  EXPECT_FALSE(endpoint->plaintext);
  EXPECT_EQ(endpoint->signing_region, "eu-west-1");
}

TEST(Endpoints, GivenAsAUrl) {
  const auto endpoint =
      Resolve({.region = "eu-west-1", .endpoint_url = "HTTPS://VPCE-1.Example.com:8443/a/b/"});
  ASSERT_THAT(endpoint, IsOk());
  EXPECT_EQ(endpoint->host, "vpce-1.example.com");
  EXPECT_EQ(endpoint->address, "vpce-1.example.com:8443");
  EXPECT_EQ(endpoint->authority, "vpce-1.example.com:8443");
  EXPECT_EQ(endpoint->path, "/a/b");
  EXPECT_EQ(endpoint->signing_region, "eu-west-1");
  const auto local = Resolve({.region = "eu-west-1", .endpoint_url = "http://[0:0::1]:80"});
  ASSERT_THAT(local, IsOk());
  EXPECT_EQ(local->host, "::1");
  EXPECT_EQ(local->address, "[::1]:80");
  EXPECT_EQ(local->authority, "[::1]");
  EXPECT_TRUE(local->plaintext);
}

TEST(Endpoints, PlaintextLeavesTheMachineOnlyIfAskedFor) {
  for (const char* url : {"http://127.0.0.1:1", "http://127.255.1.1", "http://localhost:4566"}) {
    EXPECT_THAT(Resolve({.region = "r-1", .endpoint_url = url}), IsOk()) << url;
  }
  for (const char* url : {"http://example.com", "http://10.0.0.1", "http://localhost.example.com",
                          "http://127.0.0.1.example.com", "http://[::2]"}) {
    EXPECT_THAT(Resolve({.region = "r-1", .endpoint_url = url}),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr("plain http://")))
        << url;
    EXPECT_THAT(Resolve({.region = "r-1", .endpoint_url = url, .allow_plaintext = true}), IsOk());
  }
}

TEST(Endpoints, UrlsThatCanBeReadInTwoWaysAreRefused) {
  for (const char* url : {"example.com",
                          "ftp://example.com",
                          "http",
                          "https",
                          "https:/",
                          "https:/example.com",
                          "https://",
                          "https:///a",
                          "https://user@example.com",
                          "https://user:secret@example.com",
                          "https://a@b@c",
                          "https://example.com?a=b",
                          "https://example.com#a",
                          "https://example.com/a?b#c",
                          "https://example.com:0",
                          "https://example.com:65536",
                          "https://example.com:x",
                          "https://example.com:",
                          "https://example.com:+1",
                          "https://example.com:80:80",
                          "https://[::1",
                          "https://::1",
                          "https://[::1]x",
                          "https://[::1%25eth0]",
                          "https://[1]",
                          "https://127.1",
                          "https://2130706433",
                          "https://0x7f.1",
                          "https://0x7f000001",
                          "https://256.0.0.1",
                          "https://a..b",
                          "https://.a",
                          "https://a.",
                          "https://-a.b",
                          "https://a b",
                          "https://a\tb",
                          "https://a\nb",
                          "https://a\\b",
                          "https://a%2eb",
                          "https://\xc3\xa9.com",
                          "https://a/../b",
                          "https://a/./b",
                          "https://a/%2e%2e/b",
                          "https://a//b",
                          "https://a/%",
                          "https://a/%4",
                          "https://a/%zz",
                          "https://a/%00",
                          "https://a/ b",
                          "https://a/\"",
                          "https://a/\\b",
                          "https://a/\xc3\xa9"}) {
    const auto refused = Resolve({.region = "r-1", .endpoint_url = url});
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument)) << url;
    EXPECT_THAT(refused.status().message(), Not(HasSubstr("secret")));
  }
}

TEST(Endpoints, FipsAndDualStackNeedAwssOwnEndpoint) {
  EXPECT_THAT(Resolve({.region = "r-1", .endpoint_url = "https://a", .use_fips = true}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("FIPS")));
  EXPECT_THAT(Resolve({.region = "r-1", .endpoint_url = "https://a", .use_dual_stack = true}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("dual stack")));
}

TEST(Endpoints, NamesAreNoLongerThanDnsTakes) {
  const std::string label(63, 'a');
  EXPECT_THAT(Resolve({.region = label}), IsOk());
  EXPECT_THAT(Resolve({.region = label + "a"}), StatusIs(StatusCode::kInvalidArgument));
  const auto url = [](const std::string& host) {
    return Resolve({.region = "r-1", .endpoint_url = "https://" + host});
  };
  EXPECT_THAT(url(label + "." + label), IsOk());
  EXPECT_THAT(url(label + "a." + label), StatusIs(StatusCode::kInvalidArgument));
  const std::string three = label + "." + label + "." + label + ".";
  EXPECT_THAT(url(three + std::string(61, 'a')), IsOk());
  EXPECT_THAT(url(three + std::string(62, 'a')), StatusIs(StatusCode::kInvalidArgument));
}

TEST(Endpoints, NeedARegion) {
  EXPECT_THAT(Resolve({}), StatusIs(StatusCode::kInvalidArgument, HasSubstr("AWS_REGION")));
  EXPECT_THAT(
      Resolve({.region = "eu west-1\n"}),
      StatusIs(StatusCode::kInvalidArgument, "region \"eu west-1?\" is no label of a host's name"));
}

// Whatever a region is, the host is AWS's; whatever a URL is, the host stands in it right after the
// scheme, and nothing else is called.
TEST(Endpoints, NoTextSendsRequestsToAnotherHost) {
  constexpr std::string_view kPieces[] = {"eu-west-1",  "us-gov-west-1",
                                          "cn-north-1", "a",
                                          "-",          ".",
                                          "@",          "/",
                                          ":",          "#",
                                          "?",          "%2f",
                                          "%00",        "\\",
                                          " ",          "\n",
                                          "\r\n",       "\t",
                                          "evil.com",   "evil",
                                          ".com",       "[::1]",
                                          "_",          "1",
                                          "http",       "//",
                                          "é",          "https://",
                                          "localhost",  "127.0.0.1",
                                          "x.y",        ":1",
                                          "@a",         "aws-global"};
  testing::SeededRng rng(6);
  int regions = 0;
  int urls = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    const auto count = 1 + rng.Next() % 4;
    for (std::uint64_t k = 0; k < count; ++k) text += kPieces[rng.Next() % std::size(kPieces)];
    ClientSettings settings{
        .region = text, .use_fips = rng.Next() % 2 == 0, .use_dual_stack = rng.Next() % 2 == 0};
    if (const auto endpoint = Resolve(settings); endpoint.ok()) {
      ++regions;
      ASSERT_EQ(endpoint->address, endpoint->host + ":443");
      ASSERT_THAT(endpoint->host,
                  AnyOf(EndsWith(text + ".amazonaws.com"), EndsWith(text + ".api.aws"),
                        EndsWith(text + ".amazonaws.com.cn"),
                        EndsWith(text + ".api.amazonwebservices.com.cn")));
      ASSERT_THAT(endpoint->host, AnyOf(StartsWith("sqs." + text), StartsWith("sqs-fips." + text)));
      ASSERT_EQ(text.find_first_of(".@/:#?%\\ \r\n\t[_"), text.npos) << text;
    }
    settings = {.region = "eu-west-1", .endpoint_url = "https://" + text, .allow_plaintext = true};
    if (const auto endpoint = Resolve(settings); endpoint.ok()) {
      ++urls;
      ASSERT_THAT(settings.endpoint_url, StartsWith("https://" + endpoint->authority)) << text;
      const std::size_t end = 8 + endpoint->authority.size();
      const std::string rest = settings.endpoint_url.substr(end);
      ASSERT_TRUE(rest.empty() || rest.front() == '/' || rest.starts_with(":443")) << text;
      ASSERT_EQ(endpoint->host.find_first_of("@/#?%\\ \r\n\t"), std::string::npos) << text;
    }
  }
  EXPECT_GT(regions, 1000);
  EXPECT_GT(urls, 1000);
}

class SettingsTest : public ::testing::Test {
 protected:
  StatusOr<ClientSettings> Settings(std::map<std::string, std::string> env,
                                    AwsOptions options = {}) {
    std::ofstream(directory_.File("config")) << config_;
    env.emplace("AWS_CONFIG_FILE", directory_.File("config"));
    env.emplace("AWS_SHARED_CREDENTIALS_FILE", directory_.File("credentials"));
    const testing::FakeEnv fake(std::move(env));
    options.env = &fake;
    return ResolveSettings(options, kSqs);
  }

  testing::TemporaryDirectory directory_;
  std::string config_ =
      "[default]\nregion = eu-west-1\nca_bundle = /p\nuse_fips_endpoint = true\n"
      "[profile other]\nregion = eu-west-2\nuse_fips_endpoint = maybe\n";
};

TEST_F(SettingsTest, OptionsBeforeEnvironmentBeforeProfile) {
  EXPECT_EQ(Settings({})->region, "eu-west-1");
  EXPECT_TRUE(Settings({})->use_fips);
  const auto env = Settings({{"AWS_REGION", "a-b-1"},
                             {"AWS_CA_BUNDLE", "/e"},
                             {"AWS_USE_FIPS_ENDPOINT", "False"},
                             {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                             {"AWS_ENDPOINT_URL_SQS", "http://e"}});
  ASSERT_THAT(env, IsOk());
  EXPECT_EQ(env->region, "a-b-1");
  EXPECT_EQ(env->ca_file, "/e");
  EXPECT_FALSE(env->use_fips);
  EXPECT_TRUE(env->use_dual_stack);
  EXPECT_EQ(env->endpoint_url, "http://e");
  const auto options = Settings({{"AWS_REGION", "a-b-1"},
                                 {"AWS_ENDPOINT_URL", "http://e"},
                                 {"AWS_USE_DUALSTACK_ENDPOINT", "nonsense"}},
                                {.region = "c-d-1",
                                 .endpoint_url = "http://o",
                                 .use_fips = false,
                                 .use_dual_stack = true,
                                 .ca_file = "/o"});
  ASSERT_THAT(options, IsOk());
  EXPECT_EQ(options->region, "c-d-1");
  EXPECT_EQ(options->ca_file, "/o");
  EXPECT_EQ(options->endpoint_url, "http://o");
  EXPECT_FALSE(options->use_fips);
  EXPECT_TRUE(options->use_dual_stack);
}

// The URL itself is not shown, as it may hold a password.
TEST_F(SettingsTest, ErrorsNameWhoSetTheEndpoint) {
  constexpr char kBad[] = "https://me:secret@example.com";
  const auto mistake = [&](std::map<std::string, std::string> env, AwsOptions options = {}) {
    options.use_fips = false;
    const auto settings = Settings(std::move(env), std::move(options));
    return settings.ok() ? Resolve(*settings).status().message() : settings.status().message();
  };
  const std::string what = ": the endpoint URL has a user name in it";
  EXPECT_EQ(mistake({}, {.endpoint_url = kBad}), "endpoint_url" + what);
  EXPECT_EQ(mistake({{"AWS_ENDPOINT_URL_SQS", kBad}}), "AWS_ENDPOINT_URL_SQS" + what);
  EXPECT_EQ(mistake({{"AWS_ENDPOINT_URL", kBad}}), "AWS_ENDPOINT_URL" + what);
  config_ += std::string("[profile own]\nregion = r-1\nendpoint_url = ") + kBad +
             "\n[profile shared]\nregion = r-1\nservices = local\n[services local]\nsqs =\n"
             "  endpoint_url = " +
             kBad + "\n";
  EXPECT_EQ(mistake({}, {.profile = "own"}), "endpoint_url of profile own" + what);
  EXPECT_EQ(mistake({}, {.profile = "shared"}), "endpoint_url of [services local]" + what);
  EXPECT_EQ(mistake({{"AWS_ENDPOINT_URL", "http://example.com"}}),
            "AWS_ENDPOINT_URL: the endpoint URL is plain http:// to example.com, which only "
            "loopback addresses may be unless allow_plaintext");
}

TEST_F(SettingsTest, ProfilesMustExistAndFlagsBeFlags) {
  EXPECT_THAT(Settings({{"AWS_PROFILE", "none"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("profile none")));
  EXPECT_THAT(Settings({}, {.profile = "none"}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Settings({{"AWS_PROFILE", "other"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("use_fips_endpoint")));
  EXPECT_EQ(Settings({{"AWS_PROFILE", "other"}}, {.profile = "default"})->region, "eu-west-1");
  EXPECT_THAT(Settings({{"AWS_DEFAULT_PROFILE", "none"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("profile none")));
  EXPECT_EQ(Settings({{"AWS_PROFILE", "default"}, {"AWS_DEFAULT_PROFILE", "none"}})->region,
            "eu-west-1")
      << "as the AWS CLI since version 2";
}

TEST_F(SettingsTest, OldNamesOfFipsRegionsAreARegionAndAWish) {
  config_ = "";
  for (const char* name : {"fips-us-east-1", "us-east-1-fips"}) {
    const auto settings = Settings({}, {.region = name});
    ASSERT_THAT(settings, IsOk());
    EXPECT_EQ(settings->region, "us-east-1");
    EXPECT_TRUE(settings->use_fips);
  }
}

}  // namespace
}  // namespace gsh::aws
