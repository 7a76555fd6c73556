#include "src/rpc/common/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gsh::rpc {
namespace {

using namespace std::string_view_literals;

TEST(IsUtf8, TakesEveryLengthAndBound) {
  for (const std::string_view text :
       {""sv, "mode.session"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv,
        "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv,
        "\xf4\x8f\xbf\xbf"sv, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8e\xae"sv}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
}

TEST(IsUtf8, RefusesEverythingElse) {
  for (const std::string_view text :
       {"\x80"sv, "a\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2g"sv, "\xe0\x9f\xbf"sv,
        "\xed\xa0\x80"sv, "\xe2\x82"sv, "\xe2\x82z"sv, "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv,
        "\xf5\x80\x80\x80"sv, "\xff"sv, "\xf0\x9f\x8e"sv, "\xf0\x9f\x8e\xc0"sv}) {
    EXPECT_FALSE(IsUtf8(text)) << "bytes " << ::testing::PrintToString(std::string(text));
  }
}

}  // namespace
}  // namespace gsh::rpc
