#include "src/http/connection.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>

namespace gsh::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;

constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kMaxLinger = 256u << 10;
constexpr std::chrono::seconds kLinger{1};

Response InternalError() { return {.code = 500, .body = "internal error\n"}; }

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
  return InternalError();
}

// The way of one answer from whatever thread to the connection that waits for it. `done` and
// `response` are the connection's; they live until the answer is there.
class Reply {
 public:
  Reply(asio::any_io_executor io, std::shared_ptr<CallCount> calls, asio::steady_timer& done,
        std::optional<Response>& response)
      : io_(std::move(io)), calls_(std::move(calls)), done_(done), response_(response) {
    calls_->Begin();
  }
  ~Reply() { Give(InternalError()); }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void Give(Response answer) {
    if (given_.exchange(true)) return;
    asio::post(io_, [&done = done_, &response = response_, answer = std::move(answer)]() mutable {
      response = std::move(answer);
      done.cancel();
    });
    calls_->End();  // from here on the server may be gone
  }

 private:
  const asio::any_io_executor io_;
  const std::shared_ptr<CallCount> calls_;
  asio::steady_timer& done_;
  std::optional<Response>& response_;
  std::atomic<bool> given_ = false;
};

void InvokeAsync(const ServerOptions& options, Request request, std::shared_ptr<Reply> reply) {
  std::string what = "unknown exception";
  const std::string path = request.path;
  try {
    return options.async_handler(std::move(request),
                                 [reply](Response answer) { reply->Give(std::move(answer)); });
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  Log(options.log, LogLevel::kError, "HTTP handler failed", {{"path", path}, {"error", what}});
  reply->Give(InternalError());
}

}  // namespace

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
    co_await Serve();
  } catch (const std::exception& error) {
    Log(options_.log, LogLevel::kWarning, "HTTP connection failed",
        {{"peer", peer_}, {"error", error.what()}});
  }
  Close(true);
}

void Connection::Close(bool force) {
  if (force || idle_) socket_.close();
}

asio::awaitable<void> Connection::Serve() {
  const std::shared_ptr<ssl_ctx_st> tls = options_.tls ? options_.tls() : nullptr;
  if (options_.tls && tls == nullptr) co_return;
  transport_ = MakeTransport(socket_, tls);
  error_code error;
  socket_.expires_after(options_.request_timeout);
  co_await transport_->Handshake(error);
  if (error) co_return;
  bool more = true;
  while (more && !stopping_) {
    idle_ = true;
    if (!co_await WaitForRequest()) break;
    idle_ = false;
    socket_.expires_after(options_.request_timeout);  // of all that follows, to the next round
    more = co_await ServeOne();
  }
  idle_ = true;
  socket_.expires_after(kLinger);
  co_await transport_->Shutdown();
}

asio::awaitable<bool> Connection::WaitForRequest() {
  if (buffer_.size() > 0) co_return true;  // pipelined
  error_code error;
  socket_.expires_after(options_.idle_timeout);
  buffer_.commit(co_await transport_->ReadSome(buffer_.prepare(kReadBytes), error));
  co_return !error;
}

asio::awaitable<bool> Connection::ServeOne() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  parser.body_limit(options_.max_body_bytes);
  error_code error = co_await Read(parser);
  Verdict verdict = error ? VerdictOf(error) : CheckHeader(parser.get());
  if (verdict.code != 200) co_return co_await Refuse(verdict.code, verdict.reason);
  if (beast::iequals(parser.get()[beast::http::field::expect], "100-continue")) {
    co_await transport_->Write("HTTP/1.1 100 Continue\r\n\r\n", error);
    if (error) co_return false;
  }
  parser.eager(true);
  error = co_await Read(parser);
  if (error) {
    verdict = VerdictOf(error);
    co_return co_await Refuse(verdict.code, verdict.reason);
  }
  auto message = parser.release();
  Framing framing{.version = message.version(),
                  .keep_alive = message.keep_alive(),
                  .head = message.method() == beast::http::verb::head};
  const Response response = co_await Handle(ToRequest(message, std::move(message.body()), peer_));
  framing.keep_alive = framing.keep_alive && !stopping_;
  if (response.stream == nullptr) co_return co_await Send(response, framing);
  if (framing.version != 11) co_return co_await Refuse(505, "HTTP/1.1 only");
  co_return co_await SendStream(response, framing);
}

