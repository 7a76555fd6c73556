// A name's address, no later than it is wanted.
#ifndef GSH_SRC_AGONES_REST_LATENCY_LOOK_UP_H_
#define GSH_SRC_AGONES_REST_LATENCY_LOOK_UP_H_

#include <sys/socket.h>

#include <stop_token>
#include <string>

#include "gsh/clock.h"
#include "gsh/status.h"

namespace gsh::agones_rest {

struct SocketAddress {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

// The first address of "host:port" for datagrams. Unavailable: there is none; DeadlineExceeded: the
// resolver took longer (its thread goes on without us); Cancelled.
StatusOr<SocketAddress> LookUp(const std::string& host_port, Duration timeout,
                               const std::stop_token& stop);

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_LATENCY_LOOK_UP_H_
