// The HTTP server's side of one connection: whatever bytes come, the handler sees a sane request
// and the peer gets well-formed responses, or none.
#include <sys/socket.h>
#include <unistd.h>

// clang-format off
#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it
#include <boost/asio/awaitable.hpp>
// clang-format on
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <string>

#include "src/http/connection.h"
#include "src/http/server.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using fuzz::Require;

constexpr std::size_t kMaxBody = 1024;

http::Response Answer(const http::Request& request) {
  Require(request.path.starts_with('/'), "paths begin with a slash");
  Require(request.body.size() <= kMaxBody, "bodies are bounded");
  Require(request.method.find_first_of(" \r\n") == std::string::npos, "a method is a word");
  for (const auto& [name, value] : request.headers) {
    Require(!name.empty() && value.find_first_of("\r\n") == std::string::npos, "headers are lines");
  }
  // What comes back holds what was sent, as an echo would.
  return {.body = request.body, .headers = {{"X-Path", request.path}}};
}

// Sends `bytes` and the end of the stream on one end, and serves the other to its end.
std::string Serve(std::string_view bytes) {
  static const http::ServerOptions kOptions{
      .handler = Answer, .max_header_bytes = 2048, .max_body_bytes = kMaxBody};
  static const bool kStopping = false;
  std::array<int, 2> ends{};
  Require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "the machine has sockets");
  const ssize_t sent = send(ends[0], bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  Require(bytes.empty() || sent == static_cast<ssize_t>(bytes.size()), "an input fits the buffer");
  shutdown(ends[0], SHUT_WR);

  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.assign(asio::ip::tcp::v4(), ends[1]);
  http::Connection connection(std::move(socket), kOptions, kStopping,
                              std::make_shared<http::CallCount>());
  asio::co_spawn(io, connection.Run(), asio::detached);
  std::string reply;
  std::array<char, 4096> piece;
  while (io.run_one() > 0) {  // its reply is taken meanwhile, or a long one would fill the buffer
    ssize_t size = 0;
    while ((size = recv(ends[0], piece.data(), piece.size(), MSG_DONTWAIT)) > 0) {
      reply.append(piece.data(), static_cast<std::size_t>(size));
    }
  }
  close(ends[0]);
  return reply;
}

// Every response must parse, one after the other, to the last byte.
void CheckReplies(std::string_view reply) {
  while (!reply.empty()) {
    beast::http::response_parser<beast::http::string_body> parser;
    parser.eager(true);
    // HEAD's answer announces a body that does not come; it can only be the last byte's header.
    beast::error_code error;
    const std::size_t used = parser.put(asio::buffer(reply.data(), reply.size()), error);
    if (error == beast::http::error::need_more) return;  // a HEAD, or cut by the end of the input
    Require(!error, "responses are well-formed");
    if (parser.is_header_done()) {
      const unsigned code = parser.get().result_int();
      Require(code >= 100 && code <= 599, "a status is a status");
    }
    if (used == 0 || !parser.is_done()) return;
    reply.remove_prefix(used);
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 32 * 1024) return 0;  // more than the socket's buffer holds says nothing new
  gsh::CheckReplies(gsh::Serve(gsh::fuzz::TextOf(data, size)));
  return 0;
}
