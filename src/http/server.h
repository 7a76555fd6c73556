// A small HTTP/1.1 server in which everything that comes from outside is bounded. Internal.
#ifndef GSH_SRC_HTTP_SERVER_H_
#define GSH_SRC_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/executor.h"
#include "gsh/log.h"
#include "gsh/status.h"
#include "src/http/body_stream.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace gsh::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // "GET", as sent
  std::string path;    // percent-decoded, starts with '/'
  std::string query;   // what followed '?', still encoded
  Headers headers;     // as sent, in order
  std::string body;
  std::string peer;  // "192.0.2.1:40000"

  // The first header of that name (in any case); null if there is none.
  const std::string* FindHeader(std::string_view name) const;
  // The values of all headers of that name, with commas between them, as one list.
  std::string JoinedHeader(std::string_view name) const;
  // The first value of `key` in the query, decoded; empty if there is none.
  std::string QueryValue(std::string_view key) const;
};

struct Response {
  int code = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  Headers headers = {};  // further ones; never Content-Length, Transfer-Encoding or Connection
  // In place of `body`: sent in chunks as it is written, for as long as it takes. HTTP/1.1 only.
  // Ends early when the client closes or sends anything, or the server stops.
  std::shared_ptr<BodyStream> stream = {};
};

using Handler = std::function<Response(const Request&)>;
// Takes the one answer to a request, on any thread; a second call is ignored. When the last copy
// goes and no answer came, the client gets a 500.
using Respond = std::function<void(Response)>;
using AsyncHandler = std::function<void(Request, Respond)>;
// Asked for each connection, so that new certificates need no restart. Null: this connection is
// refused.
using TlsContextFactory = std::function<std::shared_ptr<ssl_ctx_st>()>;

struct ServerOptions {
  // "host:port"; ":8000" is all addresses, IPv4 and IPv6; port 0 is any free one.
  std::string address = {};
  // Runs on `executor`, one call at a time for each connection. HEAD arrives as it is; its body is
  // not sent. An exception becomes a 500.
  Handler handler = {};
  // In place of `handler`, for answers that come later: called on the server's one thread, so that
  // it must not block. Stop() waits for the answers; those who need long should bound their wait.
  AsyncHandler async_handler = {};
  TlsContextFactory tls = {};                // empty: plaintext
  std::size_t max_header_bytes = 16u << 10;  // 431 above
  std::size_t max_body_bytes = 64u << 10;    // 413 above
  std::size_t max_connections = 256;         // those above are closed at once
  // From a request's first byte (TLS handshake: from the connection's start) to its response's last
  // byte, with the handler; a connection that exceeds it is closed.
  std::chrono::milliseconds request_timeout = std::chrono::seconds(10);
  // How long a connection may stay open between two requests.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
  std::shared_ptr<Executor> executor =
      {};  // null: the server's one thread, for handlers that never block
  LogSink* log = nullptr;
};

// One thread serves all connections. Requests that two HTTP implementations could read differently
// (several or unusual lengths, any transfer coding but "chunked", HTTP/1.1 without exactly one
// Host) get a 400.
class Server {
 public:
  // InvalidArgument for bad options, Unavailable when the address cannot be bound.
  static StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);
  ~Server();  // Stop()

  // Accepts no more, closes idle connections, lets requests under way finish (no longer than
  // request_timeout) and returns when no handler runs. Not from a handler.
  void Stop();

  int port() const;
  std::size_t connections() const;

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_SERVER_H_
