// kubernetes::Client over HTTP.
#include <array>
#include <utility>

#include "gsh/kubernetes/client.h"
#include "src/core/await.h"
#include "src/core/mistakes.h"
#include "src/http/client/client.h"
#include "src/http/client/common_options.h"
#include "src/http/client/line_cutter.h"
#include "src/kubernetes/api_path.h"
#include "src/kubernetes/api_status.h"
#include "src/kubernetes/cluster_tls.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/server_url.h"
#include "src/kubernetes/watch_lines.h"

namespace gsh::kubernetes {
namespace {

using http::ClientRequest;
using http::ClientResponse;
using rpc::Idempotency;
using rpc::Method;

// etcd takes no object of more than 1.5 MiB.
constexpr std::size_t kMaxLine = 8u << 20;
constexpr char kService[] = "kubernetes";
constexpr Method kWatchMethod{kService, "Watch"};

Method MethodOf(const Request& request) {
  switch (request.verb) {
    case Verb::kGet:
      return {kService, "Get"};
    case Verb::kList:
      return {kService, "List"};
    case Verb::kCreate:
      return {kService, "Create", Idempotency::kOnce};
    case Verb::kUpdate:
      return {kService, "Update"};
    case Verb::kPatch:
      return {kService, "Patch",
              request.patch == PatchType::kJson ? Idempotency::kOnce : Idempotency::kIdempotent};
    case Verb::kDelete:
      return {kService, "Delete"};
  }
  return {kService, "Get"};
}

const char* HttpMethodOf(Verb verb) {
  constexpr std::array<const char*, 6> kMethods = {"GET", "GET", "POST", "PUT", "PATCH", "DELETE"};
  return kMethods[static_cast<std::size_t>(verb)];
}

const char* ContentTypeOf(const Request& request) {
  if (request.verb != Verb::kPatch) return "application/json";
  switch (request.patch) {
    case PatchType::kJson:
      return "application/json-patch+json";
    case PatchType::kMerge:
      return "application/merge-patch+json";
    case PatchType::kStrategicMerge:
      return "application/strategic-merge-patch+json";
  }
  return "application/json";
}

// ErrorInfo::name of a 401 after which there is a newer token.
constexpr char kRenewed[] = "Renewed";

// Said before anything was done: by the API server's authentication, or its priority and fairness.
bool DidNotHappen(const Status& status) {
  return status.code() == StatusCode::kUnauthenticated ||
         status.code() == StatusCode::kResourceExhausted;
}

class HttpClient final : public Client {
 public:
  HttpClient(std::string prefix, Clock& clock, std::unique_ptr<http::Client> client)
      : prefix_(std::move(prefix)), clock_(clock), client_(std::move(client)) {}

  void CallAsync(Request request, CallOptions options,
                 std::function<void(StatusOr<std::string>)> done) override {
    auto response = std::make_shared<ClientResponse>();
    auto finish = [response, done = std::move(done)](Status status) {
      if (!status.ok()) return done(std::move(status));
      done(std::move(response->body));
    };
    const Status checked = CheckRequest(request);
    if (!checked.ok())
      return client_->Pause(Duration(0), std::move(options),
                            [=](const Status&) { finish(checked); });
    ClientRequest sent{.method = HttpMethodOf(request.verb),
                       .target = TargetOf(prefix_, request),
                       .headers = {{"Accept", "application/json"}},
                       .body = std::move(request.body)};
    if (!sent.body.empty()) sent.headers.emplace_back("Content-Type", ContentTypeOf(request));
    client_->Send(MethodOf(request), std::move(sent), response, std::move(options),
                  std::move(finish));
  }

  void WatchAsync(WatchRequest request, CallOptions options,
                  std::function<bool(WatchEvent)> on_event,
                  std::function<void(Status)> done) override {
    // The server ends the watch; this is for one that forgets to.
    if (!options.timeout && request.timeout.count() > 0) {
      options.timeout = request.timeout + std::chrono::seconds(30);
    } else if (!options.timeout) {
      options.timeout = Duration::max();
    }
    struct Reader {
      http::LineCutter lines{kMaxLine};
      std::function<bool(WatchEvent)> on_event;
      Status error;
    };
    auto reader = std::make_shared<Reader>();
    reader->on_event = std::move(on_event);
    ClientRequest sent{.target = TargetOf(prefix_, request),
                       .headers = {{"Accept", "application/json"}}};
    client_->Stream(
        kWatchMethod, std::move(sent), std::make_shared<ClientResponse>(),
        [reader](std::string_view chunk) {
          const bool more = reader->lines.Add(chunk, [&](std::string_view line) {
            StatusOr<WatchEvent> event = ParseWatchLine(line);
            if (!event.ok()) reader->error = event.status();
            return event.ok() && reader->on_event(*std::move(event));
          });
          if (reader->lines.overflow()) reader->error = InternalError("a watch's line is too long");
          return more;
        },
        std::move(options),
        [reader, done = std::move(done)](Status status) {
          done(reader->error.ok() ? std::move(status) : reader->error);
        });
  }

