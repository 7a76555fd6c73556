#include "src/aws/signer/verify.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/authorization.h"
#include "src/aws/signer/canonical_request.h"
#include "src/aws/signer/prepare.h"
#include "src/aws/signer/sha256.h"
#include "src/aws/signer/signing_key.h"
#include "src/http/client/headers.h"

namespace gsh::aws {
namespace {

constexpr std::size_t kKeptKeys = 64;

struct ErrorRow {
  AuthError error;
  std::string_view query;
  int query_status;
  std::string_view json;
};

// JSON services answer all of them with 400.
constexpr std::array<ErrorRow, 6> kErrors = {{
    {AuthError::kMissingAuthenticationToken, "MissingAuthenticationToken", 403,
     "MissingAuthenticationTokenException"},
    {AuthError::kIncompleteSignature, "IncompleteSignature", 400, "IncompleteSignatureException"},
    {AuthError::kUnknownKey, "InvalidClientTokenId", 403, "UnrecognizedClientException"},
    {AuthError::kExpiredToken, "ExpiredToken", 403, "ExpiredTokenException"},
    {AuthError::kSignatureDoesNotMatch, "SignatureDoesNotMatch", 403, "InvalidSignatureException"},
    {AuthError::kRequestExpired, "RequestExpired", 400, "RequestExpiredException"},
}};

bool SameBytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Text(WallTime time) {
  const std::optional<AmzTime> text = AmzTime::From(time);
  return text ? std::string(text->text()) : "?";
}

AuthVerdict Refuse(AuthError error, std::string message) {
  return {.error = error, .message = std::move(message)};
}

AuthVerdict Mismatch(std::string message) {
  return Refuse(AuthError::kSignatureDoesNotMatch, std::move(message));
}

AuthVerdict CheckScope(const Authorization& authorization, const VerifierOptions& options) {
  if (!options.region.empty() && authorization.region != options.region) {
    return Mismatch("Credential should be scoped to a valid region.");
  }
  if (authorization.service != options.service) {
    return Mismatch("Credential should be scoped to correct service: '" + options.service + "'.");
  }
  if (authorization.terminator != kTerminator) {
    return Mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (authorization.date != std::string_view(authorization.time).substr(0, 8)) {
    return Mismatch(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP.");
  }
  return {};
}

std::string Minutes(Duration skew) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(skew).count()) + " min.";
}

AuthVerdict CheckTime(const Authorization& authorization, Duration skew, WallTime now) {
  const std::optional<WallTime> signed_at = ParseAmzTime(authorization.time);
  if (!signed_at) {
    return Refuse(AuthError::kIncompleteSignature,
                  "Date must be in ISO-8601 'basic format', e.g. '20150830T123600Z'");
  }
  const auto allowed = std::chrono::duration_cast<WallTime::duration>(skew);
  if (*signed_at > now + allowed) {
    return Mismatch("Signature not yet current: " + authorization.time + " is still later than " +
                    Text(now + allowed) + " (" + Text(now) + " + " + Minutes(skew) + ")");
  }
  if (authorization.presigned) {
    const WallTime end = *signed_at + std::chrono::seconds(authorization.lifetime);
    if (now < end) return {};
    return Refuse(AuthError::kRequestExpired,
                  "Request has expired: " + Text(end) + " is not later than " + Text(now));
  }
  if (*signed_at < now - allowed) {
    return Mismatch("Signature expired: " + authorization.time + " is now earlier than " +
                    Text(now - allowed) + " (" + Text(now) + " - " + Minutes(skew) + ")");
  }
  return {};
}

AuthVerdict CheckKey(const std::optional<KnownKey>& key, const Authorization& authorization,
                     WallTime now) {
  if (!key || !SameBytes(key->session_token, authorization.session_token)) {
    return Refuse(AuthError::kUnknownKey, "The security token included in the request is invalid.");
  }
  if (key->expiration && *key->expiration <= now) {
    return Refuse(AuthError::kExpiredToken,
                  "The security token included in the request is expired");
  }
  return {};
}

bool IsListed(const Authorization& authorization, std::string_view name) {
  return std::ranges::any_of(authorization.signed_names, [name](const std::string& listed) {
    return http::SameFieldName(name, listed);
  });
}

// Host, and all that AWS reads of the headers, must be signed: else who is between could change it.
// Some clients leave out how they call themselves.
AuthVerdict CheckSignedHeaders(const IncomingRequest& request, const Authorization& authorization) {
  if (!IsListed(authorization, "host")) {
    return Mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const auto& [name, value] : request.headers) {
    const bool is_amz = http::SameFieldName(std::string_view(name).substr(0, 6), "x-amz-");
    if (is_amz && !http::SameFieldName(name, "x-amz-user-agent") &&
        !IsListed(authorization, name)) {
      return Mismatch("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
  return {};
}

const std::string& NotMatching() {
  static const std::string message =
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.";
  return message;
}

}  // namespace

std::string_view AuthErrorName(AuthError error, Protocol protocol) {
  const auto row = std::ranges::find(kErrors, error, &ErrorRow::error);
  if (row == kErrors.end()) return {};
  return protocol == Protocol::kQuery ? row->query : row->json;
}

int AuthErrorHttpStatus(AuthError error, Protocol protocol) {
  const auto row = std::ranges::find(kErrors, error, &ErrorRow::error);
  if (row == kErrors.end()) return 200;
  return protocol == Protocol::kQuery ? row->query_status : 400;
}

class RequestVerifier::Impl {
 public:
  explicit Impl(VerifierOptions options) : options_(std::move(options)) {}

  AuthVerdict Verify(const IncomingRequest& request, WallTime now) {
    Authorization authorization;
    if (AuthVerdict verdict = ParseAuthorization(request, authorization); !verdict.ok()) {
      return verdict;
    }
    AuthVerdict verdict = VerifyParsed(request, authorization, now);
    verdict.access_key_id = authorization.access_key_id;
    verdict.region = authorization.region;
    verdict.presigned = authorization.presigned;
    return verdict;
  }

 private:
  AuthVerdict VerifyParsed(const IncomingRequest& request, const Authorization& authorization,
                           WallTime now) {
    const std::optional<KnownKey> key = options_.find_key(authorization.access_key_id);
    if (AuthVerdict verdict = CheckKey(key, authorization, now); !verdict.ok()) return verdict;
    if (AuthVerdict verdict = CheckScope(authorization, options_); !verdict.ok()) return verdict;
    if (AuthVerdict verdict = CheckTime(authorization, options_.max_skew, now); !verdict.ok()) {
      return verdict;
    }
    if (AuthVerdict verdict = CheckSignedHeaders(request, authorization); !verdict.ok()) {
      return verdict;
    }
    const std::optional<std::string> hash = PayloadHash(request, authorization.presigned);
    if (!hash) return Mismatch("The hash of the body is not that of x-amz-content-sha256.");
    return CheckSignature(request, authorization, key->secret_access_key, *hash);
  }

  // As it was signed, if it is right; empty for a body that is not the one of x-amz-content-sha256.
  std::optional<std::string> PayloadHash(const IncomingRequest& request, bool presigned) const {
    const std::string* const given = FindField(request, kContentHashHeader);
    const bool may_be_unsigned = options_.signing.unsigned_payload;
    if (given != nullptr && *given == kUnsignedPayload && may_be_unsigned) return *given;
    if (given == nullptr && presigned && may_be_unsigned) return std::string(kUnsignedPayload);
    const std::optional<Sha256Digest> digest = Sha256(request.body);
    if (!digest) return std::nullopt;
    const HexDigest hex = ToHex(*digest);
    if (given != nullptr && *given != View(hex)) return std::nullopt;
    return std::string(View(hex));
  }

  AuthVerdict CheckSignature(const IncomingRequest& request, const Authorization& authorization,
                             std::string_view secret, std::string_view hash) {
    SignedFields fields(request.headers.size());
    for (const auto& [name, value] : request.headers) {
      if (IsListed(authorization, name)) fields.Add(name, value);
    }
    fields.Sort();
    const CanonicalRequest canonical = MakeCanonicalRequest(
        request.method, request.path,
        {.normalize = options_.signing.normalize_path, .twice = options_.signing.encode_path_twice},
        request.query, fields, hash);
    // One that is listed but not there, twice there or out of order.
    if (canonical.signed_headers != authorization.signed_headers) return Mismatch(NotMatching());
    const CredentialScope scope{authorization.date, authorization.region, authorization.service};
    const std::optional<AmzTime> time = AmzTime::From(*ParseAmzTime(authorization.time));
    const auto text = time ? MakeStringToSign(*time, scope, canonical.text) : std::nullopt;
    const auto expected = text ? keys_.Sign(secret, scope, *text) : std::nullopt;
    if (!expected || !SameBytes(View(*expected), authorization.signature)) {
      return Mismatch(NotMatching());
    }
    return {};
  }

  const VerifierOptions options_;
  SigningKeys keys_{kKeptKeys};
};

RequestVerifier::RequestVerifier(VerifierOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

RequestVerifier::~RequestVerifier() = default;

AuthVerdict RequestVerifier::Verify(const IncomingRequest& request, WallTime now) {
  return impl_->Verify(request, now);
}

}  // namespace gsh::aws
