// The body of a watch: one JSON document a line.
#ifndef GSH_SRC_KUBERNETES_WATCH_LINES_H_
#define GSH_SRC_KUBERNETES_WATCH_LINES_H_

#include <string_view>

#include "gsh/kubernetes/client.h"
#include "gsh/status.h"

namespace gsh::kubernetes {

// {"type":"ADDED","object":{...}}: the event, or the status of an ERROR event, or Internal for
// what is neither.
StatusOr<WatchEvent> ParseWatchLine(std::string_view line);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_WATCH_LINES_H_
