#include "src/aws/signer/check_request.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "src/aws/config/ascii.h"
#include "src/aws/signer/canonical_request.h"
#include "src/aws/signer/char_set.h"
#include "src/aws/signer/prepare.h"
#include "src/aws/signer/uri.h"
#include "src/http/client/headers.h"

namespace gsh::aws {
namespace {

constexpr std::size_t kMaxHeaders = 256;

// RFC 9110, section 5.6.2.
constexpr CharSet kToken([](char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return IsAlphaNumeric(c) || kMarks.find(c) != kMarks.npos;
});
constexpr CharSet kFieldValue([](char c) { return !IsControl(c) || c == '\t'; });
constexpr CharSet kHost([](char c) {
  constexpr std::string_view kNot = " /?#@\\";
  return !IsControl(c) && kNot.find(c) == kNot.npos;
});
constexpr CharSet kPath([](char c) { return !IsControl(c) && c != '?' && c != '#'; });
constexpr CharSet kQuery([](char c) { return !IsControl(c) && c != '#'; });
// RFC 3986: what a URL may hold as it stands.
constexpr CharSet kUrl([](char c) {
  constexpr std::string_view kNot = "\"<>\\^`{|}";
  return c > ' ' && c <= '~' && kNot.find(c) == kNot.npos;
});

bool IsHttpToken(std::string_view text) { return !text.empty() && kToken.HasAll(text); }

Status CheckHeader(const std::string& name, const std::string& value) {
  if (!IsHttpToken(name)) return InvalidArgumentError("a header has a name that is no token");
  if (!kFieldValue.HasAll(value)) {
    return InvalidArgumentError("header " + name + " has a control character in its value");
  }
  for (const std::string_view own : {std::string_view("host"), kDateHeader, kTokenHeader}) {
    if (http::SameFieldName(name, own))
      return InvalidArgumentError("header " + name + " comes from the signer");
  }
  // A hash, or a word such as UNSIGNED-PAYLOAD: blanks would be signed here and not as a header.
  if (http::SameFieldName(name, kContentHashHeader) && !IsScopePart(value)) {
    return InvalidArgumentError("header " + name + " is no hash of a body");
  }
  return OkStatus();
}

// Twice in a URL, services could read one and check the other.
Status CheckParameters(std::string_view query) {
  constexpr std::string_view kOwn[] = {
      "X-Amz-Algorithm",     "X-Amz-Credential",     "X-Amz-Date",       "X-Amz-Expires",
      "X-Amz-SignedHeaders", "X-Amz-Security-Token", kSignatureParameter};
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const auto name = Decoded(query.substr(0, std::min(query.find('='), end)));
    if (name && std::ranges::find(kOwn, *name) != std::end(kOwn)) {
      return InvalidArgumentError("query parameter " + *name + " comes from the signer");
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return OkStatus();
}

}  // namespace

Status CheckSigningRequest(const SigningRequest& request) {
  if (!IsHttpToken(request.method)) return InvalidArgumentError("method is no token");
  if (request.host.empty() || !kHost.HasAll(request.host)) {
    return InvalidArgumentError("host is empty or has a character that no host has");
  }
  if (!request.path.starts_with('/') && !request.path.empty()) {
    return InvalidArgumentError("path does not start with '/'");
  }
  if (!kPath.HasAll(request.path)) {
    return InvalidArgumentError("path has a '?', a '#' or a control character");
  }
  if (!kQuery.HasAll(request.query)) {
    return InvalidArgumentError("query has a '#' or a control character");
  }
  if (!IsPlainQuery(request.query)) {
    return InvalidArgumentError(
        "query has a bare '+' (write %20 or %2B) or a '%' without two hexadecimal digits");
  }
  if (Status status = CheckParameters(request.query); !status.ok()) return status;
  if (request.headers.size() > kMaxHeaders) {
    return InvalidArgumentError("too many headers: more than " + std::to_string(kMaxHeaders));
  }
  for (const auto& [name, value] : request.headers) {
    if (Status status = CheckHeader(name, value); !status.ok()) return status;
  }
  return OkStatus();
}

Status CheckSigningKey(const Credentials& credentials) {
  const std::string& id = credentials.access_key_id;
  if (id.empty()) return InvalidArgumentError("credentials have no access key id");
  if (!IsPrintable(id) || id.find_first_of("/,=;\"") != id.npos) {
    return InvalidArgumentError("the access key id has a character that no such id has");
  }
  if (credentials.secret_access_key.empty()) {
    return InvalidArgumentError("credentials have no secret access key");
  }
  if (!IsPrintable(credentials.session_token)) {
    return InvalidArgumentError("the session token has a character that no such token has");
  }
  return OkStatus();
}

bool IsUrlText(std::string_view text) { return kUrl.HasAll(text); }

}  // namespace gsh::aws
