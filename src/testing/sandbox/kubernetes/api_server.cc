#include "src/testing/sandbox/kubernetes/api_server.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <list>
#include <mutex>
#include <utility>

#include "src/testing/sandbox/kubernetes/api_target.h"
#include "src/testing/sandbox/kubernetes/evictions.h"
#include "src/testing/sandbox/kubernetes/patches.h"
#include "src/testing/sandbox/kubernetes/selector.h"
#include "src/testing/sandbox/kubernetes/watches.h"

namespace gsh::testing::kubernetes {
namespace {

constexpr std::chrono::seconds kLongest{40};  // a forwarded allocation may take 30 s

using http::Request;
using http::Response;

Response JsonResponse(int code, const Json& json) {
  return {.code = code, .content_type = "application/json", .body = json.dump()};
}

Response Failure(int code, const std::string& reason, const std::string& message) {
  Json status = {{"kind", "Status"},   {"apiVersion", "v1"}, {"status", "Failure"},
                 {"message", message}, {"reason", reason},   {"code", code}};
  if (reason == "DisruptionBudget") {
    status["reason"] = "TooManyRequests";
    status["details"]["causes"] = Json::array({{{"reason", reason}, {"message", message}}});
  }
  return JsonResponse(code, status);
}

int CodeOf(const Status& status) {
  const std::string& reason = status.info() != nullptr ? status.info()->name : status.message();
  if (reason == "NotFound") return 404;
  if (reason == "AlreadyExists" || reason == "Conflict") return 409;
  if (reason == "Invalid") return 422;
  if (reason == "Expired") return 410;
  if (reason == "UnsupportedMediaType") return 415;
  if (reason == "DisruptionBudget") return 429;
  return 400;
}

Response Failure(const Status& status) {
  const std::string reason = status.info() != nullptr ? status.info()->name : "BadRequest";
  return Failure(CodeOf(status), reason, status.message());
}

Response Result(const StatusOr<Json>& result, int code = 200) {
  return result.ok() ? JsonResponse(code, *result) : Failure(result.status());
}

std::string HeaderOf(const Request& request, const char* name) {
  const std::string* value = request.FindHeader(name);
  return value != nullptr ? *value : std::string();
}

int NumberOf(const Request& request, const char* key) {
  return std::atoi(request.QueryValue(key).c_str());
}

// "VERSION:KEY": where the next page begins.
std::string ContinueToken(std::uint64_t version, const std::string& key) {
  return std::to_string(version) + ":" + key;
}

Json ScaleOf(const Json& object) {
  return {{"kind", "Scale"},
          {"apiVersion", "autoscaling/v1"},
          {"metadata", object["metadata"]},
          {"spec", {{"replicas", object.value(Json::json_pointer("/spec/replicas"), 0)}}},
          {"status", {{"replicas", object.value(Json::json_pointer("/status/replicas"), 0)}}}};
}

}  // namespace

class ApiServer::Impl {
 public:
  explicit Impl(ApiServerOptions options)
      : options_(std::move(options)), store_(options_.max_history) {}

  Status Start() {
    auto server = http::Server::Start(
        {.address = options_.address,
         .async_handler = [this](Request request,
                                 http::Respond respond) { Handle(std::move(request), respond); },
         .tls = options_.tls,
         .max_body_bytes = 4u << 20,
         .request_timeout = kLongest,
         .log = options_.log});
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return OkStatus();
  }
  void Stop() {
    watches_.CutAll();
    server_->Stop();
  }

  // What an object holds may be of another type than its kind wants: such as a number for a name.
  void Handle(Request request, const http::Respond& respond) try {
    if (!MayEnter(request)) return respond(Failure(401, "Unauthorized", "Unauthorized"));
    if (const auto* handler = AggregatedFor(request.path)) {
      return (*handler)(std::move(request), respond);
    }
    respond(Answer(request));
  } catch (const Json::exception& error) {
    respond(Failure(400, "BadRequest", error.what()));
  } catch (const std::exception& error) {
    respond(Failure(500, "InternalError", error.what()));
  }

  bool MayEnter(const Request& request) {
    std::lock_guard lock(mutex_);
    requests_.push_back(request.method + " " + request.path +
                        (request.query.empty() ? "" : "?" + request.query));
    return options_.token.empty() ||
           HeaderOf(request, "Authorization") == "Bearer " + options_.token;
  }

