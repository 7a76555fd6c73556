#include "src/aws/client/service_client.h"

#include <utility>

#include "gsh/aws/default_credentials.h"
#include "gsh/aws/instance_metadata.h"
#include "gsh/version.h"
#include "src/aws/client/error_names.h"
#include "src/aws/client/route.h"
#include "src/aws/client/signed_call.h"
#include "src/http/client/client.h"
#include "src/http/client/common_options.h"

namespace gsh::aws {
namespace {

using http::ClientRequest;
using http::ClientResponse;

constexpr std::uint32_t kMaxResponse = 8u << 20;
// Of the standard retry mode of AWS's SDKs.
constexpr double kRetryCost = 5;
constexpr double kTimeoutRetryCost = 10;
// 50 ms become 1 s.
constexpr int kThrottledFactor = 20;

bool IsThrottled(const Status& status) {
  return status.info() != nullptr && IsThrottlingName(status.info()->name);
}

bool IsTransient(const Status& status) {
  if (status.info() != nullptr && status.info()->name == kNoRegion) {
    return false;  // the metadata client has tried often enough
  }
  switch (status.code()) {
    case StatusCode::kUnavailable:
    case StatusCode::kInternal:
    case StatusCode::kDeadlineExceeded:  // of the attempt; the call's own leaves no time for more
      return true;
    default:
      return IsThrottled(status);
  }
}

// A connection that could not be made in time is Unavailable, as one that was refused.
bool IsTimeout(const Status& status) {
  return status.code() == StatusCode::kDeadlineExceeded ||
         status.message().find("timed out") != std::string::npos;
}

rpc::RetryRules RulesOfAws() {
  return {
      .is_transient = IsTransient,
      .did_not_happen = IsThrottled,
      .cost =
          [](const Status& status) { return IsTimeout(status) ? kTimeoutRetryCost : kRetryCost; },
      .backoff_factor =
          [](const Status& status) { return IsThrottled(status) ? kThrottledFactor : 1; }};
}

// Without overflow: Duration::max() stays what it is.
Duration Sum(Duration timeout, Duration wait) {
  return timeout > Duration::max() - wait ? Duration::max() : timeout + wait;
}

std::string ContentTypeOf(Protocol protocol) {
  switch (protocol) {
    case Protocol::kJson10:
      return "application/x-amz-json-1.0";
    case Protocol::kJson11:
      return "application/x-amz-json-1.1";
    case Protocol::kQuery:
      break;
  }
  return "application/x-www-form-urlencoded; charset=utf-8";
}

class ServiceClientImpl final : public ServiceClient {
 public:
  ServiceClientImpl(const Service& service, std::shared_ptr<CallContext> context,
                    Duration attempt_timeout, std::unique_ptr<http::Client> client)
      : service_(service),
        user_agent_("libgsh/" + std::string(Version()) + " api/" +
                    std::string(service.endpoint_prefix)),
        content_type_(ContentTypeOf(service.protocol)),
        context_(std::move(context)),
        closer_{context_},
        attempt_timeout_(attempt_timeout),
        client_(std::move(client)) {}

  void CallAsync(const rpc::Method& method, std::string body, Duration wait, CallOptions options,
                 std::function<void(StatusOr<std::string>)> done) override {
    ClientRequest request{.method = "POST",
                          .target = context_->routes().probable().path + "/",
                          .headers = {{"Content-Type", content_type_}, {"User-Agent", user_agent_}},
                          .body = std::move(body),
                          .hooks = std::make_shared<SignedCall>(context_)};
    if (service_.protocol == Protocol::kQuery) {
      request.body = "Action=" + std::string(method.operation) +
                     "&Version=" + std::string(service_.version) +
                     (request.body.empty() ? "" : "&") + request.body;
    } else {
      request.headers.emplace_back("X-Amz-Target",
                                   std::string(service_.target_prefix) + "." + method.operation);
    }
    if (attempt_timeout_ > Duration(0)) request.attempt_timeout = Sum(attempt_timeout_, wait);
    if (!options.timeout && client_->options().timeout > Duration(0)) {
      options.timeout = Sum(client_->options().timeout, wait);
    }
    auto response = std::make_shared<ClientResponse>();
    client_->Send(method, std::move(request), response, std::move(options),
                  [response, done = std::move(done)](Status status) {
                    if (!status.ok()) return done(std::move(status));
                    done(std::move(response->body));
                  });
  }

