// The chain over real files, processes and sockets; STS and the instance are fakes. The order in
// which sources are taken is compared with botocore's in tests/aws.
#include "src/aws/credentials/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/http/server.h"
#include "src/testing/temporary_directory.h"

namespace gsh::aws {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;
using namespace std::chrono_literals;

// Notes what it is asked and by whom; the n-th role gets the key "role-n".
class FakeSts final : public Sts {
 public:
  struct Log {
    std::vector<std::string> calls = {};
    Status failure = {};
    std::vector<AwsOptions> options = {};
  };
  FakeSts(std::shared_ptr<Log> log, const AwsOptions& options)
      : log_(std::move(log)), signer_((*options.credentials->Get())->access_key_id) {
    log_->options.push_back(options);
  }
  void GetCallerIdentityAsync(CallOptions, Callback<CallerIdentity> done) override {
    done(CallerIdentity{});
  }
  void AssumeRoleAsync(AssumeRoleRequest request, CallOptions,
                       Callback<AssumedRole> done) override {
    Answer(signer_ + " -> " + request.role_arn + " as " + request.session_name + " " +
               request.external_id + " " + std::to_string(request.duration.value_or(0s).count()),
           done);
  }
  void AssumeRoleWithWebIdentityAsync(AssumeRoleWithWebIdentityRequest request, CallOptions,
                                      Callback<AssumedRole> done) override {
    Answer(signer_ + request.token + " -> " + request.role_arn + " as " + request.session_name,
           done);
  }

 private:
  void Answer(std::string call, const Callback<AssumedRole>& done) {
    log_->calls.push_back(std::move(call));
    if (!log_->failure.ok()) return done(log_->failure);
    AssumedRole role;
    role.credentials = Credentials("role-" + std::to_string(log_->calls.size()), "s", "t");
    role.credentials.expiration = testing::ManualClock().Now() + 1h;
    done(std::move(role));
  }

  const std::shared_ptr<Log> log_;
  const std::string signer_;
};

class FakeInstance final : public InstanceMetadata {
 public:
  explicit FakeInstance(std::map<std::string, std::string> texts, Status missing)
      : texts_(std::move(texts)), missing_(std::move(missing)) {}
  void GetAsync(std::string path, CallOptions, Callback<std::string> done) override {
    const auto found = texts_.find(path);
    found == texts_.end() ? done(missing_) : done(found->second);
  }

 private:
  const std::map<std::string, std::string> texts_;
  const Status missing_;
};

class ChainTest : public ::testing::Test {
 protected:
  ChainTest() { std::filesystem::create_directories(home_.path() / ".aws"); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(home_.path() / name, std::ios::trunc) << text;
    return home_.File(name);
  }
  void Config(const std::string& text) { Write(".aws/config", text); }
  StatusOr<Fetched> Fetch(std::map<std::string, std::string> env = {}, AwsOptions options = {}) {
    env.emplace("HOME", home_.string());
    const testing::FakeEnv fake(std::move(env));
    options.clock = &clock_;
    options.rng = &rng_;
    options.env = &fake;
    ChainParts parts{.make_sts = [this](const AwsOptions& sts) -> StatusOr<std::unique_ptr<Sts>> {
                       return std::unique_ptr<Sts>(std::make_unique<FakeSts>(sts_, sts));
                     },
                     .metadata = instance_};
    return MakeChainFetch(std::move(options), std::move(parts))(std::stop_token());
  }

  testing::TemporaryDirectory home_;
  testing::ManualClock clock_;
  testing::FixedRng rng_{0};
  std::shared_ptr<FakeSts::Log> sts_ = std::make_shared<FakeSts::Log>();
  std::shared_ptr<InstanceMetadata> instance_ = std::make_shared<FakeInstance>(
      std::map<std::string, std::string>(), NotFoundError("no role"));
};

constexpr char kKeys[] = "aws_access_key_id = AK\naws_secret_access_key = topsecret\n";

TEST_F(ChainTest, KeysOfTheEnvironment) {
  const auto got = Fetch({{"AWS_ACCESS_KEY_ID", "AKE"},
                          {"AWS_SECRET_ACCESS_KEY", "s"},
                          {"AWS_SESSION_TOKEN", "t"},
                          {"AWS_CREDENTIAL_EXPIRATION", "2026-01-01T01:00:00Z"}});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "AKE");
  EXPECT_EQ(got->credentials.session_token, "t");
  EXPECT_EQ(got->credentials.source, "environment");
  EXPECT_EQ(*got->credentials.expiration, clock_.Now() + 1h);
}

