// Helpers for what command lines say: addresses, ports, latencies.
#ifndef GSH_SRC_SERVICE_FLAGS_H_
#define GSH_SRC_SERVICE_FLAGS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"
#include "src/core/host_port.h"
#include "src/http/address.h"

namespace gsh::service {

using internal::JoinHostPort;

// InvalidArgument, with the flag's name, unless 1 <= port <= 65535.
Status CheckPort(std::string_view flag, int port);

using http::HostPort;
// http::ParseHostPort, its error with the flag's name.
StatusOr<HostPort> ParseHostPort(std::string_view flag, std::string_view text);

// `address` ("host", "host:port", "::1", "[::1]", "[::1]:port") with the port if it has none.
// Checks nothing else.
std::string WithDefaultPort(std::string_view address, int port);

// One --latency region=ms.
struct LatencyFlag {
  std::string region;
  double milliseconds = 0;  // finite, >= 0

  static StatusOr<LatencyFlag> Parse(std::string_view text);
};

// The latencies of all --latency flags by region; a later one of the same region counts.
StatusOr<std::map<std::string, double>> ParseLatencies(const std::vector<std::string>& flags);

// "UsEast1" -> "us-east-1".
std::string RegionFromCamel(std::string_view camel);

// Turns "-latencyUsEast1 10", "-latencyUsEast1=10" and "--latency-us-east-1 10" into "--latency
// us-east-1=10". Flags named in `keep` ("latencyRegion1") stay.
std::vector<std::string> RewriteLatencyFlags(const std::vector<std::string>& args,
                                             const std::vector<std::string>& keep);

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_FLAGS_H_
