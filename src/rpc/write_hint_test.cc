#include "src/rpc/write_hint.h"

#include <gtest/gtest.h>

namespace gsh::rpc {
namespace {

TEST(WriteHint, StandsWhereMoreFollowButNeverOnTheFirst) {
  WriteHint hint;
  EXPECT_FALSE(hint.Next(/*more=*/true).get_buffer_hint());
  EXPECT_TRUE(hint.Next(/*more=*/true).get_buffer_hint());
  EXPECT_FALSE(hint.Next(/*more=*/false).get_buffer_hint());
  EXPECT_TRUE(hint.Next(/*more=*/true).get_buffer_hint());
}

}  // namespace
}  // namespace gsh::rpc