TEST_F(ChainTest, AProfileOfTheOptionsComesBeforeTheEnvironment) {
  Config(std::string("[profile game]\n") + kKeys);
  const std::map<std::string, std::string> env = {{"AWS_ACCESS_KEY_ID", "AKE"},
                                                  {"AWS_SECRET_ACCESS_KEY", "s"}};
  const auto got = Fetch(env, {.profile = "game"});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "AK");
  EXPECT_EQ(got->credentials.source, "profile game");
}

TEST_F(ChainTest, FilesAreReadAgain) {
  Config(std::string("[default]\n") + kKeys);
  EXPECT_EQ(Fetch()->credentials.access_key_id, "AK");
  Config("[default]\naws_access_key_id = AK2\naws_secret_access_key = s\n");
  EXPECT_EQ(Fetch()->credentials.access_key_id, "AK2");
}

TEST_F(ChainTest, RolesAreAssumedOneAfterTheOther) {
  Config(
      "[default]\nrole_arn = arn:a\nsource_profile = b\nrole_session_name = me\nexternal_id = x\n"
      "duration_seconds = 900\n[profile b]\nrole_arn = arn:b\nsource_profile = c\n[profile c]\n" +
      std::string(kKeys));
  const auto got = Fetch({}, {.endpoint_url = "http://127.0.0.1:1"});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "role-2");
  EXPECT_EQ(got->credentials.source, "role of profile default");
  EXPECT_THAT(sts_->calls,
              ElementsAre("AK -> arn:b as gsh-1767225600  0", "role-1 -> arn:a as me x 900"));
  for (const AwsOptions& options : sts_->options) EXPECT_EQ(options.endpoint_url, "");
}

TEST_F(ChainTest, WhatStsRefusesKeepsItsCode) {
  Config("[default]\nrole_arn = arn:a\nsource_profile = default\n" + std::string(kKeys));
  sts_->failure = Status(StatusCode::kPermissionDenied, "not allowed");
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kPermissionDenied,
                                AllOf(HasSubstr("role of profile default"),
                                      HasSubstr("not allowed"), Not(HasSubstr("topsecret")))));
}

TEST_F(ChainTest, AChainOfRolesIsBounded) {
  std::string text = "[profile p0]\n" + std::string(kKeys);
  for (int i = 1; i < 40; ++i) {
    text += "[profile p" + std::to_string(i) + "]\nrole_arn = arn:" + std::to_string(i) +
            "\nsource_profile = p" + std::to_string(i - 1) + "\n";
  }
  Config(text);
  EXPECT_THAT(Fetch({}, {.profile = "p15"}), IsOk());
  EXPECT_THAT(Fetch({}, {.profile = "p39"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too long")));
}

TEST_F(ChainTest, TheWebIdentityTokenIsReadEachTime) {
  const std::string token = Write("token", "jwt-1\n");
  const std::map<std::string, std::string> env = {{"AWS_WEB_IDENTITY_TOKEN_FILE", token},
                                                  {"AWS_ROLE_ARN", "arn:pod"},
                                                  {"AWS_ROLE_SESSION_NAME", "pod"}};
  EXPECT_EQ(Fetch(env)->credentials.source, "web identity");
  Write("token", "jwt-2");
  EXPECT_THAT(Fetch(env), IsOk());
  EXPECT_THAT(sts_->calls, ElementsAre("jwt-1 -> arn:pod as pod", "jwt-2 -> arn:pod as pod"));
  std::filesystem::remove(token);
  EXPECT_THAT(Fetch(env), StatusIs(StatusCode::kUnavailable, HasSubstr(token)));
}

TEST_F(ChainTest, AProcessGivesCredentials) {
  Write("answer", R"({"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"s"})");
  Config("[default]\naws_account_id = 12\ncredential_process = cat '" + home_.File("answer") +
         "'\n");
  const auto got = Fetch();
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "AKP");
  EXPECT_EQ(got->credentials.account_id, "12");
  Write("answer", R"({"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"topsecret",})");
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kUnavailable, AllOf(HasSubstr("the output of cat"),
                                                                Not(HasSubstr("topsecret")))));
}

