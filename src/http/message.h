// Between Beast's messages and ours, with the checks that Beast leaves to its user. Internal to the
// server.
#ifndef GSH_SRC_HTTP_MESSAGE_H_
#define GSH_SRC_HTTP_MESSAGE_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>

#include "src/http/server.h"

namespace gsh::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// Why a request must be refused: code 200 means that it is fine.
struct Verdict {
  int code = 200;
  const char* reason = "";
};

// Refuses what two implementations could read differently (RFC 9112, sections 3.2 and 6.3; Beast
// ignores transfer codings it does not know), and versions other than 1.0 and 1.1.
Verdict CheckHeader(const boost::beast::http::request_header<>& header);

// What a failure of Beast's parser means for the client; code 0: the connection is gone, nobody to
// tell.
Verdict VerdictOf(boost::beast::error_code error);

// `header` has passed CheckHeader.
Request ToRequest(boost::beast::http::request_header<>& header, std::string body, std::string peer);

// What a request asks of the form of its response.
struct Framing {
  unsigned version = 11;
  bool keep_alive = true;
  bool head = false;  // no body, but its length
};

// Status line and headers, with Date and the length of the body, or of chunks to come.
std::string HeaderOf(const Response& response, const Framing& framing);
// Some codes have none.
bool HasBody(const Response& response);
// `bytes` as a chunk; not empty, or it would be the last.
std::string ChunkOf(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_MESSAGE_H_
