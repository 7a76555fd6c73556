#include "src/allocator_service/users.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"
#include "src/allocator_service/test_hashes.h"

namespace gsh::allocator_service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kLine = std::string("v1GameClientKey:") + kSha512;

TEST(UsersTest, ReadsLinesCommentsAndBlanks) {
  const auto users = Users::Parse("# who may\n\n  " + kLine + "\r\nother:" + kBcrypt + "\n#end");
  ASSERT_THAT(users, IsOk());
  EXPECT_EQ(users->size(), 2u);
  EXPECT_EQ(users->Find("v1GameClientKey").hash, kSha512);
  EXPECT_TRUE(users->Find("other").known);
}

TEST(UsersTest, AnUnknownNameGetsAHashToo) {
  const auto users = Users::Parse(kLine);
  ASSERT_THAT(users, IsOk());
  EXPECT_FALSE(users->Find("nobody").known);
  EXPECT_EQ(users->Find("nobody").hash, kSha512);
}

TEST(UsersTest, OtherSeparators) {
  const auto users = Users::Parse(kLine + "  other:" + kBcrypt, ' ');
  ASSERT_THAT(users, IsOk());
  EXPECT_EQ(users->size(), 2u);
}

TEST(UsersTest, NamesEveryBadLineAndShowsNone) {
  const auto users =
      Users::Parse("alice:plaintext-password\n" + kLine + "\nno colon\n:" + kSha512 + "\n" + kLine +
                   "\n\x01"
                   "ctl:" +
                   kSha512 + "\n" + std::string(256, 'n') + ":" + kSha512 + "\n");
  ASSERT_THAT(users, StatusIs(StatusCode::kInvalidArgument));
  const std::string& message = users.status().message();
  EXPECT_THAT(message, AllOf(HasSubstr("line 1: this is no hash"), HasSubstr("line 3: wanted"),
                             HasSubstr("line 4: the name is empty"),
                             HasSubstr("line 5: the name is there already"),
                             HasSubstr("line 6: the name has a control"),
                             HasSubstr("line 7: the name is too long")));
  EXPECT_THAT(message, AllOf(Not(HasSubstr("plaintext")), Not(HasSubstr("line 2"))));
}

TEST(UsersTest, ManyMistakesAreCounted) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "bad\n";
  EXPECT_THAT(Users::Parse(text), StatusIs(StatusCode::kInvalidArgument,
                                           AllOf(HasSubstr("line 16:"), Not(HasSubstr("line 17")),
                                                 HasSubstr("and 84 more"))));
}

TEST(UsersTest, NobodyIsAMistake) {
  EXPECT_THAT(Users::Parse("# nobody\n\n"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("no user")));
  EXPECT_THAT(Users::Parse(""), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::allocator_service
