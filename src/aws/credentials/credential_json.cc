#include "src/aws/credentials/credential_json.h"

#include <openssl/crypto.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/aws/config/ascii.h"
#include "src/aws/signer/char_set.h"
#include "src/core/bounded_json.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = 64u << 10;
constexpr int kMaxDepth = 8;

bool IsToken(std::string_view text) { return !text.empty() && IsPrintable(text); }

// Reads members of one object, and wipes what is left of it.
class Reader {
 public:
  explicit Reader(Json json) : json_(std::move(json)) {}
  ~Reader() {
    for (auto& [name, value] : json_.items()) {
      if (auto* const text = value.get_ptr<std::string*>())
        OPENSSL_cleanse(text->data(), text->size());
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Null counts as missing. The first mistake stays.
  void Take(const char* name, bool needed, std::string& into) {
    const auto found = json_.find(name);
    const bool missing = found == json_.end() || found->is_null();
    if (missing && !needed) return;
    if (missing || !found->is_string() ||
        (needed && found->get_ref<const std::string&>().empty())) {
      return Fail(std::string("has no ") + name);
    }
    into = found->get<std::string>();
  }
  void TakeExpiration(bool needed, std::optional<WallTime>& into) {
    std::string text;
    Take("Expiration", needed, text);
    if (text.empty()) return;
    into = ParseExpiration(text);
    if (!into) Fail("has an Expiration that is no time");
  }
  void CheckVersion() {
    const auto found = json_.find("Version");
    if (found == json_.end() || *found != 1) Fail("is not of Version 1");
  }
  void Fail(const std::string& what) {
    if (status_.ok()) status_ = InvalidArgumentError(what);
  }
  const Status& status() const { return status_; }

 private:
  Json json_;
  Status status_;
};

StatusOr<Credentials> Read(std::string_view text, bool process) {
  // The parser's own error may quote a secret.
  auto json = internal::ParseBoundedJson(text, kMaxBytes, kMaxDepth);
  if (!json.ok()) return InvalidArgumentError("is not JSON of one meaning, or too large");
  if (!json->is_object()) return InvalidArgumentError("is no JSON object");
  Reader reader(*std::move(json));
  Credentials credentials;
  if (process) reader.CheckVersion();
  reader.Take("AccessKeyId", true, credentials.access_key_id);
  reader.Take("SecretAccessKey", true, credentials.secret_access_key);
  reader.Take(process ? "SessionToken" : "Token", !process, credentials.session_token);
  reader.TakeExpiration(!process, credentials.expiration);
  reader.Take("AccountId", false, credentials.account_id);
  if (!reader.status().ok()) return reader.status();
  if (Status status = CheckCredentials(credentials); !status.ok()) return status;
  return credentials;
}

}  // namespace

StatusOr<Credentials> ParseProcessCredentials(std::string_view json) { return Read(json, true); }

StatusOr<Credentials> ParseContainerCredentials(std::string_view json) { return Read(json, false); }

Status CheckCredentials(const Credentials& credentials) {
  if (!IsToken(credentials.access_key_id)) {
    return InvalidArgumentError("has an access key id that is empty or not one word of ASCII");
  }
  if (!IsToken(credentials.secret_access_key)) {
    return InvalidArgumentError("has a secret access key that is empty or not one word of ASCII");
  }
  if (!credentials.session_token.empty() && !IsToken(credentials.session_token)) {
    return InvalidArgumentError("has a session token that is not one word of ASCII");
  }
  return OkStatus();
}

std::optional<WallTime> ParseExpiration(std::string_view text) {
  if (text.ends_with('Z') || text.size() < 6) return internal::ParseUtcTime(text);
  const std::string_view zone = text.substr(text.size() - 6);  // "+02:00"
  const bool fine = (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' && IsDigit(zone[1]) &&
                    IsDigit(zone[2]) && IsDigit(zone[4]) && IsDigit(zone[5]);
  if (!fine) return std::nullopt;
  const auto local = internal::ParseUtcTime(std::string(text.substr(0, text.size() - 6)) + "Z");
  if (!local) return std::nullopt;
  const auto number = [&](std::size_t at) { return (zone[at] - '0') * 10 + (zone[at + 1] - '0'); };
  if (number(1) > 23 || number(4) > 59) return std::nullopt;
  const auto offset = std::chrono::hours(number(1)) + std::chrono::minutes(number(4));
  return zone[0] == '+' ? *local - offset : *local + offset;
}

}  // namespace gsh::aws
