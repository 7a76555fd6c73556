#include "src/http/transport.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace gsh::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

template <typename Lower>
asio::awaitable<void> WriteAll(Lower& lower, std::string_view bytes, beast::error_code& error) {
  error = {};
  while (!bytes.empty() && !error) {
    bytes.remove_prefix(
        co_await lower.async_write_some(asio::buffer(bytes.data(), bytes.size()), Into(error)));
  }
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(beast::tcp_stream& socket) : socket_(socket) {}

  asio::awaitable<std::size_t> ReadSome(asio::mutable_buffer into, Error& error) override {
    return socket_.async_read_some(into, Into(error));
  }
  asio::awaitable<void> Write(std::string_view bytes, Error& error) override {
    return WriteAll(socket_, bytes, error);
  }
  asio::awaitable<void> Handshake(Error& error) override {
    error = {};
    co_return;
  }
  asio::awaitable<void> Shutdown() override { co_return; }

 private:
  beast::tcp_stream& socket_;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(beast::tcp_stream& socket, const std::shared_ptr<ssl_ctx_st>& context)
      : context_(Share(context)), tls_(socket, context_) {}

  asio::awaitable<std::size_t> ReadSome(asio::mutable_buffer into, Error& error) override {
    return tls_.async_read_some(into, Into(error));
  }
  asio::awaitable<void> Write(std::string_view bytes, Error& error) override {
    return WriteAll(tls_, bytes, error);
  }
  asio::awaitable<void> Handshake(Error& error) override {
    return tls_.async_handshake(asio::ssl::stream_base::server, Into(error));
  }
  asio::awaitable<void> Shutdown() override {
    Error ignored;
    co_await tls_.async_shutdown(Into(ignored));
  }

 private:
  // Asio takes a reference of its own over.
  static SSL_CTX* Share(const std::shared_ptr<ssl_ctx_st>& context) {
    SSL_CTX_up_ref(context.get());
    return context.get();
  }

  asio::ssl::context context_;
  asio::ssl::stream<beast::tcp_stream&> tls_;
};

}  // namespace

std::unique_ptr<Transport> MakeTransport(beast::tcp_stream& socket,
                                         const std::shared_ptr<ssl_ctx_st>& tls) {
  if (tls == nullptr) return std::make_unique<PlainTransport>(socket);
  return std::make_unique<TlsTransport>(socket, tls);
}

}  // namespace gsh::http
