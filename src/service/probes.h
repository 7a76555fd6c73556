// The metrics address of a program: /livez, /readyz, /metrics, and what the program adds.
#ifndef GSH_SRC_SERVICE_PROBES_H_
#define GSH_SRC_SERVICE_PROBES_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gsh/log.h"
#include "gsh/status.h"
#include "src/http/server.h"

namespace gsh::service {

class Probes {
 public:
  using Handler = std::function<http::Response(const http::Request&)>;

  // `address` as of --metrics-address: "host:port", ":port" or "port", loopback when the host is
  // left out. InvalidArgument for a bad one, Unavailable when it cannot be bound. May be called
  // once.
  Status Start(const std::string& address, LogSink* log);
  // A GET path; a second handler for the same path takes its place.
  void Handle(const std::string& path, Handler handler);
  // No handler runs when it returns.
  void Stop();
  int port() const;  // 0 before Start

  // GET and HEAD of a known path; else 404 or 405.
  http::Response Answer(const http::Request& request) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Handler> handlers_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_PROBES_H_
