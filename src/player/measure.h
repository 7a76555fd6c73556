// The player's latencies as they are.
#ifndef GSH_SRC_PLAYER_MEASURE_H_
#define GSH_SRC_PLAYER_MEASURE_H_

#include <map>
#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::player {

// Milliseconds by region, of those that answered; a warning for each that did not. `endpoints` are
// agones_rest::ParsePingEndpoint's texts; of several of one region the nearest counts.
// InvalidArgument: a bad text. Cancelled: the program is to stop.
StatusOr<std::map<std::string, double>> Measure(service::Program& program,
                                                const std::vector<std::string>& endpoints);

}  // namespace gsh::player

#endif  // GSH_SRC_PLAYER_MEASURE_H_
