#include "src/allocator_service/credential_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace gsh::allocator_service {
namespace {

TEST(CredentialCacheTest, KnowsWhatWasAdded) {
  CredentialCache cache(10);
  const auto digest = cache.DigestOf({"name", "password"});
  EXPECT_FALSE(cache.Contains(digest));
  cache.Add(digest);
  EXPECT_TRUE(cache.Contains(cache.DigestOf({"name", "password"})));
  EXPECT_FALSE(cache.Contains(cache.DigestOf({"name", "Password"})));
  EXPECT_FALSE(cache.Contains(cache.DigestOf({"namep", "assword"})));
  cache.Clear();
  EXPECT_FALSE(cache.Contains(digest));
}

TEST(CredentialCacheTest, EachHasItsOwnKey) {
  EXPECT_NE(CredentialCache(1).DigestOf({"a", "b"}), CredentialCache(1).DigestOf({"a", "b"}));
}

TEST(CredentialCacheTest, IsBounded) {
  CredentialCache cache(3);
  for (int i = 0; i < 10; ++i) {
    const auto digest = cache.DigestOf({"user" + std::to_string(i), "password"});
    cache.Add(digest);
    cache.Add(digest);  // twice is once
  }
  EXPECT_EQ(cache.size(), 3u);
  EXPECT_TRUE(cache.Contains(cache.DigestOf({"user9", "password"})));
  EXPECT_FALSE(cache.Contains(cache.DigestOf({"user6", "password"})));
}

}  // namespace
}  // namespace gsh::allocator_service
