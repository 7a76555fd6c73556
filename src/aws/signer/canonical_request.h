// The first two stages of SigV4: the canonical request, and the string to sign. Source:
// "Create a signed AWS API request" of the IAM user guide.
#ifndef GSH_SRC_AWS_SIGNER_CANONICAL_REQUEST_H_
#define GSH_SRC_AWS_SIGNER_CANONICAL_REQUEST_H_

#include <optional>
#include <string>
#include <string_view>

#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/signed_fields.h"
#include "src/aws/signer/signing_key.h"
#include "src/aws/signer/uri.h"

namespace gsh::aws {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view kSignatureParameter = "X-Amz-Signature";

struct CanonicalRequest {
  std::string text = {};
  std::string signed_headers = {};  // "host;x-amz-date"
};

// `fields` are sorted; of `query`, X-Amz-Signature is left out.
CanonicalRequest MakeCanonicalRequest(std::string_view method, std::string_view path,
                                      const PathRules& rules, std::string_view query,
                                      const SignedFields& fields, std::string_view payload_hash);

// "20150830/us-east-1/sqs/aws4_request".
void AppendScope(std::string& out, const CredentialScope& scope);

// Empty if OpenSSL refuses to hash.
std::optional<std::string> MakeStringToSign(const AmzTime& time, const CredentialScope& scope,
                                            std::string_view canonical_request);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_CANONICAL_REQUEST_H_
