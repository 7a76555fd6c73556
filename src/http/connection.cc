#include "src/http/connection.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cstddef>
#include <exception>
#include <optional>

#include "src/http/message.h"

namespace gsh::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kMaxLinger = 256u << 10;
constexpr std::chrono::seconds kLinger{1};

auto Into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

Response Invoke(const ServerOptions& options, const Request& request) {
  std::string what = "unknown exception";
  try {
    return options.handler(request);
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  Log(options.log, LogLevel::kError, "HTTP handler failed",
      {{"path", request.path}, {"error", what}});
  return {.code = 500, .body = "internal error\n"};
}

}  // namespace

// Points Connection::lowest_ elsewhere for as long as the TLS stream lives.
class Connection::Lowest {
 public:
  Lowest(beast::tcp_stream*& pointer, beast::tcp_stream& stream)
      : pointer_(pointer), former_(std::exchange(pointer, &stream)) {}
  ~Lowest() { pointer_ = former_; }
  Lowest(const Lowest&) = delete;
  Lowest& operator=(const Lowest&) = delete;

 private:
  beast::tcp_stream*& pointer_;
  beast::tcp_stream* const former_;
};

Connection::Connection(asio::ip::tcp::socket socket, const ServerOptions& options,
                       const bool& stopping, std::shared_ptr<CallCount> calls)
    : socket_(std::move(socket)),
      options_(options),
      stopping_(stopping),
      calls_(std::move(calls)),
      buffer_(options.max_header_bytes + kReadBytes) {
  error_code error;
  socket_.socket().set_option(asio::ip::tcp::no_delay(true), error);
  const auto endpoint = socket_.socket().remote_endpoint(error);
  if (error) return;
  const std::string host = endpoint.address().to_string();
  peer_ = (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
          std::to_string(endpoint.port());
}

asio::awaitable<void> Connection::Run() {
  if (stopping_) co_return;
  try {
    if (options_.tls) {
      co_await RunTls();
    } else {
      co_await Serve(socket_);
    }
  } catch (const std::exception& error) {
    Log(options_.log, LogLevel::kWarning, "HTTP connection failed",
        {{"peer", peer_}, {"error", error.what()}});
  }
  Close(true);
}

void Connection::Close(bool force) {
  if (force || idle_) lowest_->close();
}

asio::awaitable<void> Connection::RunTls() {
  const std::shared_ptr<ssl_ctx_st> shared = options_.tls();
  if (shared == nullptr) co_return;
  SSL_CTX_up_ref(shared.get());
  asio::ssl::context context(shared.get());  // takes one reference
  beast::ssl_stream<beast::tcp_stream> stream(std::move(socket_), context);
  const Lowest lowest(lowest_, stream.next_layer());
  error_code error;
  lowest_->expires_after(options_.request_timeout);
  co_await stream.async_handshake(asio::ssl::stream_base::server, Into(error));
  if (!error) {
    co_await Serve(stream);
    lowest_->expires_after(kLinger);
    co_await stream.async_shutdown(Into(error));
  }
  lowest_->close();
}

template <typename Stream>
asio::awaitable<void> Connection::Serve(Stream& stream) {
  bool more = true;
  while (more && !stopping_) {
    idle_ = true;
    if (!co_await WaitForRequest(stream)) co_return;
    idle_ = false;
    lowest_->expires_after(options_.request_timeout);  // of all that follows, to the next round
    more = co_await ServeOne(stream);
  }
  idle_ = true;
}

template <typename Stream>
asio::awaitable<bool> Connection::WaitForRequest(Stream& stream) {
  if (buffer_.size() > 0) co_return true;  // pipelined
  error_code error;
  lowest_->expires_after(options_.idle_timeout);
  const std::size_t size =
      co_await stream.async_read_some(buffer_.prepare(kReadBytes), Into(error));
  buffer_.commit(size);
  co_return !error;
}

template <typename Stream>
asio::awaitable<bool> Connection::ServeOne(Stream& stream) {
  error_code error;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  parser.body_limit(options_.max_body_bytes);
  co_await beast::http::async_read_header(stream, buffer_, parser, Into(error));
  Verdict verdict = error ? VerdictOf(error) : CheckHeader(parser.get());
  if (verdict.code != 200) co_return co_await Refuse(stream, verdict.code, verdict.reason);
  if (beast::iequals(parser.get()[beast::http::field::expect], "100-continue")) {
    beast::http::response<beast::http::empty_body> go_on(beast::http::status::continue_, 11);
    co_await beast::http::async_write(stream, go_on, Into(error));
    if (error) co_return false;
  }
  co_await beast::http::async_read(stream, buffer_, parser, Into(error));
  if (error) {
    verdict = VerdictOf(error);
    co_return co_await Refuse(stream, verdict.code, verdict.reason);
  }
  auto message = parser.release();
  const bool head = message.method() == beast::http::verb::head;
  const bool keep_alive = message.keep_alive();
  const unsigned version = message.version();
  Response response = co_await Handle(ToRequest(message, std::move(message.body()), peer_));
  auto reply = ToBeast(std::move(response), version, keep_alive && !stopping_, head);
  beast::http::response_serializer<beast::http::string_body> serializer(reply);
  if (head) {
    co_await beast::http::async_write_header(stream, serializer, Into(error));
  } else {
    co_await beast::http::async_write(stream, serializer, Into(error));
  }
  co_return !error && keep_alive;
}

template <typename Stream>
asio::awaitable<bool> Connection::Refuse(Stream& stream, int code, const char* reason) {
  if (code == 0) co_return false;
  error_code error;
  Response response{.code = code, .body = std::string(reason) + "\n"};
  auto reply = ToBeast(std::move(response), 11, false, false);
  co_await beast::http::async_write(stream, reply, Into(error));
  // Closing a socket with unread input resets it, and the peer may lose the response: read on for a
  // moment.
  lowest_->socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  lowest_->expires_after(std::min<std::chrono::milliseconds>(kLinger, options_.request_timeout));
  idle_ = true;
  buffer_.clear();
  std::size_t total = 0;
  while (!error && total < kMaxLinger) {
    total += co_await lowest_->async_read_some(buffer_.prepare(kReadBytes), Into(error));
  }
  co_return false;
}

asio::awaitable<Response> Connection::Handle(Request request) {
  if (options_.executor == nullptr) co_return Invoke(options_, request);
  // `done` and `response` stay in this frame, which waits for them; the executor may keep its copy
  // of the function for longer than the server lives, so nothing of asio's belongs to it.
  const asio::any_io_executor io = co_await asio::this_coro::executor;
  asio::steady_timer done(io);  // never expires: its cancellation is the news
  done.expires_at(std::chrono::steady_clock::time_point::max());
  std::optional<Response> response;
  calls_->Begin();
  options_.executor->Post([&options = options_, io, calls = calls_, &done, &response,
                           shared = std::make_shared<const Request>(std::move(request))] {
    asio::post(io, [&done, &response, result = Invoke(options, *shared)]() mutable {
      response = std::move(result);
      done.cancel();
    });
    calls->End();
  });
  error_code cancelled;
  while (!response) co_await done.async_wait(Into(cancelled));
  co_return std::move(*response);
}

}  // namespace gsh::http
