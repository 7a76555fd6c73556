// Between Beast's messages and ours, with the checks that Beast leaves to its user. Internal to the
// server.
#ifndef GSH_SRC_HTTP_MESSAGE_H_
#define GSH_SRC_HTTP_MESSAGE_H_

#include <boost/beast/http.hpp>

#include "src/http/server.h"

namespace gsh::http {

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

// The complete message, with Date; for HEAD with the length of the body, but without it.
boost::beast::http::response<boost::beast::http::string_body> ToBeast(Response response,
                                                                      unsigned version,
                                                                      bool keep_alive, bool head);

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_MESSAGE_H_
