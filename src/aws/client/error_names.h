// What the names of AWS services' errors mean.
#ifndef GSH_SRC_AWS_CLIENT_ERROR_NAMES_H_
#define GSH_SRC_AWS_CLIENT_ERROR_NAMES_H_

#include <optional>
#include <string_view>

#include "gsh/status.h"

namespace gsh::aws {

// Of names that mean the same for all services; empty: look at the HTTP code.
std::optional<StatusCode> CodeOfErrorName(std::string_view name);

// "Too fast": refused before anything was done.
bool IsThrottlingName(std::string_view name);
// The service took longer than it gives itself.
bool IsTimeoutName(std::string_view name);
// The credentials are expired, or no more known: newer ones may do.
bool IsStaleCredentialsName(std::string_view name);
// A wrong clock may be the reason.
bool MayBeClockSkewName(std::string_view name);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_ERROR_NAMES_H_
