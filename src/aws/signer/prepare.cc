#include "src/aws/signer/prepare.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/aws/signer/char_set.h"
#include "src/aws/signer/check_request.h"
#include "src/aws/signer/sha256.h"
#include "src/http/client/headers.h"
#include "src/http/client/percent_encode.h"

namespace gsh::aws {
namespace {

constexpr std::chrono::seconds kMaxLifetime = std::chrono::hours(7 * 24);
constexpr std::string_view kEmptyHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

constexpr CharSet kScopePart([](char c) { return IsAlphaNumeric(c) || c == '-'; });

struct Start {
  AmzTime time = {};
  const std::string* given_hash = nullptr;  // the caller's, of a body that is not at hand
  std::string hash = {};                    // of the payload, as it is signed
};

StatusOr<Start> Begin(const SigningRequest& request, const Credentials& credentials,
                      const SigningOptions& options, WallTime time) {
  if (Status status = CheckSigningRequest(request); !status.ok()) return status;
  if (Status status = CheckSigningKey(credentials); !status.ok()) return status;
  const std::optional<AmzTime> text = AmzTime::From(time);
  if (!text) return InvalidArgumentError("time is in no year that can be signed");
  Start start{.time = *text, .given_hash = http::FindHeader(request.headers, kContentHashHeader)};
  if (start.given_hash != nullptr) {
    start.hash = *start.given_hash;
  } else if (options.unsigned_payload) {
    start.hash = kUnsignedPayload;
  } else if (request.body.empty()) {
    start.hash = kEmptyHash;
  } else {
    const std::optional<Sha256Digest> digest = Sha256(request.body);
    if (!digest) return InternalError("OpenSSL has no SHA-256");
    start.hash = View(ToHex(*digest));
  }
  return start;
}

SignedFields FieldsOf(const SigningRequest& request) {
  SignedFields fields(request.headers.size() + 4);
  fields.Add("host", request.host);
  for (const auto& [name, value] : request.headers) {
    if (MayBeSigned(name)) fields.Add(name, value);
  }
  return fields;
}

void AppendParameter(std::string& query, std::string_view key, std::string_view value) {
  if (!query.empty()) query += '&';
  query.append(key).append(1, '=');
  query += http::PercentEncode(value);
}

PathRules RulesOf(const SigningOptions& options) {
  return {.normalize = options.normalize_path, .twice = options.encode_path_twice};
}

}  // namespace

bool IsScopePart(std::string_view text) {
  return !text.empty() && text.size() <= 128 && kScopePart.HasAll(text);
}

StatusOr<PreparedHeaders> PrepareHeaders(const SigningRequest& request,
                                         const Credentials& credentials,
                                         const SigningOptions& options, WallTime time) {
  StatusOr<Start> start = Begin(request, credentials, options, time);
  if (!start.ok()) return start.status();
  PreparedHeaders prepared{.time = start->time};
  SignedFields fields = FieldsOf(request);
  fields.Add(kDateHeader, prepared.time.text());
  const std::string& token = credentials.session_token;
  if (!token.empty() && options.sign_session_token) fields.Add(kTokenHeader, token);
  // A service must be told that the payload is not signed: it cannot see that.
  if (start->given_hash == nullptr && (options.content_sha256_header || options.unsigned_payload)) {
    prepared.content_sha256 = start->hash;
    fields.Add(kContentHashHeader, prepared.content_sha256);
  }
  fields.Sort();
  prepared.canonical = MakeCanonicalRequest(request.method, request.path, RulesOf(options),
                                            request.query, fields, start->hash);
  return prepared;
}

StatusOr<PreparedUrl> PrepareUrl(const SigningRequest& request, const Credentials& credentials,
                                 const SigningOptions& options, std::string_view region,
                                 std::string_view service, WallTime time,
                                 std::chrono::seconds lifetime) {
  if (lifetime < std::chrono::seconds(1) || lifetime > kMaxLifetime) {
    return InvalidArgumentError("lifetime is not between 1 second and 7 days");
  }
  StatusOr<Start> start = Begin(request, credentials, options, time);
  if (!start.ok()) return start.status();
  PreparedUrl prepared{.time = start->time};
  SignedFields fields = FieldsOf(request);
  fields.Sort();
  std::string names;
  fields.AppendNames(names);
  std::string credential = credentials.access_key_id + '/';
  AppendScope(credential, {prepared.time.date(), region, service});

  std::string& query = prepared.query;
  query = request.query;
  AppendParameter(query, "X-Amz-Algorithm", kAlgorithm);
  AppendParameter(query, "X-Amz-Credential", credential);
  AppendParameter(query, "X-Amz-Date", prepared.time.text());
  AppendParameter(query, "X-Amz-Expires", std::to_string(lifetime.count()));
  AppendParameter(query, "X-Amz-SignedHeaders", names);
  std::string signed_query = query;
  if (!credentials.session_token.empty()) {
    AppendParameter(query, "X-Amz-Security-Token", credentials.session_token);
    if (options.sign_session_token) signed_query = query;
  }
  prepared.canonical = MakeCanonicalRequest(request.method, request.path, RulesOf(options),
                                            signed_query, fields, start->hash);
  return prepared;
}

}  // namespace gsh::aws
