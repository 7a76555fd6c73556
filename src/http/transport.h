// What a connection reads from and writes to: a socket, or TLS over it. Internal to the server.
#ifndef GSH_SRC_HTTP_TRANSPORT_H_
#define GSH_SRC_HTTP_TRANSPORT_H_

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it
#include <boost/asio/awaitable.hpp>
// clang-format on
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstddef>
#include <memory>
#include <string_view>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace gsh::http {

// The token of an operation whose coroutine goes on with `error` in place of an exception.
inline auto Into(boost::beast::error_code& error) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

// Its time limit is the socket's. The functions are virtual so that what Asio makes of each
// asynchronous operation, which is a lot, is compiled once and here alone.
class Transport {
 public:
  using Error = boost::beast::error_code;

  virtual ~Transport() = default;
  // At least one byte, unless `error` says why there is none.
  virtual boost::asio::awaitable<std::size_t> ReadSome(boost::asio::mutable_buffer into,
                                                       Error& error) = 0;
  // All of `bytes`, which must live until then.
  virtual boost::asio::awaitable<void> Write(std::string_view bytes, Error& error) = 0;
  // Before the first byte and after the last one.
  virtual boost::asio::awaitable<void> Handshake(Error& error) = 0;
  virtual boost::asio::awaitable<void> Shutdown() = 0;
};

// `socket` must outlive it. Null for `tls`: plaintext.
std::unique_ptr<Transport> MakeTransport(boost::beast::tcp_stream& socket,
                                         const std::shared_ptr<ssl_ctx_st>& tls);

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_TRANSPORT_H_
