#include "gsh/aws/signer.h"

#include <optional>

#include "src/aws/signer/check_request.h"
#include "src/aws/signer/prepare.h"
#include "src/aws/signer/signing_key.h"
#include "src/core/quoted.h"

namespace gsh::aws {
namespace {

Status NoHash() { return InternalError("OpenSSL has no SHA-256"); }

class RegionSigner final : public Signer {
 public:
  RegionSigner(std::string region, std::string service, SigningOptions options)
      : region_(std::move(region)), service_(std::move(service)), options_(options) {}

  StatusOr<std::vector<std::pair<std::string, std::string>>> Sign(const SigningRequest& request,
                                                                  const Credentials& credentials,
                                                                  WallTime time) override {
    StatusOr<PreparedHeaders> prepared = PrepareHeaders(request, credentials, options_, time);
    if (!prepared.ok()) return prepared.status();
    const CredentialScope scope{prepared->time.date(), region_, service_};
    const auto signature = Signature(prepared->time, scope, prepared->canonical, credentials);
    if (!signature) return NoHash();
    std::vector<std::pair<std::string, std::string>> headers;
    headers.reserve(4);
    headers.emplace_back("authorization", Authorization(credentials.access_key_id, scope,
                                                        prepared->canonical, *signature));
    headers.emplace_back(kDateHeader, prepared->time.text());
    if (!credentials.session_token.empty()) {
      headers.emplace_back(kTokenHeader, credentials.session_token);
    }
    if (!prepared->content_sha256.empty()) {
      headers.emplace_back(kContentHashHeader, std::move(prepared->content_sha256));
    }
    return headers;
  }

  StatusOr<std::string> Presign(const SigningRequest& request, const Credentials& credentials,
                                WallTime time, std::chrono::seconds lifetime) override {
    if (!IsUrlText(request.path) || !IsUrlText(request.query) || !IsUrlText(request.host)) {
      return InvalidArgumentError("host, path or query has a character that no URL has");
    }
    StatusOr<PreparedUrl> prepared =
        PrepareUrl(request, credentials, options_, region_, service_, time, lifetime);
    if (!prepared.ok()) return prepared.status();
    const CredentialScope scope{prepared->time.date(), region_, service_};
    const auto signature = Signature(prepared->time, scope, prepared->canonical, credentials);
    if (!signature) return NoHash();
    std::string url = "https://";
    url.append(request.host).append(request.path.empty() ? "/" : request.path);
    url.append(1, '?').append(prepared->query);
    url.append(1, '&').append(kSignatureParameter).append(1, '=').append(View(*signature));
    return url;
  }

 private:
  std::optional<HexDigest> Signature(const AmzTime& time, const CredentialScope& scope,
                                     const CanonicalRequest& canonical,
                                     const Credentials& credentials) {
    const std::optional<std::string> text = MakeStringToSign(time, scope, canonical.text);
    if (!text) return std::nullopt;
    return keys_.Sign(credentials.secret_access_key, scope, *text);
  }

  static std::string Authorization(std::string_view access_key_id, const CredentialScope& scope,
                                   const CanonicalRequest& canonical, const HexDigest& signature) {
    std::string text;
    text.reserve(200 + access_key_id.size() + scope.region.size() + scope.service.size() +
                 canonical.signed_headers.size());
    text.append(kAlgorithm).append(" Credential=").append(access_key_id).append(1, '/');
    AppendScope(text, scope);
    text.append(", SignedHeaders=").append(canonical.signed_headers);
    text.append(", Signature=").append(View(signature));
    return text;
  }

  const std::string region_;
  const std::string service_;
  const SigningOptions options_;
  SigningKeys keys_;
};

}  // namespace

StatusOr<std::unique_ptr<Signer>> Signer::Make(std::string region, std::string service,
                                               SigningOptions options) {
  if (!IsScopePart(region)) {
    return InvalidArgumentError("region " + internal::Quoted(region) + " is no region");
  }
  if (!IsScopePart(service)) {
    return InvalidArgumentError("service " + internal::Quoted(service) +
                                " is no service's signing name");
  }
  if (!HaveSha256()) return NoHash();
  return std::unique_ptr<Signer>(
      std::make_unique<RegionSigner>(std::move(region), std::move(service), options));
}

}  // namespace gsh::aws