  // Of "/apis/GROUP/...".
  const http::AsyncHandler* AggregatedFor(const std::string& path) const {
    constexpr std::string_view kApis = "/apis/";
    if (!path.starts_with(kApis)) return nullptr;
    const std::size_t end = std::min(path.find('/', kApis.size()), path.size());
    const auto found = options_.aggregated.find(path.substr(kApis.size(), end - kApis.size()));
    return found == options_.aggregated.end() ? nullptr : &found->second;
  }

  Response Answer(const Request& request) {
    if (const auto fault = TakeFault(request)) {
      if (fault->after) Do(request);
      Response response = Failure(fault->code, fault->reason, fault->message);
      if (!fault->retry_after.empty()) {
        response.headers.emplace_back("Retry-After", fault->retry_after);
      }
      return response;
    }
    return Do(request);
  }

  std::optional<ApiFault> TakeFault(const Request& request) {
    std::lock_guard lock(mutex_);
    const std::string target = request.path + "?" + request.query;
    for (auto it = faults_.begin(); it != faults_.end(); ++it) {
      if (!it->method.empty() && it->method != request.method) continue;
      if (target.find(it->path) == target.npos) continue;
      ApiFault fault = *it;
      if (--it->times == 0) faults_.erase(it);
      return fault;
    }
    return std::nullopt;
  }

  Response Do(const Request& request) {
    const auto target = ParseApiTarget(request.path);
    if (!target) {
      return Failure(404, "NotFound", "the server could not find the requested resource");
    }
    const std::string& method = request.method;
    if (method == "GET" && target->name.empty()) return ListOrWatch(request, *target);
    if (method == "GET") return Get(*target);
    if (method == "POST") return Create(request, *target);
    if (method == "PUT") return Replace(request, *target);
    if (method == "PATCH") return Patch(request, *target);
    if (method == "DELETE" && !target->name.empty()) {
      return Result(store_.Delete(target->kind, target->ns, target->name));
    }
    return Failure(405, "MethodNotAllowed", "the server does not allow this method");
  }

  Response ListOrWatch(const Request& request, const ApiTarget& target) {
    auto selector =
        Selector::Parse(request.QueryValue("labelSelector"), request.QueryValue("fieldSelector"));
    if (!selector) return Failure(400, "BadRequest", "unable to parse the selector");
    if (request.QueryValue("watch") == "true") {
      return {
          .content_type = "application/json",
          .stream = watches_.Open({.target = target,
                                   .selector = *std::move(selector),
                                   .version = request.QueryValue("resourceVersion"),
                                   .bookmarks = request.QueryValue("allowWatchBookmarks") == "true",
                                   .timeout_seconds = NumberOf(request, "timeoutSeconds")})};
    }
    return List(request, target, *selector);
  }

  Response List(const Request& request, const ApiTarget& target, const Selector& selector) {
    const std::string token = request.QueryValue("continue");
    const std::uint64_t since = std::strtoull(token.c_str(), nullptr, 10);
    const std::size_t colon = token.find(':');
    if (!token.empty() && (colon == token.npos || !store_.Remembers(since))) {
      return Failure(410, "Expired", "The provided continue parameter is too old");
    }
    auto listed = store_.List(target.kind, target.ns, token.empty() ? "" : token.substr(colon + 1),
                              static_cast<std::size_t>(std::max(0, NumberOf(request, "limit"))),
                              [&](const Json& object) { return selector.Matches(object); });
    // All pages are of the first one's version; changes since then come by the watch.
    const std::uint64_t version = token.empty() ? listed.version : since;
    Json list = {{"kind", target.type + "List"},
                 {"apiVersion", target.version},
                 {"metadata", {{"resourceVersion", std::to_string(version)}}},
                 {"items", std::move(listed.items)}};
    if (!listed.next.empty()) {
      list["metadata"]["continue"] = ContinueToken(version, listed.next);
    }
    return JsonResponse(200, list);
  }

  Response Get(const ApiTarget& target) {
    auto object = store_.Get(target.kind, target.ns, target.name);
    if (object.ok() && target.subresource == "scale") return JsonResponse(200, ScaleOf(*object));
    return Result(object);
  }

