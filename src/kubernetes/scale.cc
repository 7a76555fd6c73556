// The scale sub-resource.
#include <algorithm>
#include <limits>
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/kubernetes/common/json.h"

namespace gsh::kubernetes {
namespace {

Request ScaleRequest(Verb verb, Resource resource, std::string ns, std::string name) {
  return {.verb = verb,
          .resource = resource,
          .ns = std::move(ns),
          .name = std::move(name),
          .subresource = "scale"};
}

void Send(Client& client, Request request, CallOptions options, ResultCallback<Scale> done) {
  client.CallAsync(std::move(request), std::move(options),
                   [done = std::move(done)](const StatusOr<std::string>& answer) {
                     if (!answer.ok()) return done(answer.status());
                     const StatusOr<Json> json = ParseJsonObject(*answer);
                     if (!json.ok()) return done(InternalError("a scale that is no object"));
                     done(Scale{.wanted = Int32At(*json, {"spec", "replicas"}),
                                .current = Int32At(*json, {"status", "replicas"})});
                   });
}

}  // namespace

void GetScaleAsync(Client& client, Resource resource, std::string ns, std::string name,
                   CallOptions options, ResultCallback<Scale> done) {
  Send(client, ScaleRequest(Verb::kGet, resource, std::move(ns), std::move(name)),
       std::move(options), std::move(done));
}

void SetScaleAsync(Client& client, Resource resource, std::string ns, std::string name, int wanted,
                   CallOptions options, ResultCallback<Scale> done) {
  Request request = ScaleRequest(Verb::kPatch, resource, std::move(ns), std::move(name));
  request.body = Dump({{"spec", {{"replicas", wanted}}}});
  Send(client, std::move(request), std::move(options), std::move(done));
}

StatusOr<Scale> GetScale(Client& client, Resource resource, std::string ns, std::string name,
                         CallOptions options) {
  return internal::Await<StatusOr<Scale>>(std::move(options), [&](CallOptions inner, auto done) {
    GetScaleAsync(client, resource, std::move(ns), std::move(name), std::move(inner), done);
  });
}

StatusOr<Scale> SetScale(Client& client, Resource resource, std::string ns, std::string name,
                         int wanted, CallOptions options) {
  return internal::Await<StatusOr<Scale>>(std::move(options), [&](CallOptions inner, auto done) {
    SetScaleAsync(client, resource, std::move(ns), std::move(name), wanted, std::move(inner), done);
  });
}

}  // namespace gsh::kubernetes
