// How far away regions are: round trips to Agones' ping services (agones: cmd/ping/main.go), which
// echo UDP datagrams and answer HTTP requests. For a player's ticket, before there is a server.
#ifndef GSH_AGONES_REST_LATENCY_H_
#define GSH_AGONES_REST_LATENCY_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::agones_rest {

struct PingEndpoint {
  enum class Protocol { kUdp, kHttp };
  std::string region = {};
  std::string address = {};  // "host:port"
  Protocol protocol = Protocol::kUdp;
};

// "region=host:port" and "region=udp://host:port": by UDP; "region=http://host:port": by HTTP.
// InvalidArgument for what is neither.
GSH_EXPORT StatusOr<PingEndpoint> ParsePingEndpoint(const std::string& text);

struct LatencyOptions {
  int samples =
      5;  // for each endpoint, 1 to 100; HTTP has one more, for the connection, not counted
  // Between two samples. Agones' service drops the datagrams of those who send more than 20 a
  // second.
  Duration interval = std::chrono::milliseconds(100);
  Duration timeout = std::chrono::seconds(1);  // of one sample, and of looking up the name
  Clock* clock = nullptr;                      // of the timestamps; SystemClock()
  Rng* rng = nullptr;                          // SystemRng()
};

struct RegionLatency {
  std::string region = {};
  int sent = 0;
  int lost = 0;                          // not answered in time
  std::optional<Duration> minimum = {};  // empty: no sample was answered
  std::optional<Duration> median = {};   // of those that were answered
  Status error = {};                     // why none was; OK else
};

// Measures all endpoints at once, one after another the samples of each; `done` gets them in the
// order of `endpoints`, once, on the call's executor (DefaultExecutor()). That takes no longer than
// the samples, their pauses and their time-outs need. The call's timeout (empty: none) and stop
// token end it with what is known by then: the others have Cancelled as their error.
// InvalidArgument for bad options; an endpoint that does not answer is no error of the call. A
// datagram that is no answer to a sample that still waits changes nothing. The clock and the rng
// must live until `done`.
GSH_EXPORT void MeasureLatencyAsync(std::vector<PingEndpoint> endpoints, LatencyOptions options,
                                    CallOptions call,
                                    std::function<void(StatusOr<std::vector<RegionLatency>>)> done);

// Waits for it.
GSH_EXPORT StatusOr<std::vector<RegionLatency>> MeasureLatency(std::vector<PingEndpoint> endpoints,
                                                               LatencyOptions options = {},
                                                               CallOptions call = {});

}  // namespace gsh::agones_rest

#endif  // GSH_AGONES_REST_LATENCY_H_