  Response Create(const Request& request, const ApiTarget& target) {
    Json object = Json::parse(request.body, nullptr, false);
    if (!object.is_object()) return Failure(400, "BadRequest", "the body is no object");
    if (target.kind == "/pods" && target.subresource == "eviction") {
      return Result(Evict(store_, target.ns, target.name, object), 201);
    }
    if (!target.name.empty()) return Failure(405, "MethodNotAllowed", "not a collection");
    if (target.namespaced && target.ns.empty()) {
      return Failure(400, "BadRequest", "a namespace must be given");
    }
    object["kind"] = target.type;
    object["apiVersion"] = target.version;
    if (!object["metadata"].is_object()) object["metadata"] = Json::object();
    if (target.namespaced) object["metadata"]["namespace"] = target.ns;
    if (request.QueryValue("dryRun") == "All") return JsonResponse(201, object);
    return Result(store_.Create(target.kind, std::move(object)), 201);
  }

  Response Replace(const Request& request, const ApiTarget& target) {
    const Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) return Failure(400, "BadRequest", "the body is no object");
    if (target.subresource == "scale") return Scale(target, body);
    return Result(store_.Update(target.kind, target.ns, target.name, [&](Json& object) {
      object = body;
      return OkStatus();
    }));
  }

  Response Patch(const Request& request, const ApiTarget& target) {
    const std::string type = HeaderOf(request, "Content-Type");
    if (target.subresource == "scale") {
      auto object = store_.Get(target.kind, target.ns, target.name);
      if (!object.ok()) return Failure(object.status());
      Json scale = ScaleOf(*object);
      if (Status status = ApplyPatch(type, request.body, scale); !status.ok()) {
        return Failure(status);
      }
      return Scale(target, scale);
    }
    return Result(store_.Update(target.kind, target.ns, target.name, [&](Json& object) {
      return ApplyPatch(type, request.body, object);
    }));
  }

  Response Scale(const ApiTarget& target, const Json& scale) {
    const Json replicas = scale.value(Json::json_pointer("/spec/replicas"), Json());
    if (!replicas.is_number_integer() || replicas.get<int>() < 0) {
      return Failure(422, "Invalid", "spec.replicas: must be greater than or equal to 0");
    }
    const auto object = store_.Update(target.kind, target.ns, target.name, [&](Json& stored) {
      stored["spec"]["replicas"] = replicas;
      return OkStatus();
    });
    return object.ok() ? JsonResponse(200, ScaleOf(*object)) : Failure(object.status());
  }

  ApiServerOptions options_;
  ObjectStore store_;
  Watches watches_{store_};
  mutable std::mutex mutex_;
  std::list<ApiFault> faults_;         // guarded by mutex_, as options_.token
  std::vector<std::string> requests_;  // guarded by mutex_
  std::unique_ptr<http::Server> server_;
};

StatusOr<std::unique_ptr<ApiServer>> ApiServer::Start(ApiServerOptions options) {
  auto impl = std::make_shared<Impl>(std::move(options));
  if (Status started = impl->Start(); !started.ok()) return started;
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(impl)));
}

ApiServer::ApiServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiServer::~ApiServer() { impl_->Stop(); }

std::string ApiServer::url() const {
  return (impl_->options_.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") +
         std::to_string(port());
}
int ApiServer::port() const { return impl_->server_->port(); }
ObjectStore& ApiServer::store() { return impl_->store_; }

void ApiServer::Fail(ApiFault fault) {
  std::lock_guard lock(impl_->mutex_);
  impl_->faults_.push_back(std::move(fault));
}

void ApiServer::SetToken(std::string token) {
  std::lock_guard lock(impl_->mutex_);
  impl_->options_.token = std::move(token);
}

void ApiServer::CutWatches() { impl_->watches_.CutAll(); }
void ApiServer::EndWatches() { impl_->watches_.EndAll(); }
void ApiServer::SendBookmarks() { impl_->watches_.SendBookmarks(); }
int ApiServer::watches() const { return impl_->watches_.count(); }

std::vector<std::string> ApiServer::TakeRequests() {
  std::lock_guard lock(impl_->mutex_);
  return std::exchange(impl_->requests_, {});
}

}  // namespace gsh::testing::kubernetes
