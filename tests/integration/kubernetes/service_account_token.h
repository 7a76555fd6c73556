// Tokens of service accounts for any time: the API server's own are valid for ten minutes at least.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_SERVICE_ACCOUNT_TOKEN_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_SERVICE_ACCOUNT_TOKEN_H_

#include <chrono>
#include <string>

#include "tests/integration/kubernetes/api.h"

namespace gsh::kubernetes_test {

// How long after a token's end the API server still takes it (kubernetes: go-jose's leeway).
inline constexpr std::chrono::seconds kTokenLeeway{60};

// Signed as the shared API server would sign it; `expires_in` may be negative.
std::string SignToken(const Account& account, std::chrono::seconds expires_in);

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_SERVICE_ACCOUNT_TOKEN_H_
