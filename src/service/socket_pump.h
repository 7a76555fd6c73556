// Between a terminal and a server: what nc does.
#ifndef GSH_SRC_SERVICE_SOCKET_PUMP_H_
#define GSH_SRC_SERVICE_SOCKET_PUMP_H_

#include <chrono>
#include <stop_token>
#include <string>

#include "gsh/status.h"

namespace gsh::service {

struct PumpOptions {
  int socket = -1;  // a connected stream socket; becomes non-blocking
  int input = 0;    // copied to the socket, often stdin
  int output = 1;   // the socket is copied to it, often stdout
  // At the end of the input: false goes on reading from the socket, true also tells the peer that
  // no more will come (shutdown), which a chat server takes for leaving.
  bool half_close = false;
};

// Copies both ways at once until the peer closes or resets (OK), `stop` is asked for (Cancelled),
// or the socket or the output fails (Unavailable). Holds no more than 64 KiB of what either side
// has not taken yet. Closes nothing.
Status PumpSocket(const PumpOptions& options, std::stop_token stop);

// A connected TCP socket (the caller closes it) to the first of the host's addresses that answers.
// DeadlineExceeded after `timeout` (0: as long as the system tries), Cancelled by `stop`,
// Unavailable else.
StatusOr<int> ConnectTcp(const std::string& host, int port, std::chrono::milliseconds timeout,
                         std::stop_token stop);

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_SOCKET_PUMP_H_
