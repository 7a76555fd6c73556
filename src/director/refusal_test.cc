#include "src/director/refusal.h"

#include <gtest/gtest.h>

namespace gsh::director {
namespace {

TEST(RefusalTest, OnlyARefusalIsClear) {
  EXPECT_TRUE(SurelyNothingAssigned(InvalidArgumentError("?")));
  EXPECT_FALSE(SurelyNothingAssigned(AbortedError("?")));
  EXPECT_FALSE(SurelyNothingAssigned(UnavailableError("?")));
  EXPECT_FALSE(SurelyNothingAssigned(
      Status(StatusCode::kUnavailable, "refused", ErrorInfo{.retry_stop = RetryStop::kExhausted})));
}

}  // namespace
}  // namespace gsh::director
