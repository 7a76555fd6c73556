#include "src/aws/sts/sts_messages.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "src/aws/client/form.h"
#include "src/aws/client/xml.h"
#include "src/aws/config/ascii.h"
#include "src/aws/credentials/credential_json.h"
#include "src/core/mistakes.h"
#include "src/rpc/common/utf8.h"

namespace gsh::aws {
namespace {

// Bounds and alphabets are the API model's.
class Parameters {
 public:
  void Text(const char* name, const std::string& value, std::size_t least, std::size_t most) {
    const std::size_t size = rpc::CharactersIn(value);
    if (size < least || size > most) {
      Fail(name,
           "must have " + std::to_string(least) + " to " + std::to_string(most) + " characters");
    }
    form_.Add(name, value);
  }
  void OptionalText(const char* name, const std::string& value, std::size_t least,
                    std::size_t most) {
    if (!value.empty()) Text(name, value, least, most);
  }
  // Of a size that the account's quota bounds.
  void OptionalText(const char* name, const std::string& value) { form_.AddIfAny(name, value); }
  void SessionName(const std::string& value) {
    constexpr char kName[] = "RoleSessionName";
    constexpr std::string_view kMarks = "_+=,.@-";
    Text(kName, value, 2, 64);
    const auto allowed = [&](char c) { return IsAlphaNumeric(c) || kMarks.find(c) != kMarks.npos; };
    if (!std::ranges::all_of(value, allowed)) {
      Fail(kName, "may have letters, digits and _+=,.@- alone");
    }
  }
  void Duration(const std::optional<std::chrono::seconds>& value) {
    constexpr char kName[] = "DurationSeconds";
    if (!value) return;
    if (value->count() < 900 || value->count() > 43'200) Fail(kName, "must be from 900 to 43200");
    form_.Add(kName, std::to_string(value->count()));
  }
  StatusOr<std::string> Done() {
    if (Status status = mistakes_.ToStatus(); !status.ok()) return status;
    return form_.Take();
  }

 private:
  void Fail(const char* name, const std::string& what) {
    mistakes_.Add(std::string(name) + " " + what);
  }

  Form form_;
  internal::Mistakes mistakes_;
};

// The account of "arn:aws:sts::123456789012:assumed-role/game/session"; empty if that is no ARN.
std::string AccountOf(std::string_view arn) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t colon = arn.find(':');
    if (colon == arn.npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, arn.find(':')));
}

Status Unexpected(std::string_view what) {
  return InternalError("the answer of STS has no " + std::string(what));
}

// What was read of an answer, wiped at the end: it may hold credentials.
class Answer {
 public:
  explicit Answer(std::string_view xml) : root_(ParseXml(xml)) {}
  ~Answer() {
    if (root_.ok()) Wipe(*root_);
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  // The element below "OperationResponse" that holds the result.
  StatusOr<const XmlElement*> Find(std::string_view result) const {
    if (!root_.ok()) return InternalError("the answer of STS: " + root_.status().message());
    const XmlElement* const found = root_->Find(result);
    if (found == nullptr) return Unexpected(result);
    return found;
  }

 private:
  static void Wipe(XmlElement& element) {
    OPENSSL_cleanse(element.text.data(), element.text.size());
    for (XmlElement& child : element.children) Wipe(child);
  }

  StatusOr<XmlElement> root_;
};

}  // namespace

StatusOr<std::string> EncodeAssumeRole(const AssumeRoleRequest& request) {
  Parameters parameters;
  parameters.Text("RoleArn", request.role_arn, 20, 2048);
  parameters.SessionName(request.session_name);
  parameters.OptionalText("ExternalId", request.external_id, 2, 1224);
  parameters.OptionalText("Policy", request.policy);
  parameters.Duration(request.duration);
  return parameters.Done();
}

StatusOr<std::string> EncodeWebIdentity(const AssumeRoleWithWebIdentityRequest& request) {
  Parameters parameters;
  parameters.Text("RoleArn", request.role_arn, 20, 2048);
  parameters.SessionName(request.session_name);
  parameters.Text("WebIdentityToken", request.token, 4, 20'000);
  parameters.OptionalText("Policy", request.policy, 1, 2048);
  parameters.Duration(request.duration);
  return parameters.Done();
}

StatusOr<CallerIdentity> ParseCallerIdentity(std::string_view xml) {
  const Answer answer(xml);
  const auto result = answer.Find("GetCallerIdentityResult");
  if (!result.ok()) return result.status();
  CallerIdentity identity{.account = (*result)->TextOf("Account"),
                          .arn = (*result)->TextOf("Arn"),
                          .user_id = (*result)->TextOf("UserId")};
  if (identity.arn.empty()) return Unexpected("Arn");
  return identity;
}

StatusOr<AssumedRole> ParseAssumedRole(std::string_view xml, std::string_view result_name) {
  const Answer answer(xml);
  const auto result = answer.Find(result_name);
  if (!result.ok()) return result.status();
  const XmlElement* const given = (*result)->Find("Credentials");
  if (given == nullptr) return Unexpected("Credentials");
  AssumedRole role;
  role.credentials = Credentials(given->TextOf("AccessKeyId"), given->TextOf("SecretAccessKey"),
                                 given->TextOf("SessionToken"));
  role.credentials.source = "sts";
  if (Status status = CheckCredentials(role.credentials); !status.ok()) {
    return InternalError("the answer of STS " + status.message());
  }
  if (role.credentials.session_token.empty()) return Unexpected("SessionToken");
  role.credentials.expiration = ParseExpiration(given->TextOf("Expiration"));
  if (!role.credentials.expiration) return Unexpected("Expiration that is a time");
  if (const XmlElement* const user = (*result)->Find("AssumedRoleUser")) {
    role.arn = user->TextOf("Arn");
    role.assumed_role_id = user->TextOf("AssumedRoleId");
  }
  role.credentials.account_id = AccountOf(role.arn);
  return role;
}

}  // namespace gsh::aws
