#include "src/kubernetes/watch_lines.h"

#include "src/kubernetes/api_status.h"
#include "src/kubernetes/common/json.h"

namespace gsh::kubernetes {

StatusOr<WatchEvent> ParseWatchLine(std::string_view line) {
  const StatusOr<Json> json = ParseJsonObject(line);
  if (!json.ok()) return InternalError("a watch's line is " + json.status().message());
  const std::string type = TextAt(*json, {"type"});
  const Json* object = Find(*json, {"object"});
  if (object == nullptr || !object->is_object()) {
    return InternalError("a watch's line without an object");
  }
  if (type == "ERROR") return StatusOfObject(Dump(*object));
  WatchEvent event;
  if (type == "ADDED") {
    event.type = WatchEvent::Type::kAdded;
  } else if (type == "MODIFIED") {
    event.type = WatchEvent::Type::kModified;
  } else if (type == "DELETED") {
    event.type = WatchEvent::Type::kDeleted;
  } else if (type == "BOOKMARK") {
    event.type = WatchEvent::Type::kBookmark;
  } else {
    return InternalError("a watch's event of an unknown type");
  }
  event.object = Dump(*object);
  return event;
}

}  // namespace gsh::kubernetes
