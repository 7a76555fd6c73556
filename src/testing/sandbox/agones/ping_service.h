// PingService: one region's latency service (agones: cmd/ping): HTTP answers and a UDP echo.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_PING_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_PING_SERVICE_H_

#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/status.h"

namespace gsh::sandbox {

class PingService {
 public:
  // On free ports of `bind`, an IPv4 address. Of each sender (address and port) it echoes 20
  // datagrams a second of `clock`, which must outlive it, and drops the others.
  static StatusOr<std::unique_ptr<PingService>> Start(const std::string& bind, Clock& clock,
                                                      LogSink* log);
  virtual ~PingService() = default;

  virtual int http_port() const = 0;
  virtual int udp_port() const = 0;
  // Answers come this much later, by the system's clock.
  virtual void set_delay(Duration delay) = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_PING_SERVICE_H_
