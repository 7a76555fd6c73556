// What an identity provider says of somebody, in a JSON Web Token (RFC 7519).
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_WEB_IDENTITY_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_WEB_IDENTITY_H_

#include <string>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/status.h"

namespace gsh::testing::aws {

struct WebIdentity {
  std::string issuer = {};
  std::string subject = {};
  std::string audience = {};
};

// InvalidIdentityToken, ExpiredTokenException. The sandbox has nobody's public key: the signature
// is not checked.
StatusOr<WebIdentity> ReadWebIdentity(std::string_view token, WallTime now);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_WEB_IDENTITY_H_