  void PauseAsync(Duration delay, CallOptions options, std::function<void(Status)> done) override {
    client_->Pause(delay, std::move(options), std::move(done));
  }
  Clock& clock() const override { return clock_; }

 private:
  const std::string prefix_;
  Clock& clock_;
  const std::unique_ptr<http::Client> client_;
};

void AddCredential(const Credential& credential, ClusterTls& tls, ClientRequest& request) {
  tls.SetCertificate(credential);
  if (credential.bearer_token.empty()) return;
  request.headers.emplace_back("Authorization", "Bearer " + credential.bearer_token);
}

http::ClientTraits TraitsOf(const ClusterConfig& config, std::shared_ptr<ClusterTls> tls,
                            Duration connect_timeout) {
  const std::shared_ptr<CredentialSource> source = config.credentials;
  http::ClientTraits traits;
  if (source != nullptr) {
    traits.prepare = [source, tls](std::shared_ptr<ClientRequest> request,
                                   std::function<void(Status)> done) {
      source->GetAsync([tls, request, done = std::move(done)](StatusOr<Credential> credential) {
        if (credential.ok()) AddCredential(*credential, *tls, *request);
        done(credential.status());
      });
    };
  }
  traits.tls = [tls] { return tls->Get(); };
  traits.status_of = [source](const ClientResponse& response) {
    Status status = StatusOfAnswer(response.code, response.body);
    if (response.code != 401 || source == nullptr || !source->Rejected()) return status;
    ErrorInfo info;
    info.name = kRenewed;
    return Status(status.code(), status.message(), std::move(info));
  };
  traits.retry.is_transient = [](const Status& status) {
    return IsTransient(status) || (status.info() != nullptr && status.info()->name == kRenewed);
  };
  traits.retry.did_not_happen = DidNotHappen;
  traits.proxy = config.proxy;
  traits.connect_timeout = connect_timeout;
  return traits;
}

Status CheckConfig(const ClusterConfig& config, const ServerUrl& url) {
  internal::Mistakes mistakes("Kubernetes cluster");
  const bool secrets =
      config.credentials != nullptr || !config.cert_file.empty() || !config.cert_pem.empty();
  mistakes.Check(!url.plaintext || !secrets || url.loopback,
                 "credentials would go over plain HTTP to " + url.endpoint);
  mistakes.Check(config.ca_file.empty() || config.ca_pem.empty(), "both ca_file and ca_pem");
  mistakes.Check(config.cert_file.empty() || config.cert_pem.empty(),
                 "both cert_file and cert_pem");
  return mistakes.ToStatus();
}

}  // namespace

StatusOr<std::string> Client::Call(Request request, CallOptions options) {
  return internal::Await<StatusOr<std::string>>(
      std::move(options), [&](CallOptions inner, auto done) {
        CallAsync(std::move(request), std::move(inner), std::move(done));
      });
}

StatusOr<std::unique_ptr<Client>> MakeClient(KubernetesOptions options) {
  const StatusOr<ServerUrl> url = ParseServerUrl(options.cluster.server);
  if (!url.ok()) return url.status();
  if (Status status = CheckConfig(options.cluster, *url); !status.ok()) return status;
  const ClusterConfig& cluster = options.cluster;
  ClientOptions client = http::CommonOptions(options, url->endpoint,
                                             {.ca_file = cluster.ca_file,
                                              .cert_file = cluster.cert_file,
                                              .key_file = cluster.key_file,
                                              .server_name = cluster.server_name,
                                              .insecure = url->plaintext});
  if (Status status = rpc::CheckClientOptions(client); !status.ok()) return status;
  rpc::FillDefaults(client);
  auto tls = ClusterTls::Make(cluster, client);
  if (!tls.ok()) return InvalidArgumentError(tls.status().message()).WithContext("tls");
  Clock& clock = *client.clock;
  auto made = http::Client::Make(std::move(client),
                                 TraitsOf(cluster, *std::move(tls), options.connect_timeout));
  if (!made.ok()) return made.status();
  return std::unique_ptr<Client>(std::make_unique<HttpClient>(url->path, clock, *std::move(made)));
}

StatusOr<Page> ParsePage(std::string_view json) {
  const StatusOr<Json> list = ParseJsonObject(json);
  if (!list.ok()) return InternalError("a list that is " + list.status().message());
  const Json* items = Find(*list, {"items"});
  // Go writes an empty slice of a built-in kind as null.
  if (items == nullptr || !(items->is_array() || items->is_null())) {
    return InternalError("a list without items");
  }
  Page page{.resource_version = TextAt(*list, {"metadata", "resourceVersion"}),
            .continue_token = TextAt(*list, {"metadata", "continue"})};
  if (!items->is_array()) return page;
  page.items.reserve(items->size());
  for (const Json& item : *items) page.items.push_back(Dump(item));
  return page;
}

}  // namespace gsh::kubernetes
