// Objects that are created, or changed if they are there.
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/object_meta.h"

namespace gsh::kubernetes {

void ApplyAsync(Client& client, Resource resource, std::string object, CallOptions options,
                ResultCallback<Applied> done) {
  const StatusOr<Json> json = ParseJsonObject(object);
  if (!json.ok()) {
    client.PauseAsync(
        Duration(0), std::move(options),
        [status = json.status(), done = std::move(done)](const Status&) { done(status); });
    return;
  }
  ObjectMeta meta = MetaOf(*json);
  Request create{.verb = Verb::kCreate,
                 .resource = resource,
                 .ns = std::move(meta.ns),
                 .body = Dump(WithoutNulls(*json))};  // null would be a value of a new object
  Request change = create;
  change.verb = Verb::kPatch;
  change.name = std::move(meta.name);
  change.body = std::move(object);
  client.CallAsync(std::move(create), options,
                   [&client, change = std::move(change), options,
                    done = std::move(done)](const StatusOr<std::string>& made) mutable {
                     if (made.ok()) return done(Applied::kCreated);
                     if (made.status().code() != StatusCode::kAlreadyExists) {
                       return done(made.status());
                     }
                     client.CallAsync(std::move(change), std::move(options),
                                      [done](const StatusOr<std::string>& changed) {
                                        if (!changed.ok()) return done(changed.status());
                                        done(Applied::kConfigured);
                                      });
                   });
}

StatusOr<Applied> Apply(Client& client, Resource resource, std::string object,
                        CallOptions options) {
  return internal::Await<StatusOr<Applied>>(std::move(options), [&](CallOptions inner, auto done) {
    ApplyAsync(client, resource, std::move(object), std::move(inner), std::move(done));
  });
}

}  // namespace gsh::kubernetes
