// What Signer signs: requests checked, and their canonical form for each place of the signature.
#ifndef GSH_SRC_AWS_SIGNER_PREPARE_H_
#define GSH_SRC_AWS_SIGNER_PREPARE_H_

#include <chrono>
#include <string>

#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/canonical_request.h"

namespace gsh::aws {

inline constexpr std::string_view kDateHeader = "x-amz-date";
inline constexpr std::string_view kTokenHeader = "x-amz-security-token";
inline constexpr std::string_view kContentHashHeader = "x-amz-content-sha256";

// Letters, digits, '-': region and service go into what is signed, and with it into a header.
bool IsScopePart(std::string_view text);

struct PreparedHeaders {
  AmzTime time = {};
  std::string content_sha256 = {};  // the header to add; empty: none
  CanonicalRequest canonical = {};
};

// InvalidArgument for a request or credentials that no header or URL can hold.
StatusOr<PreparedHeaders> PrepareHeaders(const SigningRequest& request,
                                         const Credentials& credentials,
                                         const SigningOptions& options, WallTime time);

struct PreparedUrl {
  AmzTime time = {};
  std::string query = {};  // all of it but the signature
  CanonicalRequest canonical = {};
};

StatusOr<PreparedUrl> PrepareUrl(const SigningRequest& request, const Credentials& credentials,
                                 const SigningOptions& options, std::string_view region,
                                 std::string_view service, WallTime time,
                                 std::chrono::seconds lifetime);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_PREPARE_H_
