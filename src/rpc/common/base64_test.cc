#include "src/rpc/common/base64.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace gsh::rpc {
namespace {

TEST(Base64Test, ThereAndBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
    bytes += static_cast<char>(255 - i);
  }
}

// RFC 4648, section 10.
TEST(Base64Test, VectorsOfTheRfc) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(Base64Decode(text), bytes);
  }
}

TEST(Base64Test, IsStrict) {
  for (const char* bad :
       {"A", "AA", "AAA", "AA==A", "AB==", "AAB=", "AA==\n", " AAA", "AAA ", "A===", "====", "=AAA",
        "AA=A", "AA==AA==", "aG=sbG8=", "!!!!", "AA-_", "AAAA-AAA"}) {
    EXPECT_EQ(Base64Decode(bad), std::nullopt) << bad;
    EXPECT_EQ(Base64DecodeLines(bad).has_value(), bad == std::string("AA==\n")) << bad;
  }
  EXPECT_EQ(Base64Decode(std::string("AA\0A", 4)), std::nullopt);
}

TEST(Base64Test, FilesHaveLines) {
  EXPECT_EQ(Base64DecodeLines("aGVs\r\n\tbG8=\n"), "hello");
  EXPECT_EQ(Base64DecodeLines("\n"), "");
  EXPECT_EQ(Base64DecodeLines("aGVsbG8\n"), std::nullopt);
}

}  // namespace
}  // namespace gsh::rpc
