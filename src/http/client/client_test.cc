#include "src/http/client/client.h"

#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "gsh/testing/manual_clock.h"
#include "src/http/client/client_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// The house's own server, with what it was asked and what it answers.
class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = Server::Start({.address = "127.0.0.1:0",
                                 .handler =
                                     [this](const Request& request) {
                                       std::lock_guard lock(mutex_);
                                       asked_.push_back(request);
                                       if (answers_.empty()) return Response{.body = "fine"};
                                       Response answer = answers_.front();
                                       answers_.erase(answers_.begin());
                                       return answer;
                                     },
                                 .max_body_bytes = 8u << 20});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  std::vector<Request> asked() {
    std::lock_guard lock(mutex_);
    return asked_;
  }

  std::mutex mutex_;
  std::vector<Request> asked_;
  std::vector<Response> answers_;
  std::unique_ptr<Server> server_;
};

TEST_F(ClientTest, SendsWhatWasAskedFor) {
  const auto client = Make(OptionsFor(endpoint()));
  answers_ = {{.code = 201, .body = "made", .headers = {{"X-Thing", "a b"}}}};
  const Answer answer = Send(*client,
                             {.method = "POST",
                              .target = "/a%2Fb/../c?d=e%20f",
                              .headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}},
                              .body = "{}"},
                             kCreate);
  EXPECT_THAT(answer.status, IsOk());
  EXPECT_EQ(answer.response.code, 201);
  EXPECT_EQ(answer.response.body, "made");
  ASSERT_NE(FindHeader(answer.response.headers, "x-thing"), nullptr);
  EXPECT_EQ(*FindHeader(answer.response.headers, "x-thing"), "a b");
  const Request request = asked().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/a/b/../c");
  EXPECT_EQ(request.query, "d=e%20f");
  EXPECT_EQ(request.body, "{}");
  EXPECT_EQ(*request.FindHeader("host"), endpoint());
  EXPECT_EQ(*request.FindHeader("content-type"), "application/json");
  EXPECT_EQ(*request.FindHeader("x-empty"), "");
  for (const char* absent : {"accept-encoding", "expect", "accept"}) {
    EXPECT_EQ(request.FindHeader(absent), nullptr) << absent;
  }
}

TEST_F(ClientTest, EveryMethodAndSizeOfBody) {
  const auto client = Make(OptionsFor(endpoint()));
  const std::string large(3u << 20, 'x');
  for (const char* method : {"GET", "HEAD", "DELETE", "PUT", "PATCH", "POST", "OPTIONS"}) {
    for (const std::string& body : {std::string(), std::string("{}"), large}) {
      if (!body.empty() && std::string_view("GET HEAD OPTIONS").find(method) != std::string::npos) {
        continue;
      }
      const Answer answer = Send(*client, {.method = method, .body = body});
      ASSERT_THAT(answer.status, IsOk()) << method;
      EXPECT_EQ(answer.response.body, std::string_view(method) == "HEAD" ? "" : "fine");
      EXPECT_EQ(asked().back().method, method);
      EXPECT_EQ(asked().back().body, body) << method;
      EXPECT_EQ(asked().back().FindHeader("transfer-encoding"), nullptr) << method;
    }
  }
}

TEST_F(ClientTest, ConnectionsAreKept) {
  const auto client = Make(OptionsFor(endpoint()));
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Send(*client, {}).status, IsOk());
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(ClientTest, ErrorsCarryCodeAndBody) {
  const auto client = Make(OptionsFor(endpoint()));
  answers_ = {{.code = 404, .body = "no such\nthing"}};
  const Answer answer = Send(*client, {});
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kNotFound, "HTTP 404: no such thing"));
  EXPECT_EQ(answer.status.info()->name, "404");
  EXPECT_EQ(answer.status.info()->attempts, 1);
  EXPECT_EQ(answer.status.info()->peer, endpoint());
  EXPECT_EQ(answer.response.code, 404);
  EXPECT_EQ(answer.response.body, "no such\nthing");
}

