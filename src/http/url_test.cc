#include "src/http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/testing/matchers.h"
#include "src/http/address.h"

namespace gsh::http {
namespace {

using gsh::testing::StatusIs;

TEST(PercentDecodeTest, DecodesAndRefuses) {
  EXPECT_EQ(PercentDecode("a%20b%2Fc+d"), "a b/c+d");
  EXPECT_EQ(PercentDecode("a+b", true), "a b");
  EXPECT_EQ(PercentDecode("%c3%BC"), "\xC3\xBC");
  for (const char* bad : {"%", "%2", "%zz", "a%2g", "%00"}) {
    EXPECT_EQ(PercentDecode(bad), std::nullopt) << bad;
  }
}

TEST(QueryValueTest, FindsTheFirstOfAKey) {
  EXPECT_EQ(QueryValue("ticket=a%26b&ticket=c", "ticket"), "a&b");
  EXPECT_EQ(QueryValue("x=1&y=2", "y"), "2");
  EXPECT_EQ(QueryValue("x=1&flag&y=2", "flag"), "");
  EXPECT_EQ(QueryValue("tickets=1", "ticket"), "");
  EXPECT_EQ(QueryValue("x=%zz", "x"), "");
  EXPECT_EQ(QueryValue("a%3Db=c=d", "a=b"), "c=d");
  EXPECT_EQ(QueryValue("", "x"), "");
}

TEST(ParseTargetTest, OriginAndAbsoluteForm) {
  const auto origin = ParseTarget("/a%20b?x=%20&y");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->path, "/a b");
  EXPECT_EQ(origin->query, "x=%20&y");
  const auto absolute = ParseTarget("http://example.com:80/address?x=1");
  ASSERT_TRUE(absolute);
  EXPECT_EQ(absolute->path, "/address");
  EXPECT_EQ(absolute->query, "x=1");
  for (const char* bad :
       {"", "*", "address", "example.com:443", "http://host", "ftp://h/", "/%00"}) {
    EXPECT_FALSE(ParseTarget(bad)) << bad;
  }
}

TEST(ParseHostPortTest, AllForms) {
  const auto expect = [](const char* text, const char* host, int port) {
    const auto parsed = ParseHostPort(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(parsed->host, host) << text;
    EXPECT_EQ(parsed->port, port) << text;
  };
  expect("localhost:80", "localhost", 80);
  expect("[::1]:443", "::1", 443);
  expect(":8000", "", 8000);
  expect("8000", "", 8000);
  expect("h:0", "h", 0);
  expect("h:65535", "h", 65535);
  for (const char* bad : {"", "h", "h:", "h:65536", "h:-1", "h:+1", "h: 1", "::1:80", "[::1]",
                          "h:1x", "[]:80", "h:99999999999", "[a]b]:1"}) {
    EXPECT_THAT(ParseHostPort(bad), StatusIs(StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace gsh::http
