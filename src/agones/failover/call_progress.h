// CallProgress: what to do after each attempt of one call over several endpoints.
#ifndef GSH_SRC_AGONES_FAILOVER_CALL_PROGRESS_H_
#define GSH_SRC_AGONES_FAILOVER_CALL_PROGRESS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "gsh/status.h"

namespace gsh::agones {

// How an attempt ended.
enum class Outcome {
  kSettled,     // taken, or an answer that no repeat would change
  kNoServer,    // the endpoint's cluster has no game server
  kContention,  // others were faster: nothing was taken
  kNotSent,     // there was no connection: nothing was taken
  kUnclear,     // a server may have been taken
};
Outcome OutcomeOf(const Status& status);

struct NextStep {
  enum class Kind {
    kTryNow,
    kTryAfterBackoff,       // a new round over all endpoints
    kTryAfterUnclearPause,  // the call may have happened
    kGiveUp,
  };
  Kind kind = Kind::kGiveUp;
  RetryStop stop = RetryStop::kNone;  // why, if it is to give up
};

// What decides besides the outcomes.
struct CallTraits {
  bool repeatable = false;         // the request carries an identity
  bool separate_clusters = false;  // see FailoverOptions
  int max_rounds = 4;
};

class CallProgress {
 public:
  CallProgress(std::size_t endpoints, CallTraits traits)
      : traits_(traits), excluded_(endpoints, false), exhausted_(endpoints, false) {}

  // Endpoints that the next attempt must not go to; never all after a step that tries.
  const std::vector<bool>& excluded() const { return excluded_; }
  int round() const { return round_; }  // from 1
  // May an attempt so far have taken a server that nobody knows of?
  bool maybe_taken() const { return maybe_taken_; }
  bool heard_of_no_server() const { return heard_of_no_server_; }

  NextStep After(Outcome outcome, std::size_t endpoint);

 private:
  NextStep AfterNoServer(std::size_t endpoint);
  NextStep AfterUnclear(std::size_t endpoint);
  // Another endpoint at once, or a new round if none is left.
  NextStep Elsewhere(std::size_t endpoint);
  NextStep NewRound(NextStep::Kind kind);
  void Exclude(std::size_t endpoint) { excluded_[endpoint] = true; }
  bool AllExcluded() const;

  const CallTraits traits_;
  std::vector<bool> excluded_;
  std::vector<bool> exhausted_;        // their clusters have no game server
  std::optional<std::size_t> pinned_;  // where a server may have been taken
  int round_ = 1;
  bool maybe_taken_ = false;
  bool heard_of_no_server_ = false;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_CALL_PROGRESS_H_
