// What a client of an AWS service has around it: the instance's metadata, credentials, proxies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "gsh/testing/manual_clock.h"
#include "src/aws/client/service_client.h"
#include "src/aws/client/service_fixture.h"
#include "src/aws/gamelift/operations.h"
#include "src/core/await.h"
#include "src/http/client/raw_server.h"

namespace gsh::aws {
namespace {

using http::RawConnection;
using http::RawServer;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;

constexpr const Service& kService = gamelift::kGameLift;
constexpr const rpc::Method& kList = gamelift::kListGameServers;

std::unique_ptr<ServiceClient> Make(AwsOptions options) {
  auto client = ServiceClient::Make(std::move(options), kService);
  EXPECT_THAT(client, IsOk());
  return client.ok() ? *std::move(client) : nullptr;
}

StatusOr<std::string> Call(ServiceClient& client) {
  return internal::Await<StatusOr<std::string>>(
      {.timeout = seconds(20)}, [&](CallOptions inner, auto done) {
        client.CallAsync(kList, "{}", std::move(inner), std::move(done));
      });
}

// No region but the instance's.
class LazyRegionTest : public ::testing::Test {
 protected:
  AwsOptions Options() const {
    AwsOptions options = service_.options();
    options.region.clear();
    options.env = &env_;
    return options;
  }

  FakeService metadata_;
  FakeService service_;
  const testing::FakeEnv env_{
      {{"HOME", "/nonexistent"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata_.url()}}};
};

TEST_F(LazyRegionTest, IsTheInstancesOwn) {
  const auto client = Make(Options());
  EXPECT_TRUE(metadata_.requests().empty());
  metadata_.Reply(200, "token");
  metadata_.Reply(200, "eu-south-2");
  EXPECT_THAT(Call(*client), IsOk());
  EXPECT_THAT(Call(*client), IsOk());
  EXPECT_EQ(metadata_.requests().size(), 2u);
  EXPECT_EQ(metadata_.last().path, "/latest/meta-data/placement/region");
  EXPECT_THAT(*service_.last().FindHeader("Authorization"), HasSubstr("/eu-south-2/gamelift/"));
}

TEST_F(LazyRegionTest, IsNotAskedForAgainAndAgainByOneCall) {
  const auto client = Make(Options());
  for (int i = 0; i < 20; ++i) metadata_.Reply(503, "busy");
  const auto answer = Call(*client);
  EXPECT_THAT(answer, StatusIs(StatusCode::kUnavailable,
                               AllOf(HasSubstr("no region is set"), HasSubstr("503"))));
  EXPECT_EQ(metadata_.requests().size(), 3u);  // the metadata client's own attempts
  EXPECT_EQ(answer.status().info()->attempts, 1);
  EXPECT_TRUE(service_.requests().empty());
}

TEST(Lifetime, NothingOfAClientOutlivesItWhileItsCredentialsAreAwaited) {
  std::promise<void> asked;
  const RawServer source([&](RawConnection& connection) {
    connection.ReadRequest();
    asked.set_value();
    connection.WaitForClose();
  });
  const testing::FakeEnv env(
      {{"HOME", "/nonexistent"},
       {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://" + source.endpoint() + "/"}});
  testing::ManualClock clock;
  const FakeService service;
  AwsOptions options = service.options();
  options.credentials = nullptr;
  options.env = &env;
  options.clock = &clock;
  auto client = Make(options);
  std::promise<Status> ended;
  client->CallAsync(kList, "{}", {}, [&](const auto& answer) { ended.set_value(answer.status()); });
  asked.get_future().wait();
  client.reset();
  EXPECT_THAT(ended.get_future().get(), StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(clock.pending(), 0u);
}

class ProxyTest : public ::testing::Test {
 protected:
  // Of a request that came to the proxy.
  std::string Seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }

  std::mutex mutex_;
  std::string seen_;
  const RawServer proxy_{[this](RawConnection& connection) {
    for (std::string request; !(request = connection.ReadRequest()).empty();) {
      {
        std::lock_guard lock(mutex_);
        seen_ = request;
      }
      connection.Answer("{}", request.starts_with("CONNECT") ? "403 Forbidden" : "200 OK");
    }
  }};
};

TEST_F(ProxyTest, HasTheRequestsWhenItIsNamed) {
  const FakeService service;
  AwsOptions options = service.options();
  options.proxy = "http://" + proxy_.endpoint();
  EXPECT_THAT(Call(*Make(options)), IsOk());
  EXPECT_THAT(Seen(), HasSubstr("POST " + service.url() + "/ HTTP/1.1\r\n"));
  EXPECT_TRUE(service.requests().empty());
}

TEST_F(ProxyTest, SeesNothingOfWhatIsEncrypted) {
  AwsOptions options = FakeService().options();
  options.proxy = "http://" + proxy_.endpoint();
  options.endpoint_url = "https://gamelift.example.com";
  EXPECT_THAT(Call(*Make(options)), StatusIs(StatusCode::kUnavailable, HasSubstr("403")));
  EXPECT_THAT(Seen(), HasSubstr("CONNECT gamelift.example.com:443 HTTP/1.1\r\n"));
  EXPECT_THAT(Seen(), Not(HasSubstr("AKID")));
  EXPECT_THAT(Seen(), Not(HasSubstr("token")));
}

TEST_F(ProxyTest, OfTheEnvironmentIsForWhatIsEncryptedAlone) {
  const FakeService service;
  const std::string url = "http://" + proxy_.endpoint();
  for (const char* name : {"http_proxy", "https_proxy"}) ASSERT_EQ(setenv(name, url.c_str(), 1), 0);
  ASSERT_EQ(setenv("no_proxy", "", 1), 0);
  AwsOptions options = service.options();
  EXPECT_THAT(Call(*Make(options)), IsOk());
  EXPECT_EQ(service.requests().size(), 1u);
  EXPECT_EQ(Seen(), "");
  options.endpoint_url = "https://gamelift.example.com";
  EXPECT_FALSE(Call(*Make(options)).ok());
  EXPECT_THAT(Seen(), HasSubstr("CONNECT gamelift.example.com:443 "));
  for (const char* name : {"http_proxy", "https_proxy", "no_proxy"}) unsetenv(name);
}

}  // namespace
}  // namespace gsh::aws
