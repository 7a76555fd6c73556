#include "src/allocator_service/password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"
#include "src/allocator_service/test_hashes.h"

namespace gsh::allocator_service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(PasswordTest, KnowsTheMethodsOfCrypt) {
  PasswordChecker checker;
  for (const char* hash : {kYescrypt, kBcrypt, kSha512}) {
    EXPECT_THAT(CheckHash(hash), IsOk()) << hash;
    EXPECT_TRUE(checker.Matches(kPassword, hash)) << hash;
    EXPECT_FALSE(checker.Matches(std::string(kPassword) + "x", hash)) << hash;
    EXPECT_FALSE(checker.Matches("", hash)) << hash;
  }
}

TEST(PasswordTest, RefusesOtherHashes) {
  EXPECT_THAT(CheckHash("secret"), StatusIs(StatusCode::kInvalidArgument, HasSubstr("no hash")));
  EXPECT_THAT(CheckHash("$apr1$abcdefgh$1234567890123456789012"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("htpasswd -B")));
  EXPECT_THAT(CheckHash("$1$abcdefgh$DR1pAAdjX7aeu7nr6a93V0"),  // MD5
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too weak")));
  EXPECT_THAT(CheckHash("abJnggxhB/yWI"), StatusIs(StatusCode::kInvalidArgument));  // DES
  EXPECT_THAT(CheckHash("$6$saltsalt$"), StatusIs(StatusCode::kInvalidArgument, HasSubstr("cut")));
  EXPECT_THAT(CheckHash("$zz$"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckHash(""), StatusIs(StatusCode::kInvalidArgument));
}

TEST(PasswordTest, ABadHashMatchesNothing) {
  PasswordChecker checker;
  EXPECT_FALSE(checker.Matches("", ""));
  EXPECT_FALSE(checker.Matches("*0", "*0"));  // what crypt gives for a failure
  EXPECT_FALSE(checker.Matches("x", "$zz$"));
}

TEST(PasswordTest, NewHashesDifferAndMatch) {
  const auto one = HashPassword("password");
  const auto two = HashPassword("password");
  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(two, IsOk());
  EXPECT_THAT(*one, StartsWith("$y$"));
  EXPECT_NE(*one, *two);
  EXPECT_THAT(CheckHash(*one), IsOk());
  EXPECT_TRUE(PasswordChecker().Matches("password", *one));
}

TEST(PasswordTest, PasswordsHaveBounds) {
  EXPECT_THAT(HashPassword(""), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(HashPassword(std::string(kMaxPasswordBytes + 1, 'x')),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("511")));
  EXPECT_THAT(HashPassword(std::string("a\0b", 3)), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::allocator_service
