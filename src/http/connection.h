// One connection: request after request until it ends. Internal to the server.
#ifndef GSH_SRC_HTTP_CONNECTION_H_
#define GSH_SRC_HTTP_CONNECTION_H_

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it
#include <boost/asio/awaitable.hpp>
// clang-format on
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "src/http/server.h"

namespace gsh::http {

// How many handlers an executor still runs, for them or for the last steps after them.
class CallCount {
 public:
  void Begin() {
    std::lock_guard lock(mutex_);
    ++count_;
  }
  void End() {
    std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  void WaitForNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

// Lives and runs on the server's thread alone.
class Connection {
 public:
  // `options` and `stopping` must outlive it.
  Connection(boost::asio::ip::tcp::socket socket, const ServerOptions& options,
             const bool& stopping, std::shared_ptr<CallCount> calls);

  // Until the peer has enough, a limit is exceeded, or the server stops. Throws nothing.
  boost::asio::awaitable<void> Run();
  // Closes the socket if no request is under way; `force`: in any case.
  void Close(bool force);

 private:
  class Lowest;

  template <typename Stream>
  boost::asio::awaitable<void> Serve(Stream& stream);
  // One request and its response; false to end the connection.
  template <typename Stream>
  boost::asio::awaitable<bool> ServeOne(Stream& stream);
  template <typename Stream>
  boost::asio::awaitable<bool> Refuse(Stream& stream, int code, const char* reason);
  // Waits for the first byte of the next request.
  template <typename Stream>
  boost::asio::awaitable<bool> WaitForRequest(Stream& stream);
  boost::asio::awaitable<void> RunTls();
  boost::asio::awaitable<Response> Handle(Request request);

  boost::beast::tcp_stream socket_;
  boost::beast::tcp_stream* lowest_ = &socket_;  // with TLS, the stream that took the socket over
  const ServerOptions& options_;
  const bool& stopping_;
  const std::shared_ptr<CallCount> calls_;
  bool idle_ = true;
  std::string peer_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CONNECTION_H_
