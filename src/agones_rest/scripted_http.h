// A server for tests that answers as it was told, and notes what it was asked.
#ifndef GSH_SRC_AGONES_REST_SCRIPTED_HTTP_H_
#define GSH_SRC_AGONES_REST_SCRIPTED_HTTP_H_

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/http/server.h"

namespace gsh::agones_rest {

class ScriptedHttp {
 public:
  ScriptedHttp() { Listen(0); }

  int port() const { return server_->port(); }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port()); }
  void Stop() {
    port_ = server_->port();
    server_ = nullptr;
  }
  void Restart() { Listen(port_); }

  // For requests such as "GET /gameserver"; others get "{}".
  void Answer(const std::string& request, http::Response response) {
    std::lock_guard lock(mutex_);
    answers_[request] = std::move(response);
  }
  void Answer(const std::string& request, const std::string& body) {
    Answer(request, http::Response{.content_type = "application/json", .body = body});
  }
  // "POST /reserve {"seconds":"30"}"
  std::vector<std::string> calls() {
    std::lock_guard lock(mutex_);
    return calls_;
  }
  int Count(const std::string& request) {
    std::lock_guard lock(mutex_);
    return CountLocked(request);
  }
  bool WaitFor(const std::string& request, int count,
               std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return CountLocked(request) >= count; });
  }

 private:
  void Listen(int port) {
    http::ServerOptions options;
    options.address = "127.0.0.1:" + std::to_string(port);
    options.handler = [this](const http::Request& request) { return Handle(request); };
    auto server = http::Server::Start(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  http::Response Handle(const http::Request& request) {
    std::string name = request.method + " " + request.path;
    if (!request.query.empty()) name += "?" + request.query;
    std::lock_guard lock(mutex_);
    calls_.push_back(request.body.empty() ? name : name + " " + request.body);
    ++counts_[name];
    changed_.notify_all();
    const auto found = answers_.find(name);
    if (found != answers_.end()) return found->second;
    return {.content_type = "application/json", .body = "{}"};
  }
  int CountLocked(const std::string& request) { return counts_[request]; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, http::Response> answers_;
  std::map<std::string, int> counts_;
  std::vector<std::string> calls_;
  int port_ = 0;
  std::unique_ptr<http::Server> server_;
};

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_SCRIPTED_HTTP_H_
