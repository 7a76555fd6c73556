#include "src/service/probes.h"

#include <utility>

#include "src/service/flags.h"

namespace gsh::service {

Status Probes::Start(const std::string& address, LogSink* log) {
  StatusOr<HostPort> parsed = ParseHostPort("metrics-address", address);
  if (!parsed.ok()) return parsed.status();
  http::ServerOptions options;
  options.address = JoinHostPort(parsed->host.empty() ? "127.0.0.1" : parsed->host, parsed->port);
  options.handler = [this](const http::Request& request) { return Answer(request); };
  options.max_connections = 64;
  options.log = log;
  StatusOr<std::unique_ptr<http::Server>> server = http::Server::Start(std::move(options));
  if (!server.ok()) return server.status().WithContext("--metrics-address");
  server_ = std::move(*server);
  return OkStatus();
}

void Probes::Handle(const std::string& path, Handler handler) {
  std::lock_guard lock(mutex_);
  handlers_[path] = std::move(handler);
}

void Probes::Stop() { server_.reset(); }

int Probes::port() const { return server_ == nullptr ? 0 : server_->port(); }

http::Response Probes::Answer(const http::Request& request) const {
  Handler handler;
  {
    std::lock_guard lock(mutex_);
    const auto found = handlers_.find(request.path);
    if (found == handlers_.end()) return {.code = 404, .body = "not found\n"};
    handler = found->second;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return {.code = 405, .body = "GET only\n", .headers = {{"Allow", "GET, HEAD"}}};
  }
  return handler(request);
}

}  // namespace gsh::service
