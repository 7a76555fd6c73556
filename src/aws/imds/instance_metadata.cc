// InstanceMetadata over HTTP.
#include "gsh/aws/instance_metadata.h"

#include <atomic>
#include <utility>

#include "src/aws/imds/settings.h"
#include "src/aws/imds/token_keeper.h"
#include "src/http/client/client.h"
#include "src/http/client/common_options.h"
#include "src/http/client/percent_encode.h"
#include "src/rpc/common/deadline.h"

namespace gsh::aws {
namespace {

constexpr rpc::Method kGet{"aws.InstanceMetadata", "Get"};
constexpr char kTokenHeader[] = "X-aws-ec2-metadata-token";

// What goes away by itself: the service's own trouble, its throttling, and lost packets.
bool IsTransient(const Status& status) {
  const std::string name = status.info() == nullptr ? std::string() : status.info()->name;
  if (name == kNoToken) return false;  // has been tried often enough
  if (name == "500" || name == "429") return true;
  return status.code() == StatusCode::kUnavailable ||
         status.code() == StatusCode::kDeadlineExceeded;
}

std::string TargetOf(const std::string& prefix, std::string_view path) {
  std::string target = prefix + "/latest/";
  for (;;) {
    const std::size_t slash = path.find('/');
    target += http::PercentEncode(path.substr(0, slash));
    if (slash == path.npos) return target;
    target += '/';
    path.remove_prefix(slash + 1);
  }
}

bool IsUnauthorized(const Status& status) {
  return status.info() != nullptr && status.info()->name == "401";
}

// Gives each attempt of one call the token, and knows which one the last attempt had.
class AddToken final : public http::CallHooks {
 public:
  explicit AddToken(std::shared_ptr<TokenKeeper> keeper) : keeper_(std::move(keeper)) {}

  void Prepare(std::shared_ptr<http::ClientRequest> request,
               std::function<void(Status)> done) override {
    waits_ = true;
    keeper_->GetAsync([this, request = std::move(request),
                       done = std::move(done)](const StatusOr<TokenKeeper::Token>& token) {
      waits_ = false;
      if (token.ok()) number_ = token->number;
      if (token.ok() && !token->text.empty()) {
        request->headers.emplace_back(kTokenHeader, token->text);
      }
      done(token.status());
    });
  }
  Status StatusOf(const http::ClientResponse& answer) override {
    return http::StatusOfResponse(answer);
  }
  void OnFailure(const Status&, const http::ClientResponse&, rpc::FailedAttempt&) override {}

  std::uint64_t number() const { return number_; }
  // `status` ended the call: if that was the wait for a token, with what is wrong there.
  Status Explain(const Status& status) const {
    const Status trouble = keeper_->Trouble();
    if (status.code() != StatusCode::kDeadlineExceeded || !waits_ || trouble.ok()) return status;
    ErrorInfo info = status.info() == nullptr ? ErrorInfo{} : *status.info();
    info.name = kNoToken;
    return Status(status.code(), DiagnoseNoToken(trouble).message(), std::move(info));
  }

 private:
  const std::shared_ptr<TokenKeeper> keeper_;
  std::atomic<std::uint64_t> number_ = 0;
  std::atomic<bool> waits_ = false;
};

class HttpInstanceMetadata final : public InstanceMetadata {
 public:
  HttpInstanceMetadata(std::string prefix, bool disabled, std::shared_ptr<TokenKeeper> tokens,
                       std::unique_ptr<http::Client> client)
      : prefix_(std::move(prefix)),
        disabled_(disabled),
        tokens_{std::move(tokens)},
        client_(std::move(client)) {}

  void GetAsync(std::string path, CallOptions options, Callback<std::string> done) override {
    if (disabled_) return Fail(std::move(options), std::move(done));
    const auto deadline =
        rpc::DeadlineOf(client_->options(), options, client_->options().clock->SteadyNow());
    Send({.target = TargetOf(prefix_, path),
          .path = std::move(path),
          .options = std::move(options),
          .deadline = deadline,
          .done = std::move(done)});
  }
  Clock& clock() const override { return *client_->options().clock; }

 private:
  struct Tokens {
    ~Tokens() { keeper->Close(); }
    const std::shared_ptr<TokenKeeper> keeper;
  };
  struct Call {
    std::string target = {};
    std::string path = {};
    CallOptions options = {};
    std::optional<SteadyTime> deadline = {};
    Callback<std::string> done = {};
    bool repeated = false;  // with a new token
  };

  void Send(Call call) {
    auto response = std::make_shared<http::ClientResponse>();
    auto token = std::make_shared<AddToken>(tokens_.keeper);
    http::ClientRequest request{.target = call.target, .hooks = token};
    CallOptions options = call.options;
    options.timeout = call.deadline ? *call.deadline - clock().SteadyNow() : rpc::kNoTimeout;
    client_->Send(kGet, std::move(request), response, std::move(options),
                  [this, response, token, call = std::move(call)](Status status) mutable {
                    if (IsUnauthorized(status)) {
                      tokens_.keeper->Reject(token->number());
                      if (!std::exchange(call.repeated, true)) return Send(std::move(call));
                    }
                    if (!status.ok()) {
                      return call.done(token->Explain(status).WithContext(call.path));
                    }
                    call.done(std::move(response->body));
                  });
  }

  void Fail(CallOptions options, Callback<std::string> done) {
    client_->Pause(Duration(0), std::move(options), [done = std::move(done)](Status paused) {
      done(paused.ok() ? FailedPreconditionError("AWS_EC2_METADATA_DISABLED is set")
                       : std::move(paused));
    });
  }

  const std::string prefix_;
  const bool disabled_;
  const Tokens tokens_;
  const std::unique_ptr<http::Client> client_;  // goes first: its calls ask for tokens
};

}  // namespace

StatusOr<std::unique_ptr<InstanceMetadata>> MakeInstanceMetadata(InstanceMetadataOptions options) {
  constexpr std::string_view kContext = "aws::InstanceMetadata";
  if (options.token_ttl.count() < 1 || options.token_ttl > std::chrono::hours(6)) {
    return InvalidArgumentError("token_ttl must be from 1 s to 6 hours").WithContext(kContext);
  }
  const StatusOr<MetadataSettings> settings = ResolveMetadataSettings(options);
  if (!settings.ok()) return settings.status().WithContext(kContext);
  const MetadataEndpoint& endpoint = settings->endpoint;
  options.retry.max_attempts = settings->max_attempts;

  http::ClientTraits traits;
  traits.retry.is_transient = IsTransient;
  traits.connect_timeout = settings->attempt_timeout;
  traits.attempt_timeout = settings->attempt_timeout;
  const ClientOptions common =
      http::CommonOptions(options, endpoint.address, {.insecure = endpoint.plaintext});
  auto token_client = http::Client::Make(common, traits);
  if (!token_client.ok()) return token_client.status().WithContext(kContext);
  auto tokens =
      std::make_shared<TokenKeeper>(TokenKeeper::Options{.path = endpoint.path,
                                                         .ttl = options.token_ttl,
                                                         .allow_v1 = settings->allow_v1,
                                                         .clock = (*token_client)->options().clock},
                                    *std::move(token_client));
  auto client = http::Client::Make(common, std::move(traits));
  if (!client.ok()) return client.status().WithContext(kContext);
  return std::unique_ptr<InstanceMetadata>(std::make_unique<HttpInstanceMetadata>(
      endpoint.path, settings->disabled, std::move(tokens), *std::move(client)));
}

}  // namespace gsh::aws
