#include "src/allocator_service/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/mock_agones.h"
#include "src/allocator_service/test_hashes.h"
#include "src/testing/temporary_directory.h"

namespace gsh::allocator_service {
namespace {

using agones::Allocation;
using agones::AllocationRequest;
using gsh::testing::IsOk;
using ::testing::_;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

using Done = std::function<void(StatusOr<Allocation>)>;

const Allocation kServer{
    .game_server = "gs-1", .ports = {{"default", 7260}}, .address = "35.231.204.26", .node = "n"};
constexpr char kAnswer[] =
    R"({"status":{"state":"Allocated","ports":[{"name":"default","port":7260}],)"
    R"("address":"35.231.204.26","nodeName":"n"}})";

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    std::ofstream(file_) << "v1GameClientKey:" << kSha512 << "\n";
    ON_CALL(allocator_, AllocateAsync(_, _, _))
        .WillByDefault([this](AllocationRequest request, const CallOptions&, const Done& done) {
          asked_.push_back(std::move(request));
          done(kServer);
        });
  }

  void Start(ServiceOptions options = {}) {
    options.clock = options.authenticator.clock = options.taker.clock = &clock_;
    options.log = &log_;
    options.metrics = &metrics_;
    auto users = UserSource::Open({.file = file_, .clock = &clock_});
    ASSERT_THAT(users, IsOk());
    service_.emplace(allocator_, *std::move(users), std::move(options));
  }
  std::future<http::Response> Send(http::Request request) {
    auto promise = std::make_shared<std::promise<http::Response>>();
    if (request.method.empty()) request.method = "GET";
    if (request.peer.empty()) request.peer = "192.0.2.1:40000";
    service_->Handle(std::move(request), [promise](http::Response response) {
      promise->set_value(std::move(response));
    });
    return promise->get_future();
  }
  static http::Request To(const std::string& path, const std::string& query = "") {
    http::Request request;
    request.path = path;
    request.query = query;
    request.headers = {{"authorization", kLogin}};
    return request;
  }
  http::Response Get(const std::string& path, const std::string& query = "") {
    return Send(To(path, query)).get();
  }

  const gsh::testing::TemporaryDirectory dir_;
  const std::string file_ = dir_.File("users");
  gsh::testing::ManualClock clock_;
  gsh::testing::RecordingLog log_;
  gsh::testing::RecordingMetrics metrics_;
  ::testing::NiceMock<gsh::testing::MockAllocator> allocator_;
  std::vector<AllocationRequest> asked_;
  std::optional<Service> service_;
};

TEST_F(ServiceTest, GivesAnAddress) {
  Start({.selection = {.ns = "games", .fleet = "simple-udp"}});
  const http::Response response = Get("/address", "region=eu");
  EXPECT_EQ(response.code, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, kAnswer);
  EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].ns, "games");
  EXPECT_EQ(asked_[0].selectors.back().match_labels,
            (agones::Labels{{"agones.dev/fleet", "simple-udp"}, {"region", "eu"}}));
  EXPECT_EQ(log_.Count("allocated game_server=gs-1 user=v1GameClientKey client=192.0.2.1"), 1);
  EXPECT_EQ(metrics_.Value("gsh_allocator_service_requests_total{path=/address,code=200}"), 1);
}

TEST_F(ServiceTest, WithoutCredentialsNothingIsAllocated) {
  Start();
  http::Request request = To("/address");
  request.headers.clear();
  const http::Response response = Send(request).get();
  EXPECT_EQ(response.code, 401);
  EXPECT_THAT(response.headers, Contains(Pair("WWW-Authenticate", HasSubstr("Basic"))));
  request.headers = {{"Authorization", "Basic YTpi"}};
  EXPECT_EQ(Send(request).get().code, 401);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ServiceTest, HealthNeedsNoCredentialsAndEndsWithTheStop) {
  Start();
  for (const char* path : {"/", "/healthz"}) {
    http::Request request = To(path);
    request.headers.clear();
    const http::Response response = Send(request).get();
    EXPECT_EQ(response.code, 200) << path;
    EXPECT_EQ(response.body, "Healthy");
  }
  service_->BeginStop();
  EXPECT_EQ(Get("/healthz").code, 503);
  EXPECT_EQ(Get("/address").code, 200) << "who still comes is still served";
}

