#include "src/testing/sandbox/aws/services.h"

#include <utility>

#include "src/core/bounded_json.h"
#include "src/testing/sandbox/aws/query_call.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

using gsh::aws::AuthVerdict;
using gsh::aws::Protocol;

std::string HeaderOf(const http::Request& request, const char* name) {
  const std::string* value = request.FindHeader(name);
  return value != nullptr ? *value : std::string();
}

std::optional<ApiCall> CallOf(const http::Request& request) {
  const std::string target = HeaderOf(request, "X-Amz-Target");
  const std::size_t dot = std::min(target.find('.'), target.size());
  const std::string prefix = target.substr(0, dot);
  const std::string operation = target.substr(std::min(dot + 1, target.size()));
  if (prefix == "GameLift") return ApiCall{"gamelift", operation, Protocol::kJson11};
  if (prefix == "AmazonSQS") return ApiCall{"sqs", operation, Protocol::kJson10};
  if (!target.empty()) return std::nullopt;
  const auto form = ParseForm(request.body);
  if (!form || !form->contains("Action") || !form->contains("Version")) return std::nullopt;
  static const std::map<std::string, std::string> kServices = {{"2011-06-15", "sts"},
                                                               {"2011-01-01", "autoscaling"}};
  const auto service = kServices.find(form->at("Version"));
  if (service == kServices.end()) return std::nullopt;
  return ApiCall{service->second, form->at("Action"), Protocol::kQuery};
}

// Members that are null are as good as absent.
StatusOr<Json> InputOf(const http::Request& request) {
  StatusOr<Json> json = internal::ParseBoundedJson(request.body, kMaxRequest, 32);
  if (!json.ok() || !json->is_object()) {
    return ServiceError("SerializationException", "The body is no JSON object");
  }
  for (auto member = json->begin(); member != json->end();) {
    member = member->is_null() ? json->erase(member) : std::next(member);
  }
  return json;
}

int HttpStatusOf(const std::string& name) {
  return name.starts_with("Internal") || name == "ServiceUnavailable" ? 500 : 400;
}

}  // namespace

Services::Services(const AwsSandboxOptions& options, Rng& rng, TemporaryKeys& keys,
                   FleetIq& fleetiq, Sqs& sqs)
    : options_(options),
      rng_(rng),
      keys_(keys),
      fleetiq_(fleetiq),
      sqs_(sqs),
      sts_(keys, *options.clock, rng) {
  for (const char* service : {"gamelift", "sqs", "sts", "autoscaling"}) {
    verifiers_[service] = std::make_unique<gsh::aws::RequestVerifier>(gsh::aws::VerifierOptions{
        .service = service, .region = options.region, .find_key = [this](std::string_view id) {
          return FindKey(id);
        }});
  }
}

std::optional<gsh::aws::KnownKey> Services::FindKey(std::string_view id) {
  const auto known = options_.access_keys.find(std::string(id));
  if (known != options_.access_keys.end()) {
    return gsh::aws::KnownKey{.secret_access_key = known->second};
  }
  const auto temporary = keys_.Find(id);
  if (!temporary) return std::nullopt;
  return gsh::aws::KnownKey{.secret_access_key = temporary->secret_access_key,
                            .session_token = temporary->session_token,
                            .expiration = temporary->expiration};
}

Principal Services::PrincipalOf(const std::string& key) const {
  if (auto temporary = keys_.Find(key)) return std::move(temporary->who);
  return {.account = options_.account_id,
          .arn = "arn:aws:iam::" + options_.account_id + ":user/sandbox",
          .user_id = "AIDASANDBOX0000000000"};
}

void Services::Answer(const http::Request& request, http::Respond respond) {
  const std::optional<ApiCall> call = CallOf(request);
  if (!call) {
    return respond(Failure({}, 400, "UnknownOperationException", "No service has that operation"));
  }
  Note(call->operation);
  const AuthVerdict verdict = Verify(*call, request);
  if (!verdict.ok()) {
    return respond(Failure(*call, AuthErrorHttpStatus(verdict.error, call->protocol),
                           std::string(AuthErrorName(verdict.error, call->protocol)),
                           verdict.message));
  }
  const auto fault = TakeFault(call->operation);
  if (!fault) return Dispatch(*call, request, verdict.access_key_id, std::move(respond));
  http::Response failure = Failure(*call, fault->http_status, fault->name, fault->message);
  if (!fault->after) return respond(std::move(failure));
  Dispatch(*call, request, verdict.access_key_id,
           [respond, failure](const http::Response&) { respond(failure); });
}

