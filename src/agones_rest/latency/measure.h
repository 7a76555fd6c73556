// One endpoint's samples, on the caller's thread.
#ifndef GSH_SRC_AGONES_REST_LATENCY_MEASURE_H_
#define GSH_SRC_AGONES_REST_LATENCY_MEASURE_H_

#include "gsh/agones_rest/latency.h"

namespace gsh::agones_rest {

struct MeasureOptions : LatencyOptions {  // checked and complete
  std::stop_token stop = {};              // ends with what is known by then
};

RegionLatency MeasureByUdp(const PingEndpoint& endpoint, const MeasureOptions& options);
RegionLatency MeasureByHttp(const PingEndpoint& endpoint, const MeasureOptions& options);

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_LATENCY_MEASURE_H_
