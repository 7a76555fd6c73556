// HealthPinger: keeps a game server healthy in Agones' eyes.
#ifndef GSH_SRC_AGONES_HEALTH_PINGER_H_
#define GSH_SRC_AGONES_HEALTH_PINGER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>

#include "gsh/options.h"

namespace gsh::agones {

// One ping each interval over one client stream; a stream that broke, or that took no ping for a
// whole interval, is opened again with back-off, but no later than the next ping is due. May be
// used from several threads at once.
class HealthPinger {
 public:
  // `channel` gives the channel to use for the next stream; `options` are the client's, complete.
  HealthPinger(std::function<std::shared_ptr<grpc::Channel>()> channel, ClientOptions options);
  ~HealthPinger();  // stops

  void Start(Duration interval);  // again: changes the interval from the next ping on
  void Stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_HEALTH_PINGER_H_
