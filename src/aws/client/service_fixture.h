// FakeService: an AWS service that answers what a test says, for the clients' tests.
#ifndef GSH_SRC_AWS_CLIENT_SERVICE_FIXTURE_H_
#define GSH_SRC_AWS_CLIENT_SERVICE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/default_credentials.h"
#include "gsh/aws/options.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/http/server.h"

namespace gsh::aws {

class FakeService {
 public:
  FakeService() {
    auto server = http::Server::Start(
        {.address = "127.0.0.1:0",
         .handler = [this](const http::Request& request) { return Answer(request); },
         .max_body_bytes = 4u << 20});
    EXPECT_THAT(server, testing::IsOk());
    if (server.ok()) server_ = *std::move(server);
  }

  // What comes next, in this order; then `{}` to everything.
  void Reply(http::Response response) {
    std::lock_guard lock(mutex_);
    replies_.push_back(std::move(response));
  }
  void Reply(int code, std::string body, http::Headers headers = {}) {
    Reply({.code = code,
           .content_type = "application/x-amz-json-1.1",
           .body = std::move(body),
           .headers = std::move(headers)});
  }
  std::vector<http::Request> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }
  // Of the newest request.
  http::Request last() const {
    std::lock_guard lock(mutex_);
    return requests_.empty() ? http::Request() : requests_.back();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  // Towards this service, with credentials that never change and no pauses.
  AwsOptions options() const {
    static const testing::FakeEnv kNoEnv(
        std::map<std::string, std::string>{{"HOME", "/nonexistent"}});
    return {.region = "eu-west-1",
            .endpoint_url = url(),
            .credentials = MakeStaticCredentials(Credentials("AKID", "secret", "token")),
            .retry = {.max_attempts = 3,
                      .initial_backoff = Duration(0),
                      .max_backoff = Duration(0),
                      .budget = 500,
                      .budget_refill = 1},
            .env = &kNoEnv};
  }

 private:
  http::Response Answer(const http::Request& request) {
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (replies_.empty()) return {.content_type = "application/x-amz-json-1.1", .body = "{}"};
    http::Response response = std::move(replies_.front());
    replies_.pop_front();
    return response;
  }

  mutable std::mutex mutex_;
  std::deque<http::Response> replies_;
  std::vector<http::Request> requests_;
  std::unique_ptr<http::Server> server_;  // the last: its thread uses the others
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_SERVICE_FIXTURE_H_