TEST_F(ChainTest, AProcessThatFailsOrWritesWithoutEndIsAnError) {
  Config("[default]\ncredential_process = sh -c 'echo sorry >&2; exit 3'\n");
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kUnavailable,
                                AllOf(HasSubstr("exit status 3"), HasSubstr("sorry"))));
  Config("[default]\ncredential_process = yes\n");
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kUnavailable, HasSubstr("without end")));
  Config("[default]\ncredential_process = /no/such/program\n");
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kUnavailable, HasSubstr("/no/such/program")));
}

TEST_F(ChainTest, AProcessEndsWithTheProvider) {
  Config("[default]\ncredential_process = sleep 1000\n");
  const testing::FakeEnv env({{"HOME", home_.string()}});
  auto provider = MakeDefaultCredentials({.env = &env});
  ASSERT_THAT(provider, IsOk());
  Status ended;
  (*provider)->GetAsync({.executor = InlineExecutor()},
                        [&](const auto& got) { ended = got.status(); });
  *provider = nullptr;
  EXPECT_THAT(ended, StatusIs(StatusCode::kCancelled));
}

TEST_F(ChainTest, WhatNeedsAPersonIsRefusedWithAWayOut) {
  for (const char* text : {"sso_account_id = 1\n", "login_session = x\n",
                           "role_arn = arn:a\nsource_profile = p\nmfa_serial = m\n"}) {
    Config(std::string("[profile p]\n") + text);
    EXPECT_THAT(Fetch({}, {.profile = "p"}),
                StatusIs(StatusCode::kFailedPrecondition,
                         HasSubstr("aws configure export-credentials --profile p")))
        << text;
  }
}

TEST_F(ChainTest, TheInstancesRoleIsTheLast) {
  const std::string path = "meta-data/iam/security-credentials/";
  instance_ = std::make_shared<FakeInstance>(
      std::map<std::string, std::string>{
          {path, "game"},
          {path + "game",
           R"({"Code":"Success","AccessKeyId":"AKI","SecretAccessKey":"s","Token":"t",
"Expiration":"2026-01-01T06:00:00Z"})"}},
      NotFoundError("nothing"));
  const auto got = Fetch();
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "AKI");
  EXPECT_EQ(got->credentials.source, "instance metadata");
  EXPECT_TRUE(got->outlive_expiration);
}

TEST_F(ChainTest, WhenThereAreNoneEachPlaceIsNamed) {
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kFailedPrecondition,
                                AllOf(HasSubstr("AWS_ACCESS_KEY_ID"), HasSubstr("profile default"),
                                      HasSubstr("container"), HasSubstr("no role"))));
  instance_ = std::make_shared<FakeInstance>(std::map<std::string, std::string>(),
                                             UnavailableError("no answer"));
  EXPECT_THAT(Fetch(), StatusIs(StatusCode::kUnavailable, HasSubstr("no answer")));
  instance_ = nullptr;
  EXPECT_THAT(Fetch({{"AWS_EC2_METADATA_DISABLED", "true"}}),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("AWS_EC2_METADATA_DISABLED")));
}

TEST_F(ChainTest, WhatTheOptionsProfileKeepsOutIsNotCalledMissing) {
  Config("[profile game]\nregion = r-1\n");
  const auto got =
      Fetch({{"AWS_ACCESS_KEY_ID", "AKE"}, {"AWS_SECRET_ACCESS_KEY", "s"}}, {.profile = "game"});
  EXPECT_THAT(got, StatusIs(StatusCode::kFailedPrecondition,
                            AllOf(HasSubstr("profile game"), HasSubstr("do not count"),
                                  Not(HasSubstr("are not set")))));
}

