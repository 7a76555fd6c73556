// Events as log lines and as metrics.
#ifndef GSH_SRC_DIRECTOR_EVENT_LOG_H_
#define GSH_SRC_DIRECTOR_EVENT_LOG_H_

#include <string_view>

#include "gsh/director/director.h"

namespace gsh::director {

// "allocation_failed" for kAllocationFailed, and so on.
std::string_view EventName(Event::Kind kind);

// What went wrong is a warning, a change of mode information, the rest is for debugging: programs
// that want lines about each match print them in on_event.
void LogEvent(LogSink* log, const Event& event);
// gsh_director_events_total{event}, gsh_director_tickets_total{result}.
void CountEvent(MetricsSink* metrics, const Event& event);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_EVENT_LOG_H_
