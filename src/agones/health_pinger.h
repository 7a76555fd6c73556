// HealthPinger: keeps a game server healthy in Agones' eyes.
#ifndef GSH_SRC_AGONES_HEALTH_PINGER_H_
#define GSH_SRC_AGONES_HEALTH_PINGER_H_

#include <functional>
#include <memory>

#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::agones {

// How an adapter sends pings, until that fails once.
class GSH_EXPORT HealthLine {
 public:
  virtual ~HealthLine() = default;
  // False if the ping before has not gone out yet.
  virtual bool Ping() = 0;
  virtual void Close() = 0;
};

// What a line tells, on any thread.
struct HealthEvents {
  std::function<void()> pinged;        // a ping has gone out
  std::function<void(Status)> closed;  // no more will; OK: the side-car wanted it so
};

// One ping each interval; a line that broke, or that took no ping for a whole interval, is replaced
// with back-off, but no later than the next ping is due. May be used from several threads at once.
class GSH_EXPORT HealthPinger {
 public:
  using OpenLine = std::function<std::shared_ptr<HealthLine>(HealthEvents events)>;

  // `open` is not called any more after Stop; `options` are the client's, complete.
  HealthPinger(OpenLine open, ClientOptions options);
  ~HealthPinger();  // stops

  void Start(Duration interval);  // again: changes the interval from the next ping on
  void Stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_HEALTH_PINGER_H_
