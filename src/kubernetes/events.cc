// Events.
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/common/micro_time.h"

namespace gsh::kubernetes {
namespace {

// The API's own bound (core/v1 Event: at most 1 kB).
constexpr std::size_t kMaxMessage = 1000;

std::string Body(const Event& event, WallTime now) {
  return Dump({{"apiVersion", "v1"},
               {"kind", "Event"},
               {"metadata", {{"generateName", event.name + "."}, {"namespace", event.ns}}},
               {"involvedObject",
                {{"apiVersion", event.api_version},
                 {"kind", event.kind},
                 {"namespace", event.object_ns},
                 {"name", event.name},
                 {"uid", event.uid}}},
               {"reason", event.reason},
               {"message", event.message.substr(0, kMaxMessage)},
               {"type", event.warning ? "Warning" : "Normal"},
               {"source", {{"component", event.component}}},
               {"firstTimestamp", FormatTime(now)},
               {"lastTimestamp", FormatTime(now)},
               {"count", 1}});
}

}  // namespace

void EmitEventAsync(Client& client, Event event, CallOptions options,
                    std::function<void(Status)> done) {
  client.CallAsync(
      {.verb = Verb::kCreate,
       .resource = kEvents,
       .ns = event.ns,
       .body = Body(event, client.clock().Now())},
      std::move(options),
      [done = std::move(done)](const StatusOr<std::string>& answer) { done(answer.status()); });
}

Status EmitEvent(Client& client, Event event, CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    EmitEventAsync(client, std::move(event), std::move(inner), std::move(done));
  });
}

}  // namespace gsh::kubernetes
