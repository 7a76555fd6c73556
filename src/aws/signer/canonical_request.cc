#include "src/aws/signer/canonical_request.h"

#include "src/aws/signer/sha256.h"

namespace gsh::aws {

CanonicalRequest MakeCanonicalRequest(std::string_view method, std::string_view path,
                                      const PathRules& rules, std::string_view query,
                                      const SignedFields& fields, std::string_view payload_hash) {
  CanonicalRequest request;
  fields.AppendNames(request.signed_headers);
  std::string& text = request.text;
  text.reserve(512 + path.size() + query.size() + request.signed_headers.size());
  text.append(method).append(1, '\n');
  AppendCanonicalPath(text, path, rules);
  text += '\n';
  AppendCanonicalQuery(text, query, kSignatureParameter);
  text += '\n';
  fields.AppendLines(text);
  text.append(1, '\n').append(request.signed_headers).append(1, '\n').append(payload_hash);
  return request;
}

void AppendScope(std::string& out, const CredentialScope& scope) {
  out.append(scope.date).append(1, '/');
  out.append(scope.region).append(1, '/');
  out.append(scope.service).append(1, '/');
  out.append(kTerminator);
}

std::optional<std::string> MakeStringToSign(const AmzTime& time, const CredentialScope& scope,
                                            std::string_view canonical_request) {
  const std::optional<Sha256Digest> digest = Sha256(canonical_request);
  if (!digest) return std::nullopt;
  std::string text;
  text.reserve(160 + scope.region.size() + scope.service.size());
  text.append(kAlgorithm).append(1, '\n').append(time.text()).append(1, '\n');
  AppendScope(text, scope);
  text.append(1, '\n').append(View(ToHex(*digest)));
  return text;
}

}  // namespace gsh::aws
