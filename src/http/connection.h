// One connection: request after request until it ends. Internal to the server.
#ifndef GSH_SRC_HTTP_CONNECTION_H_
#define GSH_SRC_HTTP_CONNECTION_H_

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it
#include <boost/asio/awaitable.hpp>
// clang-format on
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "src/http/message.h"
#include "src/http/server.h"
#include "src/http/transport.h"

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
  boost::asio::awaitable<void> Serve();
  // Waits for the first byte of the next request.
  boost::asio::awaitable<bool> WaitForRequest();
  // One request and its response; false to end the connection.
  boost::asio::awaitable<bool> ServeOne();
  // The header, or all, as `parser` is set; the error says why not.
  boost::asio::awaitable<Transport::Error> Read(Parser& parser);
  boost::asio::awaitable<Response> Handle(Request request);
  boost::asio::awaitable<bool> Send(const Response& response, Framing framing);
  // A header and the chunks after it; false to end the connection.
  boost::asio::awaitable<bool> SendStream(const Response& response, Framing framing);
  // Chunks until the end: true if there was one.
  boost::asio::awaitable<bool> SendChunks(BodyStream& body);
  boost::asio::awaitable<bool> Refuse(int code, const char* reason);

  boost::beast::tcp_stream socket_;
  std::unique_ptr<Transport> transport_;  // over socket_; while Run() runs
  const ServerOptions& options_;
  const bool& stopping_;
  const std::shared_ptr<CallCount> calls_;
  bool idle_ = true;
  std::string peer_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CONNECTION_H_
