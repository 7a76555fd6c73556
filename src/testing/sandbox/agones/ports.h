// Ports for game-server processes, handed out without a race.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_PORTS_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_PORTS_H_

#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::sandbox {

// A TCP and UDP port that nobody used when it was taken, and that no other lease has, in this
// process or another, until it is destroyed. Ports come from below the range from which the kernel
// picks ports for outgoing connections.
class PortLease {
 public:
  // ResourceExhausted when there is none.
  static StatusOr<PortLease> Take(Rng& rng);

  PortLease(PortLease&& other) noexcept;
  PortLease& operator=(PortLease&& other) noexcept;
  ~PortLease();

  int port() const { return port_; }

 private:
  PortLease(int port, int lock) : port_(port), lock_(lock) {}

  int port_ = 0;
  int lock_ = -1;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_PORTS_H_