asio::awaitable<error_code> Connection::Read(Parser& parser) {
  error_code error;
  while (!(parser.eager() ? parser.is_done() : parser.is_header_done())) {
    if (buffer_.size() > 0) {
      buffer_.consume(parser.put(buffer_.data(), error));
      if (!error) continue;
      if (error != beast::http::error::need_more) co_return error;
    }
    const std::size_t room = std::min(buffer_.max_size() - buffer_.size(), kReadBytes);
    if (room == 0) co_return beast::http::error::buffer_overflow;
    buffer_.commit(co_await transport_->ReadSome(buffer_.prepare(room), error));
    if (error) co_return error;
  }
  co_return error_code{};
}

asio::awaitable<bool> Connection::Send(const Response& response, Framing framing) {
  std::string bytes = HeaderOf(response, framing);
  const std::string& body = response.body;
  const bool has_body = !framing.head && HasBody(response);
  const bool together = has_body && body.size() <= kReadBytes;
  if (together) bytes += body;
  error_code error;
  co_await transport_->Write(bytes, error);
  if (has_body && !together && !error) co_await transport_->Write(body, error);
  co_return !error && framing.keep_alive;
}

asio::awaitable<bool> Connection::SendStream(const Response& response, Framing framing) {
  const std::shared_ptr<BodyStream> body = response.stream;
  error_code error;
  const std::string header = HeaderOf(response, framing);
  co_await transport_->Write(header, error);
  const bool no_body = framing.head || !HasBody(response);
  const bool ended = !error && (no_body || co_await SendChunks(*body));
  body->Detach();
  co_return (ended && framing.keep_alive);
}

asio::awaitable<bool> Connection::SendChunks(BodyStream& body) {
  const asio::any_io_executor io = co_await asio::this_coro::executor;
  // Never expires: its cancellation is the news.
  const auto news = std::make_shared<asio::steady_timer>(io);
  news->expires_at(std::chrono::steady_clock::time_point::max());
  body.Attach([io, news] { asio::post(io, [news] { news->cancel(); }); });
  const auto gone = std::make_shared<bool>(false);
  socket_.socket().async_wait(asio::ip::tcp::socket::wait_read, [news, gone](error_code) {
    *gone = true;
    news->cancel();
  });
  idle_ = true;  // the server's end need not wait for ours, and may have begun before this
  error_code error;
  bool ended = false;
  while (!ended && !error && !*gone && !stopping_) {
    const BodyStream::Taken taken = body.Take();
    if (taken.broken) break;
    socket_.expires_after(options_.request_timeout);
    if (!taken.pieces.empty()) {
      const std::string chunk = ChunkOf(taken.pieces);
      co_await transport_->Write(chunk, error);
    } else if (taken.ended) {
      co_await transport_->Write(kLastChunk, error);
      ended = !error;
    } else {
      error_code cancelled;
      co_await news->async_wait(Into(cancelled));
    }
  }
  const bool usable = ended && !*gone;
  if (!*gone) socket_.socket().cancel(error);
  co_return usable;
}

asio::awaitable<bool> Connection::Refuse(int code, const char* reason) {
  if (code == 0) co_return false;
  const Response response{.code = code, .body = std::string(reason) + "\n"};
  co_await Send(response, {.keep_alive = false});
  // Closing a socket with unread input resets it, and the peer may lose the response: read on for a
  // moment.
  error_code error;
  socket_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  socket_.expires_after(std::min<std::chrono::milliseconds>(kLinger, options_.request_timeout));
  idle_ = true;
  buffer_.clear();
  std::size_t total = 0;
  while (!error && total < kMaxLinger) {
    // Below TLS: nobody reads what comes.
    total += co_await socket_.async_read_some(buffer_.prepare(kReadBytes), Into(error));
  }
  co_return false;
}

asio::awaitable<Response> Connection::Handle(Request request) {
  if (options_.handler && options_.executor == nullptr) co_return Invoke(options_, request);
  const asio::any_io_executor io = co_await asio::this_coro::executor;
  asio::steady_timer done(io);  // never expires: its cancellation is the news
  done.expires_at(std::chrono::steady_clock::time_point::max());
  std::optional<Response> response;
  {
    auto reply = std::make_shared<Reply>(io, calls_, done, response);
    if (options_.async_handler) {
      InvokeAsync(options_, std::move(request), std::move(reply));
    } else {
      options_.executor->Post([&options = options_, reply,
                               shared = std::make_shared<const Request>(std::move(request))] {
        reply->Give(Invoke(options, *shared));
      });
    }
  }
  error_code cancelled;
  while (!response) co_await done.async_wait(Into(cancelled));
  co_return std::move(*response);
}

}  // namespace gsh::http
