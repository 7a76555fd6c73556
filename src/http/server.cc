#include "src/http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "src/core/mistakes.h"
#include "src/http/address.h"
#include "src/http/connection.h"
#include "src/http/url.h"

namespace gsh::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Status CheckOptions(const ServerOptions& options) {
  internal::Mistakes mistakes("HTTP server");
  mistakes.Check(options.handler || options.async_handler, "handler is empty");
  mistakes.Check(!options.handler || !options.async_handler,
                 "handler and async_handler are both there");
  mistakes.Check(options.max_header_bytes >= 256 && options.max_header_bytes <= (1u << 20),
                 "max_header_bytes is not in 256..1 MiB");
  mistakes.Check(options.max_connections > 0, "max_connections is 0");
  mistakes.Check(options.request_timeout.count() > 0, "request_timeout is not positive");
  mistakes.Check(options.idle_timeout.count() > 0, "idle_timeout is not positive");
  return mistakes.ToStatus();
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

error_code Listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool both_families) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.protocol() == tcp::v6()) {
    acceptor.set_option(asio::ip::v6_only(!both_families), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

// The first of the address's endpoints that can be bound.
error_code ListenAt(asio::io_context& io, tcp::acceptor& acceptor, const HostPort& address) {
  const auto port = static_cast<unsigned short>(address.port);
  if (address.host.empty()) {
    if (!Listen(acceptor, {tcp::v6(), port}, true)) return {};
    return Listen(acceptor, {tcp::v4(), port}, false);
  }
  error_code error;
  const auto resolved =
      tcp::resolver(io).resolve(address.host, std::to_string(address.port), error);
  if (error) return error;
  for (const auto& entry : resolved) {
    error = Listen(acceptor, entry.endpoint(), false);
    if (!error) return {};
  }
  return error;
}

}  // namespace

const std::string* Request::FindHeader(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualIgnoringCase(key, name)) return &value;
  }
  return nullptr;
}

std::string Request::JoinedHeader(std::string_view name) const {
  std::string joined;
  for (const auto& [key, value] : headers) {
    if (EqualIgnoringCase(key, name)) joined += (joined.empty() ? "" : ",") + value;
  }
  return joined;
}

std::string Request::QueryValue(std::string_view key) const { return http::QueryValue(query, key); }

class Server::Impl {
 public:
  explicit Impl(ServerOptions options) : options_(std::move(options)) {}

  Status Start() {
    StatusOr<HostPort> address = ParseHostPort(options_.address);
    if (!address.ok()) return address.status();
    if (const error_code error = ListenAt(io_, acceptor_, *address)) {
      return UnavailableError("cannot listen on " + options_.address + ": " + error.message());
    }
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(io_, Accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
    return OkStatus();
  }

  void Stop() {
    std::lock_guard once(stop_mutex_);
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { BeginStop(); });
    WaitForConnections(options_.request_timeout);
    asio::post(io_, [this] { CloseAll(true); });
    WaitForConnections({});
    calls_->WaitForNone();  // an executor's thread may still be leaving io_
    thread_.join();
  }

  int port() const { return port_; }
  std::size_t connections() const {
    std::lock_guard lock(mutex_);
    return connections_.size();
  }

 private:
  asio::awaitable<void> Accept() {
    while (!stopping_) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(Into(error));
      if (stopping_) break;
      if (error) {  // out of descriptors: a pause instead of a busy loop
        retry_.expires_after(std::chrono::milliseconds(100));
        co_await retry_.async_wait(Into(error));
      } else if (connections() < options_.max_connections) {
        asio::co_spawn(io_, Run(std::move(socket)), asio::detached);
      }
    }
  }

  asio::awaitable<void> Run(tcp::socket socket) {
    auto connection = std::make_unique<Connection>(std::move(socket), options_, stopping_, calls_);
    {
      std::lock_guard lock(mutex_);
      connections_.insert(connection.get());
    }
    co_await connection->Run();
    std::lock_guard lock(mutex_);
    connections_.erase(connection.get());
    ended_.notify_all();
  }

  void BeginStop() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    CloseAll(false);
  }

  // On the io thread, where alone connections come and go.
  void CloseAll(bool force) {
    for (Connection* connection : connections_) connection->Close(force);
  }

  // A `limit` of 0 waits for ever: closed connections end as soon as their handlers return.
  void WaitForConnections(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const auto none = [this] { return connections_.empty(); };
    if (limit.count() > 0) {
      ended_.wait_for(lock, limit, none);
    } else {
      ended_.wait(lock, none);
    }
  }

  const ServerOptions options_;
  const std::shared_ptr<CallCount> calls_ = std::make_shared<CallCount>();
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::steady_timer retry_{io_};
  int port_ = 0;
  bool stopping_ = false;  // io thread only
  std::thread thread_;
  std::mutex stop_mutex_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::set<Connection*> connections_;  // changed under mutex_ by the io thread
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { Stop(); }

StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  if (Status checked = CheckOptions(options); !checked.ok()) return checked;
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status started = impl->Start(); !started.ok()) return started;
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::Stop() { impl_->Stop(); }
int Server::port() const { return impl_->port(); }
std::size_t Server::connections() const { return impl_->connections(); }

}  // namespace gsh::http
