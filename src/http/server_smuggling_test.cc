// Messages that two implementations could read differently; a second request must never come out
// of one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/http/server_fixture.h"

namespace gsh::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class SmugglingTest : public ServerTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(SmugglingTest, IsRefused) {
  Start();
  const std::string answer = Ask(GetParam() + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << GetParam();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(calls_, 0);
}

std::string Post(const std::string& headers, const std::string& body = "0\r\n\r\n") {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SmugglingTest,
    ::testing::Values(
        Post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        Post("Content-Length: 5\r\nContent-Length: 5\r\n"),
        Post("Content-Length: 0\r\nContent-Length: 5\r\n"), Post("Content-Length: 5, 5\r\n"),
        Post("Content-Length: +5\r\n"), Post("Content-Length: -5\r\n"),
        Post("Content-Length: 0x5\r\n"), Post("Content-Length: 5 5\r\n"),
        Post("Content-Length:\r\n"), Post("Content-Length: 18446744073709551617\r\n"),
        Post("Transfer-Encoding: gzip\r\n"), Post("Transfer-Encoding: identity\r\n"),
        Post("Transfer-Encoding: xchunked\r\n"), Post("Transfer-Encoding: gzip, chunked\r\n"),
        Post("Transfer-Encoding: chunked, chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding : chunked\r\n"),
        Post("Transfer-Encoding: \x0b"
             "chunked\r\n"),
        Post("Transfer-Encoding: \"chunked\"\r\n"), Post("X: y\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "5x\r\nabcde\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n"),
        std::string("GET * HTTP/1.1\r\nHost: h\r\n\r\n"),
        std::string("GET / HTTP/1.1\nHost: h\n\n"), std::string("nonsense\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n")));

TEST_F(ServerTest, OtherVersionsAreRefused) {
  Start();
  EXPECT_THAT(Ask("GET / HTTP/3.0\r\nHost: h\r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Ask("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace gsh::http
