// A metadata service for tests that does as it is told; the sandbox has the whole one.
#ifndef GSH_SRC_AWS_IMDS_FAKE_SERVICE_H_
#define GSH_SRC_AWS_IMDS_FAKE_SERVICE_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/instance_metadata.h"
#include "gsh/testing/fakes.h"
#include "src/http/server.h"

namespace gsh::aws {

class FakeService {
 public:
  FakeService() {
    auto server = http::Server::Start(
        {.address = "127.0.0.1:0", .handler = [this](const auto& r) { return Answer(r); }});
    server_ = *std::move(server);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  InstanceMetadataOptions Options() const {
    return {.endpoint_url = url(),
            .attempt_timeout = std::chrono::seconds(20),
            .retry = {.max_attempts = 3, .initial_backoff = Duration(0)},
            .timeout = std::chrono::seconds(60),
            .rng = &rng_,
            .env = &env_};
  }
  void Set(const std::string& path, std::string text) {
    std::lock_guard lock(mutex_);
    texts_[path] = std::move(text);
  }
  // The next requests get these codes, but for those for a token.
  void FailNext(std::vector<int> codes) {
    std::lock_guard lock(mutex_);
    codes_ = std::move(codes);
  }
  void RefuseTokens(int code) {
    std::lock_guard lock(mutex_);
    token_code_ = code;
  }
  // Those given so far are no longer good.
  void ForgetTokens() {
    std::lock_guard lock(mutex_);
    good_from_ = tokens_ + 1;
  }
  void SetTokenLife(std::string seconds) {
    std::lock_guard lock(mutex_);
    life_ = std::move(seconds);
  }
  int tokens() const {
    std::lock_guard lock(mutex_);
    return tokens_;
  }
  std::vector<std::string> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  http::Response Answer(const http::Request& request) {
    std::lock_guard lock(mutex_);
    requests_.push_back(request.method + " " + request.path);
    if (request.method == "PUT") return GiveToken(request);
    if (!codes_.empty()) {
      const int code = codes_.front();
      codes_.erase(codes_.begin());
      return {.code = code, .body = "as told"};
    }
    if (token_code_ == 200) {
      const std::string* token = request.FindHeader("X-aws-ec2-metadata-token");
      if (token == nullptr || std::stoi(token->substr(6)) < good_from_) return {.code = 401};
    }
    const auto found = texts_.find(request.path);
    if (found == texts_.end()) return {.code = 404, .body = "<html>404 - Not Found</html>"};
    return {.body = found->second};
  }
  http::Response GiveToken(const http::Request& request) {
    if (token_code_ != 200) return {.code = token_code_};
    const std::string* ttl = request.FindHeader("X-aws-ec2-metadata-token-ttl-seconds");
    if (ttl == nullptr) return {.code = 400};
    return {.body = "token-" + std::to_string(++tokens_),
            .headers = {{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds", life_.empty() ? *ttl : life_}}};
  }

  mutable testing::SeededRng rng_{1};
  testing::FakeEnv env_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> texts_;  // by the whole path
  std::vector<int> codes_;
  int token_code_ = 200;
  int tokens_ = 0;
  int good_from_ = 0;
  std::string life_;
  std::vector<std::string> requests_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_FAKE_SERVICE_H_