  void FailAsync(Status status, CallOptions options,
                 std::function<void(StatusOr<std::string>)> done) override {
    client_->Pause(Duration(0), std::move(options),
                   [done = std::move(done), failure = std::move(status)](Status paused) {
                     done(paused.ok() ? failure : std::move(paused));
                   });
  }

 private:
  struct Closer {
    std::shared_ptr<CallContext> context;
    ~Closer() { context->Close(); }
  };

  const Service service_;
  const std::string user_agent_;
  const std::string content_type_;
  const std::shared_ptr<CallContext> context_;
  const Closer closer_;
  const Duration attempt_timeout_;
  const std::unique_ptr<http::Client> client_;
};

// The instance metadata client is made when it is needed, and kept by what asks.
RouteSource::AskRegion RegionOfInstance(const AwsOptions& options) {
  struct Lazy {
    InstanceMetadataOptions options;
    std::unique_ptr<InstanceMetadata> metadata;
  };
  auto lazy = std::make_shared<Lazy>();
  lazy->options.profile = options.profile;
  lazy->options.executor = InlineExecutor();
  lazy->options.clock = options.clock;
  lazy->options.rng = options.rng;
  lazy->options.log = options.log;
  lazy->options.metrics = options.metrics;
  lazy->options.env = options.env;
  return [lazy](RouteSource::RegionCallback done) {
    if (lazy->metadata == nullptr) {
      auto made = MakeInstanceMetadata(lazy->options);
      if (!made.ok()) return done(made.status());
      lazy->metadata = *std::move(made);
    }
    lazy->metadata->RegionAsync({}, std::move(done));
  };
}

}  // namespace

StatusOr<std::unique_ptr<ServiceClient>> ServiceClient::Make(AwsOptions options,
                                                             const Service& service) {
  const std::string name(service.name);
  if (options.attempt_timeout < Duration(0)) {
    return InvalidArgumentError(name + ": attempt_timeout is negative");
  }
  if (options.max_response_bytes == 0) options.max_response_bytes = kMaxResponse;
  auto settings = ResolveSettings(options, service);
  if (!settings.ok()) return settings.status().WithContext(name);
  auto routes = RouteSource::Make(*settings, service, RegionOfInstance(options));
  if (!routes.ok()) return routes.status().WithContext(name);
  const Endpoint& endpoint = (*routes)->probable();
  if (options.credentials == nullptr) {
    auto chain = MakeDefaultCredentials(options);
    if (!chain.ok()) return chain.status().WithContext(name);
    options.credentials = *std::move(chain);
  }
  ClientOptions client = http::CommonOptions(
      options, endpoint.address, {.ca_file = settings->ca_file, .insecure = endpoint.plaintext});
  if (Status status = rpc::CheckClientOptions(client); !status.ok()) {
    return status.WithContext(name);
  }
  rpc::FillDefaults(client);
  auto context =
      std::make_shared<CallContext>(*routes, std::move(options.credentials), *client.clock);
  http::ClientTraits traits;
  traits.retry = RulesOfAws();
  traits.proxy = options.proxy;
  // Nothing but this machine has its loopback addresses, and what is not encrypted goes to them.
  traits.proxy_from_environment = !endpoint.plaintext;
  traits.connect_timeout = options.connect_timeout;
  auto made = http::Client::Make(std::move(client), std::move(traits));
  if (!made.ok()) return made.status().WithContext(name);
  return std::unique_ptr<ServiceClient>(std::make_unique<ServiceClientImpl>(
      service, std::move(context), options.attempt_timeout, *std::move(made)));
}

}  // namespace gsh::aws
