// Reconnect: the pauses between the streams of a watch that never gives up.
#ifndef GSH_SRC_RPC_COMMON_RECONNECT_H_
#define GSH_SRC_RPC_COMMON_RECONNECT_H_

#include "gsh/options.h"

namespace gsh::rpc {

// A stream that held is followed soon by the next; those that break at once, even after an answer,
// are opened more and more rarely. Not thread-safe: its owner's lock guards it.
class Reconnect {
 public:
  // `options` has clock and rng, and must outlive this object.
  explicit Reconnect(const ClientOptions& options) : options_(options) {}

  void Opened();                              // a stream begins
  Duration NextPause();                       // it broke: how long until the next
  int failures() const { return failures_; }  // streams in a row that did not hold

 private:
  const ClientOptions& options_;
  SteadyTime opened_ = {};
  int failures_ = 0;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_RECONNECT_H_