class ContainerTest : public ChainTest {
 protected:
  ContainerTest() {
    auto server = http::Server::Start(
        {.address = "127.0.0.1:0", .handler = [this](const http::Request& request) {
           std::lock_guard lock(mutex_);
           const std::string* token = request.FindHeader("authorization");
           calls_.push_back(request.method + " " + request.path + "?" + request.query + " " +
                            (token == nullptr ? "no token" : *token));
           http::Response response{.code = code_, .body = body_};
           if (failures_-- > 0) response.code = 503;
           return response;
         }});
    server_ = *std::move(server);
    url_ = "http://127.0.0.1:" + std::to_string(server_->port()) + "/creds?id=1";
  }

  std::mutex mutex_;
  std::vector<std::string> calls_;
  int code_ = 200;
  int failures_ = 0;
  std::string body_ =
      R"({"AccessKeyId":"AKC","SecretAccessKey":"topsecret","Token":"t","Expiration":"2026-01-01T06:00:00Z"})";
  std::string url_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(ContainerTest, GivesCredentialsForItsToken) {
  const std::string token = Write("token", "jwt-1");
  const std::map<std::string, std::string> env = {
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this one"}};
  const auto got = Fetch(env);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->credentials.access_key_id, "AKC");
  EXPECT_EQ(got->credentials.source, "container");
  Write("token", "jwt-2");
  EXPECT_THAT(Fetch(env), IsOk());
  EXPECT_THAT(calls_, ElementsAre("GET /creds?id=1 jwt-1", "GET /creds?id=1 jwt-2"));
  Write("token", "jwt\nX-Other: 1");
  EXPECT_THAT(Fetch(env), StatusIs(StatusCode::kUnavailable,
                                   AllOf(HasSubstr(token), Not(HasSubstr("X-Other")))));
  EXPECT_THAT(calls_, ::testing::SizeIs(2));
  EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_},
                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "jwt\n"}}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN ")));
}

TEST_F(ContainerTest, NoOtherHostIsAsked) {
  for (const char* path : {"x", "@example.com/", ".example.com/", ":80@example.com/"}) {
    EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path}}),
                StatusIs(StatusCode::kInvalidArgument))
        << path;
  }
  for (const char* url : {"http://example.com/a", "http://169.254.169.254/a", "ftp://localhost/a",
                          "http://169.254.170.2.example.com/", "https://user@example.com/a"}) {
    EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}),
                StatusIs(StatusCode::kInvalidArgument))
        << url;
  }
}

// It would see the token.
TEST_F(ContainerTest, NoProxyIsAsked) {
  constexpr char kProxy[] = "http://127.0.0.1:1";
  const std::string before = SystemEnv().Get("http_proxy").value_or("");
  ASSERT_EQ(setenv("http_proxy", kProxy, 1), 0);
  const auto got = Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_}}, {.proxy = kProxy});
  before.empty() ? unsetenv("http_proxy") : setenv("http_proxy", before.c_str(), 1);
  EXPECT_THAT(got, IsOk());
}

TEST_F(ContainerTest, IsAskedThreeTimes) {
  failures_ = 2;
  EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_}}), IsOk());
  EXPECT_THAT(calls_, ::testing::SizeIs(3));
  failures_ = 3;
  EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_}}),
              StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(calls_, ::testing::SizeIs(6));
}

TEST_F(ContainerTest, NonsenseIsNotQuoted) {
  body_ = R"({"AccessKeyId":"AKC","SecretAccessKey":"topsecret"})";
  EXPECT_THAT(Fetch({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url_}}),
              StatusIs(StatusCode::kUnavailable,
                       AllOf(HasSubstr("has no Token"), Not(HasSubstr("topsecret")))));
}

}  // namespace
}  // namespace gsh::aws
