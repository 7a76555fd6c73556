#include "src/aws/credentials/container_credentials.h"

#include <algorithm>
#include <utility>

#include "src/aws/config/endpoint_url.h"
#include "src/aws/credentials/credential_json.h"
#include "src/core/await.h"
#include "src/core/host_port.h"
#include "src/http/client/client.h"
#include "src/rpc/common/pem.h"

namespace gsh::aws {
namespace {

constexpr rpc::Method kGet{"aws.ContainerCredentials", "Get"};
// As botocore: 2 s for each of three attempts; the endpoint is on the same machine.
constexpr Duration kAttemptTimeout = std::chrono::seconds(2);
constexpr Duration kTimeout = std::chrono::seconds(10);
constexpr std::uint32_t kMaxAnswer = 64u << 10;

StatusOr<std::string> TokenOf(const ContainerPlan& plan) {
  std::string token = plan.token;
  std::string from = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  if (!plan.token_file.empty()) {
    from += "_FILE " + plan.token_file;
    auto text = rpc::ReadPemFile(plan.token_file);
    if (!text.ok()) return text.status().WithContext("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    token = *std::move(text);
  }
  if (std::ranges::any_of(token, [](char c) { return c < ' ' || c > '~'; })) {
    return InvalidArgumentError(from + " has a character (a line's end?) that no header may have");
  }
  return token;
}

}  // namespace

StatusOr<Credentials> FetchContainerCredentials(const ContainerPlan& plan,
                                                const AwsOptions& options, std::stop_token stop) {
  const auto url = ParseEndpointUrl(plan.url, true);
  if (!url.ok()) return url.status();
  auto token = TokenOf(plan);
  if (!token.ok()) return token.status();
  http::ClientTraits traits;
  traits.connect_timeout = kAttemptTimeout;
  traits.attempt_timeout = kAttemptTimeout;
  traits.retry.is_transient = [](const Status& status) {
    return status.code() == StatusCode::kUnavailable ||
           status.code() == StatusCode::kDeadlineExceeded ||
           status.code() == StatusCode::kInternal ||
           status.code() == StatusCode::kResourceExhausted;
  };
  auto client = http::Client::Make({.endpoint = internal::JoinHostPort(url->host, url->port),
                                    .tls = {.insecure = url->plaintext},
                                    .retry = {.max_attempts = 3},
                                    .timeout = kTimeout,
                                    .executor = options.executor,
                                    .clock = options.clock,
                                    .rng = options.rng,
                                    .log = options.log,
                                    .metrics = options.metrics,
                                    .max_message_bytes = kMaxAnswer},
                                   std::move(traits));
  if (!client.ok()) return client.status();
  http::ClientRequest request{.target = (url->path.empty() ? "/" : url->path) +
                                        (url->query.empty() ? "" : "?" + url->query),
                              .headers = {{"Accept", "application/json"}}};
  if (!token->empty()) request.headers.emplace_back("Authorization", *std::move(token));
  auto response = std::make_shared<http::ClientResponse>();
  const Status status =
      internal::Await<Status>({.stop = std::move(stop)}, [&](CallOptions inner, auto done) {
        (*client)->Send(kGet, std::move(request), response, std::move(inner), std::move(done));
      });
  if (!status.ok()) return status;
  const rpc::SecretText body(std::move(response->body));
  auto credentials = ParseContainerCredentials(body.text());
  if (!credentials.ok()) return InternalError("the answer " + credentials.status().message());
  return credentials;
}

}  // namespace gsh::aws
