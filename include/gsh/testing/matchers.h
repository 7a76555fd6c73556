// GoogleMock matchers for Status and StatusOr: EXPECT_THAT(client->GetTicket(id),
// StatusIs(StatusCode::kNotFound)).
#ifndef GSH_TESTING_MATCHERS_H_
#define GSH_TESTING_MATCHERS_H_

#include <gmock/gmock.h>

#include <string>

#include "gsh/status.h"

namespace gsh::testing {
namespace internal {

inline const Status& StatusOf(const Status& status) { return status; }
void StatusOf(const Status&&) = delete;  // a temporary would be gone
template <typename T>
const Status& StatusOf(const StatusOr<T>& result) {
  return result.status();
}

}  // namespace internal

MATCHER(IsOk, negation ? "is an error" : "is OK") {
  const Status& status = internal::StatusOf(arg);
  if (!status.ok()) *result_listener << "which is " << status.ToString();
  return status.ok();
}

MATCHER_P2(StatusIsWith, code, message, "") {
  const Status& status = internal::StatusOf(arg);
  *result_listener << "which is " << status.ToString();
  return status.code() == code && ::testing::Value(status.message(), message);
}

inline auto StatusIs(StatusCode code) { return StatusIsWith(code, ::testing::_); }
template <typename MessageMatcher>
auto StatusIs(StatusCode code, const MessageMatcher& message) {
  return StatusIsWith(code, ::testing::SafeMatcherCast<const std::string&>(message));
}

}  // namespace gsh::testing

#endif  // GSH_TESTING_MATCHERS_H_