TEST_F(ServiceTest, GetOnlyAndKnownPathsOnly) {
  Start();
  for (const char* method : {"POST", "PUT", "DELETE", "HEAD", "OPTIONS"}) {
    http::Request request = To("/address");
    request.method = method;
    const http::Response response = Send(request).get();
    EXPECT_EQ(response.code, 405) << method;
    EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET")));
  }
  EXPECT_EQ(Get("/other").code, 404);
  EXPECT_EQ(Get("/metrics").code, 404) << "there is no text";
  EXPECT_EQ(Get("/address", "label=bad").code, 400);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ServiceTest, MetricsNeedCredentials) {
  Start({.metrics_text = [] { return "text"; }});
  EXPECT_EQ(Get("/metrics").body, "text");
  http::Request request = To("/metrics");
  request.headers.clear();
  EXPECT_EQ(Send(request).get().code, 401);
}

TEST_F(ServiceTest, RateLimitOfAClient) {
  Start({.rate_limit = 1});
  EXPECT_EQ(Get("/address").code, 200);
  EXPECT_EQ(Get("/address").code, 200);
  const http::Response response = Get("/address");
  EXPECT_EQ(response.code, 429);
  EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "1")));
  EXPECT_EQ(Get("/healthz").code, 200);
  http::Request other = To("/address");
  other.peer = "192.0.2.2:1";
  EXPECT_EQ(Send(other).get().code, 200);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Get("/address").code, 200);
}

TEST_F(ServiceTest, NoRateLimit) {
  Start({.rate_limit = 0});
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(Get("/address").code, 200);
}

TEST_F(ServiceTest, ClientsBehindATrustedProxyAreToldApart) {
  Start({.trusted_proxies = {*Network::Parse("192.0.2.0/24")}, .rate_limit = 0.5});
  const auto from = [&](const std::string& client) {
    http::Request request = To("/address");
    request.headers.emplace_back("x-forwarded-for", "1.1.1.1");
    request.headers.emplace_back("X-Forwarded-For", client);
    return Send(request).get().code;
  };
  EXPECT_EQ(from("203.0.113.1"), 200);
  EXPECT_EQ(from("203.0.113.1"), 429);
  EXPECT_EQ(from("203.0.113.2"), 200);
}

TEST_F(ServiceTest, AllocationsInFlightAreBounded) {
  Start({.rate_limit = 0, .max_in_flight = 2});
  ASSERT_EQ(Get("/address").code, 200);  // known from here on: nothing happens on other threads
  std::vector<Done> waiting;
  ON_CALL(allocator_, AllocateAsync(_, _, _))
      .WillByDefault([&](const AllocationRequest&, const CallOptions&, Done done) {
        waiting.push_back(std::move(done));
      });
  auto first = Send(To("/address"));
  auto second = Send(To("/address"));
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_EQ(Get("/address").code, 503);
  for (const Done& done : waiting) done(kServer);
  EXPECT_EQ(first.get().code, 200);
  EXPECT_EQ(second.get().code, 200);
  auto third = Send(To("/address"));
  waiting.back()(kServer);
  EXPECT_EQ(third.get().code, 200);
}

TEST_F(ServiceTest, FailuresAreForTheLogNotTheClient) {
  ON_CALL(allocator_, AllocateAsync(_, _, _))
      .WillByDefault([](const AllocationRequest&, const CallOptions&, const Done& done) {
        done(InvalidArgumentError("secret.internal refused"));
      });
  Start();
  const http::Response response = Get("/address");
  EXPECT_EQ(response.code, 502);
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("internal")));
  EXPECT_EQ(log_.Count("secret.internal refused"), 1);
}

TEST_F(ServiceTest, RefusalsDoNotFillTheLog) {
  Start();
  http::Request request = To("/address");
  for (int i = 0; i < 100; ++i) {
    request.headers = {{"Authorization", "Basic YTpi"}};
    Send(request).get();
  }
  EXPECT_EQ(log_.Count("client refused"), 1);
  clock_.Advance(std::chrono::seconds(10));
  Send(request).get();
  EXPECT_EQ(log_.Count("client refused"), 2);
  EXPECT_EQ(log_.Count("more_before=99"), 1);
}

}  // namespace
}  // namespace gsh::allocator_service
