// TimeLeft: one timeout for a call that is made of several.
#ifndef GSH_SRC_KUBERNETES_TIME_LEFT_H_
#define GSH_SRC_KUBERNETES_TIME_LEFT_H_

#include <optional>
#include <utility>

#include "gsh/clock.h"
#include "gsh/options.h"
#include "src/rpc/common/deadline.h"

namespace gsh::kubernetes {

// Without a timeout each part has the client's own.
class TimeLeft {
 public:
  TimeLeft(Clock& clock, CallOptions options)
      : clock_(clock),
        options_(std::move(options)),
        deadline_(options_.timeout ? rpc::DeadlineAfter(*options_.timeout, clock.SteadyNow())
                                   : std::nullopt) {}

  // Of the next part.
  CallOptions Options() const {
    CallOptions options = options_;
    if (deadline_) options.timeout = *deadline_ - clock_.SteadyNow();
    return options;
  }
  // Is there more than that?
  bool Allows(Duration pause) const {
    return !deadline_ || *deadline_ - clock_.SteadyNow() > pause;
  }

 private:
  Clock& clock_;
  const CallOptions options_;
  const std::optional<SteadyTime> deadline_;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_TIME_LEFT_H_
