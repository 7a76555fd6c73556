#include "src/allocator_service/basic_auth.h"

#include <gtest/gtest.h>

#include <string>

#include "src/allocator_service/test_hashes.h"

namespace gsh::allocator_service {
namespace {

TEST(BasicAuthTest, ReadsNameAndPassword) {
  const auto login = ParseBasicAuth(kLogin);
  ASSERT_TRUE(login);
  EXPECT_EQ(login->name, "v1GameClientKey");
  EXPECT_EQ(login->password, kPassword);
}

TEST(BasicAuthTest, SchemeInAnyCaseAndSpaces) {
  const auto login = ParseBasicAuth("bASIC   YTpiOmM=");  // a:b:c
  ASSERT_TRUE(login);
  EXPECT_EQ(login->name, "a");
  EXPECT_EQ(login->password, "b:c");
  EXPECT_TRUE(ParseBasicAuth("Basic YTo="));  // an empty password is one
}

TEST(BasicAuthTest, RefusesTheRest) {
  for (const char* text : {"", "Basic", "Basic ", "Bearer YTpi", "YTpi", "Basic YTpi!", "Basic YTp",
                           "Basic Og==", "Basic YWI=",  // ":" and "ab"
                           "Basic YTpiAGM=",            // a:b<zero>c
                           "Basic ====", "Basic YTpi YTpi", "Basicx YTpi"}) {
    EXPECT_FALSE(ParseBasicAuth(text)) << text;
  }
}

TEST(BasicAuthTest, SizesAreBounded) {
  const std::string megabyte = "Basic " + std::string(1u << 20, 'Y');
  EXPECT_FALSE(ParseBasicAuth(megabyte));
  // 'a' 256 times, then ':'.
  std::string name;
  for (int i = 0; i < 85; ++i) name += "YWFh";
  EXPECT_FALSE(ParseBasicAuth("Basic " + name + "YTpi"));
  EXPECT_TRUE(ParseBasicAuth("Basic " + name + "OmJi"));  // 255 of them
}

}  // namespace
}  // namespace gsh::allocator_service