AuthVerdict Services::Verify(const ApiCall& call, const http::Request& request) {
  const bool anonymous = call.service == "sts" && Sts::IsAnonymous(call.operation);
  if (!options_.check_signatures || anonymous) return {};
  return verifiers_.at(call.service)
      ->Verify({.method = request.method,
                .path = request.path,
                .query = request.query,
                .headers = request.headers,
                .body = request.body},
               options_.clock->Now());
}

void Services::Dispatch(const ApiCall& call, const http::Request& request, const std::string& key,
                        http::Respond respond) {
  if (call.protocol == Protocol::kQuery) return respond(CallQuery(call, request, key));
  const StatusOr<Json> input = InputOf(request);
  if (!input.ok()) return respond(FailureOf(call, input.status()));
  auto finish = [this, call, respond = std::move(respond)](const StatusOr<Json>& output) {
    respond(output.ok() ? Success(call, output->dump()) : FailureOf(call, output.status()));
  };
  if (call.service == "sqs") return sqs_.CallAsync(call.operation, *input, std::move(finish));
  finish(fleetiq_.Call(call.operation, *input));
}

http::Response Services::CallQuery(const ApiCall& call, const http::Request& request,
                                   const std::string& key) {
  const QueryParameters parameters = *ParseForm(request.body);
  const auto result = call.service == "sts"
                          ? sts_.Call(call.operation, parameters, PrincipalOf(key))
                          : CallAutoScaling(options_, call.operation, parameters);
  if (!result.ok()) return FailureOf(call, result.status());
  const std::string xmlns = call.service == "sts"
                                ? "https://sts.amazonaws.com/doc/2011-06-15/"
                                : "http://autoscaling.amazonaws.com/doc/2011-01-01/";
  return Success(call, "<" + call.operation + "Response xmlns=\"" + xmlns + "\"><" +
                           call.operation + "Result>" + *result + "</" + call.operation +
                           "Result><ResponseMetadata><RequestId>" + NewUuid(rng_) +
                           "</RequestId></ResponseMetadata></" + call.operation + "Response>");
}

http::Response Services::Success(const ApiCall& call, const std::string& body) {
  const char* type = call.protocol == Protocol::kQuery    ? "text/xml"
                     : call.protocol == Protocol::kJson10 ? "application/x-amz-json-1.0"
                                                          : "application/x-amz-json-1.1";
  return {.content_type = type, .body = body, .headers = {{"x-amzn-RequestId", NewUuid(rng_)}}};
}

http::Response Services::Failure(const ApiCall& call, int http_status, const std::string& name,
                                 const std::string& message) {
  if (call.protocol == Protocol::kQuery) {
    const std::string type = http_status < 500 ? "Sender" : "Receiver";
    http::Response response =
        Success(call, "<ErrorResponse><Error><Type>" + type + "</Type><Code>" + XmlText(name) +
                          "</Code><Message>" + XmlText(message) + "</Message></Error><RequestId>" +
                          NewUuid(rng_) + "</RequestId></ErrorResponse>");
    response.code = http_status;
    return response;
  }
  const bool sqs = call.service == "sqs";
  const std::string prefix = sqs && SqsLegacyName(name) != nullptr ? "com.amazonaws.sqs#" : "";
  const Json error = {{"__type", prefix + name}, {sqs ? "message" : "Message", message}};
  http::Response response =
      Success(call, error.dump(-1, ' ', false, Json::error_handler_t::replace));
  response.code = http_status;
  if (!prefix.empty()) {
    response.headers.emplace_back("x-amzn-query-error",
                                  std::string(SqsLegacyName(name)) + ";Sender");
  }
  return response;
}

http::Response Services::FailureOf(const ApiCall& call, const Status& status) {
  const std::string name = NameOf(status);
  return Failure(call, HttpStatusOf(name), name, status.message());
}

void Services::InjectFault(AwsSandboxFault fault) {
  std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Services::ClearFaults() {
  std::lock_guard lock(mutex_);
  faults_.clear();
}

std::optional<AwsSandboxFault> Services::TakeFault(const std::string& operation) {
  std::lock_guard lock(mutex_);
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (!fault->operation.empty() && fault->operation != operation) continue;
    AwsSandboxFault taken = *fault;
    if (fault->times > 0 && --fault->times == 0) faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

void Services::Note(std::string request) {
  constexpr std::size_t kMost = 100'000;
  std::lock_guard lock(mutex_);
  if (requests_.size() < kMost) requests_.push_back(std::move(request));
}

std::vector<std::string> Services::TakeRequests() {
  std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

}  // namespace gsh::testing::aws
