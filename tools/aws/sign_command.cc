#include "tools/aws/sign_command.h"

#include <chrono>
#include <cstddef>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/aws/default_credentials.h"
#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"
#include "src/core/bounded_json.h"

namespace gsh::aws_tool {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxLine = 8u << 20;

// The members of one line; each is taken at most once, and none may be left.
class Members {
 public:
  explicit Members(Json object) : object_(std::move(object)) {}

  // `value` stays as it is if there is no such member.
  template <typename T>
  void Take(const char* name, T& value) {
    const auto member = object_.find(name);
    if (member == object_.end()) return;
    try {
      member->get_to(value);
    } catch (const Json::exception&) {  // nlohmann's only way to say so
      if (mistake_.empty()) mistake_ = std::string(name) + " is of another type";
    }
    object_.erase(member);
  }

  Status Finish() const {
    if (!mistake_.empty()) return InvalidArgumentError(mistake_);
    if (!object_.empty()) return InvalidArgumentError(object_.begin().key() + " is unknown");
    return OkStatus();
  }

 private:
  Json object_;
  std::string mistake_;
};

struct Line {
  aws::SigningRequest request = {};
  aws::SigningOptions options = {};
  std::string service = {};
  std::string region = {};
  std::string time = {};  // empty: now
  aws::Credentials credentials = {};
  std::optional<long> presign = {};
};

StatusOr<Line> ParseLine(std::string_view text) {
  StatusOr<Json> json = internal::ParseBoundedJson(text, kMaxLine, 4);
  if (!json.ok()) return json.status();
  if (!json->is_object()) return InvalidArgumentError("a line is no JSON object");
  Members members(*std::move(json));
  Line line;
  members.Take("method", line.request.method);
  members.Take("host", line.request.host);
  members.Take("path", line.request.path);
  members.Take("query", line.request.query);
  members.Take("headers", line.request.headers);
  members.Take("body", line.request.body);
  members.Take("service", line.service);
  members.Take("region", line.region);
  members.Take("time", line.time);
  members.Take("access_key_id", line.credentials.access_key_id);
  members.Take("secret_access_key", line.credentials.secret_access_key);
  members.Take("session_token", line.credentials.session_token);
  long seconds = 0;
  members.Take("presign", seconds);
  if (seconds != 0) line.presign = seconds;
  members.Take("unsigned_payload", line.options.unsigned_payload);
  members.Take("normalize_path", line.options.normalize_path);
  members.Take("encode_path_twice", line.options.encode_path_twice);
  members.Take("content_sha256_header", line.options.content_sha256_header);
  members.Take("sign_session_token", line.options.sign_session_token);
  if (Status status = members.Finish(); !status.ok()) return status;
  return line;
}

class LineSigner {
 public:
  explicit LineSigner(const aws::AwsOptions& options) : options_(options) {}

  StatusOr<Json> Sign(std::string_view text) {
    StatusOr<Line> line = ParseLine(text);
    if (!line.ok()) return line.status();
    if (line->region.empty()) line->region = options_.region;
    StatusOr<std::shared_ptr<const aws::Credentials>> credentials = CredentialsOf(*line);
    if (!credentials.ok()) return credentials.status();
    std::optional<WallTime> time = SystemClock().Now();
    if (!line->time.empty()) time = aws::ParseAmzTime(line->time);
    if (!time) return InvalidArgumentError("time is not like 20261122T120000Z");
    auto signer = aws::Signer::Make(line->region, line->service, line->options);
    if (!signer.ok()) return signer.status();
    if (line->presign) {
      auto url = (*signer)->Presign(line->request, **credentials, *time,
                                    std::chrono::seconds(*line->presign));
      if (!url.ok()) return url.status();
      return Json{{"url", *std::move(url)}};
    }
    auto headers = (*signer)->Sign(line->request, **credentials, *time);
    if (!headers.ok()) return headers.status();
    return Json{{"headers", *std::move(headers)}};
  }

 private:
  StatusOr<std::shared_ptr<const aws::Credentials>> CredentialsOf(const Line& line) {
    if (!line.credentials.access_key_id.empty()) {
      return std::make_shared<const aws::Credentials>(line.credentials);
    }
    if (provider_ == nullptr) provider_ = options_.credentials;
    if (provider_ == nullptr) {
      auto made = aws::MakeDefaultCredentials(options_);
      if (!made.ok()) return made.status();
      provider_ = *std::move(made);
    }
    return provider_->Get();
  }

  const aws::AwsOptions& options_;
  std::shared_ptr<aws::CredentialsProvider> provider_;  // asked for when it is first needed
};

}  // namespace

Status SignLines(std::istream& in, std::ostream& out, const aws::AwsOptions& options) {
  LineSigner signer(options);
  std::size_t errors = 0;
  for (std::string text; std::getline(in, text);) {
    if (text.empty()) continue;
    StatusOr<Json> answer = signer.Sign(text);
    if (!answer.ok()) {
      ++errors;
      answer = Json{{"error", answer.status().message()}};
    }
    out << answer->dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  out.flush();
  if (errors == 0) return OkStatus();
  return InvalidArgumentError(std::to_string(errors) + " of the requests were not signed");
}

void AddSignCommand(CLI::App& cli, Commands& commands, const aws::AwsOptions& options) {
  commands[cli.add_subcommand("sign", "signs requests: JSON lines in, headers or URLs out")] =
      [&options](service::Program&) { return SignLines(std::cin, std::cout, options); };
}

}  // namespace gsh::aws_tool
