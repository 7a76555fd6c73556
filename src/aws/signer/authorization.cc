#include "src/aws/signer/authorization.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/aws/signer/canonical_request.h"
#include "src/aws/signer/prepare.h"
#include "src/aws/signer/uri.h"
#include "src/http/client/headers.h"

namespace gsh::aws {
namespace {

constexpr std::size_t kMaxSignedHeaders = 256;
constexpr long kMaxLifetime = 7 * 24 * 60 * 60;

AuthVerdict Incomplete(std::string message) {
  return {.error = AuthError::kIncompleteSignature, .message = std::move(message)};
}

AuthVerdict Unsigned() {
  return {.error = AuthError::kMissingAuthenticationToken,
          .message = "Missing Authentication Token"};
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

// "AKIDEXAMPLE/20150830/us-east-1/sqs/aws4_request".
bool ReadCredential(std::string_view text, Authorization& out) {
  std::vector<std::string> parts = Split(text, '/');
  if (parts.size() != 5 || std::ranges::any_of(parts, &std::string::empty)) return false;
  out.access_key_id = std::move(parts[0]);
  out.date = std::move(parts[1]);
  out.region = std::move(parts[2]);
  out.service = std::move(parts[3]);
  out.terminator = std::move(parts[4]);
  return true;
}

// What both places have: "Credential", "SignedHeaders", "Signature".
AuthVerdict ReadCommon(std::string_view credential, std::string_view signed_headers,
                       std::string_view signature, Authorization& out) {
  if (!ReadCredential(credential, out)) {
    return Incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term");
  }
  out.signed_headers = signed_headers;
  out.signed_names = Split(signed_headers, ';');
  if (out.signed_names.size() > kMaxSignedHeaders) {
    return Incomplete("Too many headers are signed");
  }
  out.signature = signature;
  return {};
}

AuthVerdict ReadHeader(const IncomingRequest& request, std::string_view value, Authorization& out) {
  if (value.substr(0, value.find(' ')) != kAlgorithm) {
    return Incomplete("The Authorization header is not of the algorithm AWS4-HMAC-SHA256");
  }
  value.remove_prefix(kAlgorithm.size());
  std::array<std::pair<std::string_view, std::optional<std::string_view>>, 3> fields = {
      {{"Credential", {}}, {"SignedHeaders", {}}, {"Signature", {}}}};
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view part = Trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t split = part.find('=');
    if (split == part.npos) {
      return Incomplete("A part of the Authorization header is no key=value pair");
    }
    const auto field =
        std::ranges::find(fields, part.substr(0, split), [](const auto& f) { return f.first; });
    if (field == fields.end()) continue;
    if (field->second) return Incomplete("The Authorization header has a key twice");
    field->second = part.substr(split + 1);
  }
  std::string missing;
  for (const auto& [name, found] : fields) {
    if (found) continue;
    missing.append("Authorization header requires '").append(name).append("' parameter. ");
  }
  const std::string* const date = FindField(request, kDateHeader);
  if (date == nullptr) missing.append("Authorization header requires a 'X-Amz-Date' header. ");
  if (!missing.empty()) {
    missing.pop_back();
    return Incomplete(std::move(missing));
  }
  out.time = *date;
  if (const std::string* const token = FindField(request, kTokenHeader)) out.session_token = *token;
  return ReadCommon(*fields[0].second, *fields[1].second, *fields[2].second, out);
}

// Each at most once: two readers could take different ones.
struct QueryField {
  std::string_view name;
  bool required = true;
  std::optional<std::string> value = {};
};

bool ReadFields(std::string_view query, std::span<QueryField> fields) {
  for (const std::string& pair : Split(query, '&')) {
    const std::size_t split = std::min(pair.find('='), pair.size());
    const std::optional<std::string> name = Decoded(std::string_view(pair).substr(0, split));
    if (!name) continue;
    const auto field = std::ranges::find(fields, *name, &QueryField::name);
    if (field == fields.end()) continue;
    if (field->value) return false;
    field->value = Decoded(std::string_view(pair).substr(std::min(split + 1, pair.size())));
    if (!field->value) return false;
  }
  return true;
}

AuthVerdict ReadQuery(const IncomingRequest& request, Authorization& out) {
  std::array<QueryField, 7> fields = {{{"X-Amz-Algorithm"},
                                       {"X-Amz-Credential"},
                                       {"X-Amz-Date"},
                                       {"X-Amz-Expires"},
                                       {"X-Amz-SignedHeaders"},
                                       {kSignatureParameter},
                                       {"X-Amz-Security-Token", false}}};
  if (!ReadFields(request.query, fields)) {
    return Incomplete("A query-string parameter of the signature comes twice or cannot be decoded");
  }
  for (const QueryField& field : fields) {
    if (!field.required || field.value) continue;
    return Incomplete("AWS query-string parameters must include '" + std::string(field.name) +
                      "'. Re-examine the query-string parameters.");
  }
  if (*fields[0].value != kAlgorithm) {
    return Incomplete("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
  }
  const std::string& expires = *fields[3].value;
  const auto [end, error] =
      std::from_chars(expires.data(), expires.data() + expires.size(), out.lifetime);
  if (error != std::errc() || end != expires.data() + expires.size() || out.lifetime < 1 ||
      out.lifetime > kMaxLifetime) {
    return Incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800");
  }
  out.presigned = true;
  out.time = *fields[2].value;
  out.session_token = fields[6].value.value_or("");
  return ReadCommon(*fields[1].value, *fields[4].value, *fields[5].value, out);
}

bool IsPresigned(std::string_view query) {
  std::array<QueryField, 2> fields = {{{"X-Amz-Algorithm"}, {kSignatureParameter}}};
  return !ReadFields(query, fields) || fields[0].value || fields[1].value;
}

}  // namespace

const std::string* FindField(const IncomingRequest& request, std::string_view lower) {
  const auto found = std::ranges::find_if(request.headers, [lower](const auto& header) {
    return http::SameFieldName(header.first, lower);
  });
  return found == request.headers.end() ? nullptr : &found->second;
}

AuthVerdict ParseAuthorization(const IncomingRequest& request, Authorization& authorization) {
  const auto count = std::ranges::count_if(request.headers, [](const auto& header) {
    return http::SameFieldName(header.first, "authorization");
  });
  const bool presigned = IsPresigned(request.query);
  if (count == 0) return presigned ? ReadQuery(request, authorization) : Unsigned();
  if (count > 1 || presigned) return Incomplete("Only one signature is allowed");
  return ReadHeader(request, *FindField(request, "authorization"), authorization);
}

}  // namespace gsh::aws