TEST_F(ClientTest, TransientErrorsAreRepeated) {
  gsh::testing::RecordingMetrics metrics;
  ClientOptions options = OptionsFor(endpoint());
  options.metrics = &metrics;
  const auto client = Make(options);
  answers_ = {{.code = 503}, {.code = 502}, {.code = 200, .body = "at last"}};
  const Answer answer = Send(*client, {});
  EXPECT_THAT(answer.status, IsOk());
  EXPECT_EQ(answer.response.body, "at last");
  EXPECT_EQ(metrics.Value("gsh_rpc_retries_total{service=test,operation=Get}"), 2);
  EXPECT_EQ(metrics.Value("gsh_rpc_calls_total{service=test,operation=Get,code=OK}"), 1);
}

TEST_F(ClientTest, WhatMayHaveHappenedIsNotRepeated) {
  const auto client = Make(OptionsFor(endpoint()));
  answers_ = {{.code = 503}};
  const Answer answer = Send(*client, {.method = "POST", .body = "{}"}, kCreate);
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(answer.status.info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(ClientTest, RetryAfterIsObeyedAndNotToTheMoment) {
  gsh::testing::ManualClock clock;
  gsh::testing::FixedRng half(1ULL << 63);
  ClientOptions options = OptionsFor(endpoint());
  options.clock = &clock;
  options.rng = &half;
  options.retry = {.initial_backoff = milliseconds(100), .max_backoff = seconds(5)};
  const auto client = Make(options);
  answers_ = {{.code = 429, .headers = {{"Retry-After", "7"}}},
              {.code = 503, .headers = {{"Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"}}},
              {.code = 200}};
  std::promise<Status> ended;
  auto response = std::make_shared<ClientResponse>();
  client->Send(kGet, {}, response, {.timeout = seconds(60)},
               [&](Status status) { ended.set_value(status); });
  clock.WaitForTimers();
  clock.Advance(seconds(7) + milliseconds(49));
  EXPECT_EQ(asked().size(), 1u);
  clock.Advance(milliseconds(1));
  clock.WaitForTimers();
  clock.Advance(seconds(3) + milliseconds(100));  // it is 00:00:10, and half of 200 ms
  EXPECT_THAT(ended.get_future().get(), IsOk());
  EXPECT_EQ(asked().size(), 3u);
}

TEST_F(ClientTest, RetryAfterBeyondAllTimeIsNoOverflow) {
  const auto client = Make(OptionsFor(endpoint()));
  for (const char* late : {"9223372036854775807", "9223372036854775808", "10000000000",
                           "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    const std::size_t before = asked().size();
    answers_ = {{.code = 503, .headers = {{"Retry-After", late}}}};
    const Answer answer = Send(*client, {});
    EXPECT_EQ(answer.status.ok(), std::string_view(late).ends_with("808")) << late;  // no number
    if (answer.status.ok()) continue;
    EXPECT_EQ(answer.status.info()->retry_stop, RetryStop::kDeadline) << late;
    EXPECT_EQ(asked().size(), before + 1) << late;
  }
}

TEST_F(ClientTest, PrepareIsAskedForEachAttempt) {
  int count = 0;
  ClientTraits traits{.prepare = [&](auto request, auto done) {
    request->headers.emplace_back("Authorization", "Bearer " + std::to_string(++count));
    std::thread([done] { done(OkStatus()); }).detach();
  }};
  const auto client = Make(OptionsFor(endpoint()), traits);
  answers_ = {{.code = 503}};
  EXPECT_THAT(Send(*client, {}).status, IsOk());
  EXPECT_EQ(*asked().at(0).FindHeader("authorization"), "Bearer 1");
  EXPECT_EQ(*asked().at(1).FindHeader("authorization"), "Bearer 2");
}

TEST_F(ClientTest, PrepareThatNeverEndsMeetsTheDeadlineAndTheStopToken) {
  gsh::testing::ManualClock clock;
  ClientOptions options = OptionsFor(endpoint());
  options.clock = &clock;
  std::function<void(Status)> late;
  const auto client = Make(options, {.prepare = [&](auto, auto done) { late = std::move(done); }});
  std::promise<Status> ended;
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.timeout = seconds(5)},
               [&](Status status) { ended.set_value(status); });
  clock.Advance(seconds(5));
  EXPECT_THAT(ended.get_future().get(), StatusIs(StatusCode::kDeadlineExceeded));
  late(OkStatus());

  std::stop_source stop;
  std::promise<Status> stopped;
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.stop = stop.get_token()},
               [&](Status status) { stopped.set_value(status); });
  stop.request_stop();
  EXPECT_THAT(stopped.get_future().get(), StatusIs(StatusCode::kCancelled));
  late(OkStatus());
  EXPECT_THAT(asked(), ::testing::IsEmpty());
}

