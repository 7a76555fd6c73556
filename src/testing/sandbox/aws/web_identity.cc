#include "src/testing/sandbox/aws/web_identity.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "src/core/bounded_json.h"
#include "src/rpc/common/base64.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

using Json = nlohmann::json;

Status Invalid(const std::string& what) {
  return ServiceError("InvalidIdentityToken", "The ID Token provided is not a valid JWT: " + what);
}

std::optional<std::string> DecodeUrlBase64(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return rpc::Base64Decode(plain);
}

std::string Text(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// One text, or the first one of a list.
std::string Audience(const Json& claims) {
  const auto found = claims.find("aud");
  const bool is_list = found != claims.end() && found->is_array() && !found->empty();
  return is_list ? Text(Json{{"aud", found->front()}}, "aud") : Text(claims, "aud");
}

}  // namespace

StatusOr<WebIdentity> ReadWebIdentity(std::string_view token, WallTime now) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos) return Invalid("it has no three parts");
  const auto text = DecodeUrlBase64(token.substr(first + 1, second - first - 1));
  if (!text) return Invalid("its claims are not in base64url");
  const StatusOr<Json> claims = internal::ParseBoundedJson(*text, 65536, 8);
  if (!claims.ok() || !claims->is_object()) return Invalid("its claims are no JSON object");
  WebIdentity identity{.issuer = Text(*claims, "iss"),
                       .subject = Text(*claims, "sub"),
                       .audience = Audience(*claims)};
  if (identity.issuer.empty() || identity.subject.empty() || identity.audience.empty()) {
    return Invalid("it needs iss, sub and aud");
  }
  const auto end = claims->find("exp");
  if (end == claims->end() || !end->is_number()) return Invalid("it needs exp");
  const std::chrono::duration<double> now_seconds = now.time_since_epoch();
  if (end->get<double>() <= now_seconds.count()) {
    return ServiceError("ExpiredTokenException", "Token expired");
  }
  return identity;
}

}  // namespace gsh::testing::aws
