#include "src/testing/sandbox/agones/labels.h"

#include <gtest/gtest.h>

namespace gsh::sandbox {
namespace {

TEST(LabelsTest, ValidKeys) {
  for (const char* key : {"a", "region", "agones.dev/fleet", "gsh.dev/allocation", "A-b_c.9"}) {
    EXPECT_EQ(QualifiedNameError(key), "") << key;
  }
  EXPECT_EQ(QualifiedNameError(std::string(63, 'x')), "");
}

TEST(LabelsTest, InvalidKeys) {
  for (const char* key :
       {"", "-a", "a-", "a b", "/a", "a/", "a/b/c", "Upper.Case/x", "a..b/x", "-a/x"}) {
    EXPECT_NE(QualifiedNameError(key), "") << key;
  }
  EXPECT_NE(QualifiedNameError(std::string(64, 'x')), "");
  EXPECT_NE(QualifiedNameError(std::string(254, 'x') + "/x"), "");
}

TEST(LabelsTest, Values) {
  for (const char* value : {"", "a", "us-east-1", "5f1c_2.0"})
    EXPECT_EQ(LabelValueError(value), "") << value;
  for (const char* value : {"a b", "-a", "a.", "a/b", "\xc3\xa4"})
    EXPECT_NE(LabelValueError(value), "") << value;
  EXPECT_EQ(LabelValueError(std::string(63, 'x')), "");
  EXPECT_NE(LabelValueError(std::string(64, 'x')), "");
}

}  // namespace
}  // namespace gsh::sandbox
