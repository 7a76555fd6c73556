#include "src/director/event_log.h"

#include <array>
#include <string>
#include <vector>

namespace gsh::director {
namespace {

using Kind = Event::Kind;

LogLevel LevelOf(const Event& event) {
  switch (event.kind) {
    case Kind::kFetchFailed:
    case Kind::kReleaseFailed:
    case Kind::kGiveBackFailed:
      return LogLevel::kWarning;
    case Kind::kBackfillDropped:
      return event.status.ok() ? LogLevel::kDebug : LogLevel::kWarning;
    case Kind::kAllocationFailed:
      // An empty fleet is everyday life; anything else wants a look.
      return event.status.code() == StatusCode::kResourceExhausted ? LogLevel::kDebug
                                                                   : LogLevel::kWarning;
    case Kind::kGivenBack:
    case Kind::kModeChanged:
      return LogLevel::kInfo;
    default:
      return LogLevel::kDebug;
  }
}

// Which of gsh_director_tickets_total's results the event counts; empty: none.
std::string_view TicketResult(Kind kind) {
  switch (kind) {
    case Kind::kAssigned:
      return "assigned";
    case Kind::kPlayersGone:
      return "gone";
    case Kind::kJoinsRunning:
      return "joining";
    case Kind::kReleased:
      return "released";
    case Kind::kReleaseFailed:
      return "release_failed";
    default:
      return {};
  }
}

}  // namespace

std::string_view EventName(Kind kind) {
  switch (kind) {
    case Kind::kRoundStarted:
      return "round_started";
    case Kind::kFetched:
      return "fetched";
    case Kind::kFetchFailed:
      return "fetch_failed";
    case Kind::kAllocated:
      return "allocated";
    case Kind::kAllocationFailed:
      return "allocation_failed";
    case Kind::kAssigned:
      return "assigned";
    case Kind::kAssignFailed:
      return "assign_failed";
    case Kind::kPlayersGone:
      return "players_gone";
    case Kind::kReleased:
      return "released";
    case Kind::kReleaseFailed:
      return "release_failed";
    case Kind::kGivenBack:
      return "given_back";
    case Kind::kGiveBackFailed:
      return "give_back_failed";
    case Kind::kModeChanged:
      return "mode_changed";
    case Kind::kJoinsRunning:
      return "joins_running";
    case Kind::kBackfillDropped:
      return "backfill_dropped";
  }
  return "unknown";
}

void LogEvent(LogSink* log, const Event& event) {
  const LogLevel level = LevelOf(event);
  if (log == nullptr || !log->Enabled(level)) return;
  std::vector<LogField> fields;  // none of their keys names a secret
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) fields.push_back({key, value});
  };
  add("match", event.match_id);
  add("detail", event.detail);
  add("connection", event.connection);
  if (event.count > 0) add("count", std::to_string(event.count));
  if (!event.status.ok()) add("status", event.status.ToString());
  log->Write(level, "director: " + std::string(EventName(event.kind)), fields);
}

void CountEvent(MetricsSink* metrics, const Event& event) {
  if (metrics == nullptr) return;
  const std::array<MetricLabel, 1> kind = {{{"event", EventName(event.kind)}}};
  metrics->Add("gsh_director_events_total", 1, kind);
  const std::string_view result = TicketResult(event.kind);
  if (result.empty()) return;
  const std::array<MetricLabel, 1> label = {{{"result", result}}};
  metrics->Add("gsh_director_tickets_total", static_cast<double>(event.count), label);
}

}  // namespace gsh::director
