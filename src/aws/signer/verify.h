// What AWS checks of a signed request, for servers that stand in for it in tests.
#ifndef GSH_SRC_AWS_SIGNER_VERIFY_H_
#define GSH_SRC_AWS_SIGNER_VERIFY_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/aws/signer.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "src/aws/config/service.h"

namespace gsh::aws {

// Views of a request that outlives the check.
struct IncomingRequest {
  std::string_view method = {};
  std::string_view path = {};   // percent-encoded, as it came
  std::string_view query = {};  // likewise, without '?'
  std::span<const std::pair<std::string, std::string>> headers = {};
  std::string_view body = {};
};

enum class AuthError {
  kNone,
  kMissingAuthenticationToken,  // not signed at all
  kIncompleteSignature,         // signed in a way that cannot be read
  kUnknownKey,                  // no such access key, or not with this session token
  kExpiredToken,                // of temporary credentials
  kSignatureDoesNotMatch,       // another secret, scope, time or request
  kRequestExpired,              // a presigned URL after its lifetime
};

struct AuthVerdict {
  AuthError error = AuthError::kNone;
  std::string message = {};  // for the client, as AWS words it
  std::string access_key_id = {};
  std::string region = {};  // of the scope
  bool presigned = false;

  bool ok() const { return error == AuthError::kNone; }
};

// "InvalidClientTokenId" with the query protocol, "UnrecognizedClientException" with JSON (empty
// for kNone); and the HTTP status that goes with it. Source: "Common errors" of the services' API
// references.
GSH_EXPORT std::string_view AuthErrorName(AuthError error, Protocol protocol);
GSH_EXPORT int AuthErrorHttpStatus(AuthError error, Protocol protocol);

struct KnownKey {
  std::string secret_access_key = {};
  std::string session_token = {};           // empty: a long-term key, which must come without one
  std::optional<WallTime> expiration = {};  // empty: never
};

struct VerifierOptions {
  std::string service = {};  // the signing name that the scope must have
  std::string region = {};   // likewise; empty: any
  // Of an access key id; must be set. Called by Verify, in its thread.
  std::function<std::optional<KnownKey>(std::string_view)> find_key = {};
  Duration max_skew = std::chrono::minutes(5);  // between the client's clock and `now`, either way
  SigningOptions signing =
      {};  // how this service wants paths, and whether payloads may be unsigned
};

// Threads may share it. The header Date is not read in place of X-Amz-Date.
class GSH_EXPORT RequestVerifier {
 public:
  explicit RequestVerifier(VerifierOptions options);
  ~RequestVerifier();

  AuthVerdict Verify(const IncomingRequest& request, WallTime now);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_VERIFY_H_