TEST_F(ClientTest, RedirectsAreNotFollowed) {
  const auto client = Make(OptionsFor(endpoint()));
  answers_ = {{.code = 302, .headers = {{"Location", "http://" + endpoint() + "/elsewhere"}}}};
  const Answer answer = Send(*client, {});
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kUnknown));
  EXPECT_EQ(answer.response.code, 302);
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(ClientTest, RequestsThatCouldBeReadAsTwoAreRefused) {
  const auto client = Make(OptionsFor(endpoint()));
  for (const ClientRequest& request :
       {ClientRequest{.method = "GET /x"}, ClientRequest{.target = "relative"},
        ClientRequest{.target = "/a b"}, ClientRequest{.target = "/a\r\nX: y"},
        ClientRequest{.target = ""}, ClientRequest{.headers = {{"A", "b\r\nC: d"}}},
        ClientRequest{.headers = {{"A: b", "c"}}}, ClientRequest{.headers = {{"", "c"}}}}) {
    EXPECT_THAT(Send(*client, request).status, StatusIs(StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(asked(), ::testing::IsEmpty());
}

TEST_F(ClientTest, ProxiesOfTheEnvironmentOnlyIfAskedFor) {
  RawServer proxy([](RawConnection& connection) {
    const std::string request = connection.ReadRequest();
    connection.Answer(request.substr(0, request.find('\r')));
  });
  ASSERT_EQ(setenv("http_proxy", ("http://" + proxy.endpoint()).c_str(), 1), 0);
  ASSERT_EQ(setenv("no_proxy", "", 1), 0);
  EXPECT_EQ(Send(*Make(OptionsFor(endpoint())), {}).response.body, "fine");
  const auto asking = Make(OptionsFor(endpoint()), {.proxy_from_environment = true});
  const std::string line = "GET http://" + endpoint() + "/ HTTP/1.1";
  EXPECT_EQ(Send(*asking, {}).response.body, line);
  ASSERT_EQ(setenv("no_proxy", "*", 1), 0);
  EXPECT_EQ(Send(*asking, {}).response.body, "fine");
  unsetenv("http_proxy");
  const auto named = Make(OptionsFor(endpoint()), {.proxy = "http://" + proxy.endpoint()});
  EXPECT_EQ(Send(*named, {}).response.body, line);
  unsetenv("no_proxy");
}

TEST(ClientOptions, AreChecked) {
  EXPECT_THAT(Client::Make({.endpoint = "nowhere"}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Client::Make({.endpoint = "h:1", .tls = {.ca_file = "/nonexistent"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("/nonexistent")));
  EXPECT_THAT(Client::Make({.endpoint = "h:1"}, {.connect_timeout = Duration(0)}),
              StatusIs(StatusCode::kInvalidArgument));
  for (const char* bad : {"ftp://secret@h:1", "http://", "a b", "http://h:port", "h\r\nX: y"}) {
    EXPECT_THAT(
        Client::Make({.endpoint = "h:1"}, {.proxy = bad}),
        StatusIs(StatusCode::kInvalidArgument, AllOf(HasSubstr("proxy"), Not(HasSubstr("secret")))))
        << bad;
  }
  for (const char* good :
       {"http://h", "https://user:password@h:1/", "socks5h://[::1]:1080", "h:1"}) {
    EXPECT_THAT(Client::Make({.endpoint = "h:1"}, {.proxy = good}), IsOk()) << good;
  }
}

TEST(StatusOfResponse, CodesOfHttp) {
  const auto code = [](int http) { return StatusOfResponse({.code = http}).code(); };
  EXPECT_EQ(code(200), StatusCode::kOk);
  EXPECT_EQ(code(204), StatusCode::kOk);
  EXPECT_EQ(code(400), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(401), StatusCode::kUnauthenticated);
  EXPECT_EQ(code(403), StatusCode::kPermissionDenied);
  EXPECT_EQ(code(409), StatusCode::kAborted);
  EXPECT_EQ(code(422), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(500), StatusCode::kInternal);
  EXPECT_EQ(code(504), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(code(599), StatusCode::kUnknown);
}

}  // namespace
}  // namespace gsh::http
