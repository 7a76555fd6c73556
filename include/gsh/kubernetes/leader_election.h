// LeaderElector: of several processes one acts, by a Lease (the algorithm of Kubernetes' own
// components: kubernetes/client-go, tools/leaderelection).
#ifndef GSH_KUBERNETES_LEADER_ELECTION_H_
#define GSH_KUBERNETES_LEADER_ELECTION_H_

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/kubernetes/leases.h"
#include "gsh/options.h"

namespace gsh::kubernetes {

struct LeaderElectionOptions {
  std::string ns = {};        // of the lease; required
  std::string name = {};      // of the lease; required
  std::string identity = {};  // of this candidate, unlike all others'; required
  // Others take the lease when they have seen no renewal for so long, by their own clocks. More
  // than renew_deadline, and whole seconds.
  Duration lease_duration = std::chrono::seconds(15);
  // The leader stops when its last renewal began so long ago. More than 1.2 retry_period.
  Duration renew_deadline = std::chrono::seconds(10);
  Duration retry_period = std::chrono::seconds(2);  // between two tries, or two renewals
  bool release_on_stop = true;                      // so that another one need not wait
  // Both run on `executor`, one at a time and in turns, and must not block. Whatever on_started
  // begins must have ended, or be ended by on_stopped, before lease_duration - renew_deadline has
  // passed.
  std::function<void()> on_started = {};
  std::function<void()> on_stopped = {};
  std::function<void(const std::string& identity)> on_new_leader = {};  // whoever it is
  std::shared_ptr<Executor> executor = {};                              // DefaultExecutor()
  Clock* clock = nullptr;          // SystemClock(); must outlive the elector
  Rng* rng = nullptr;              // SystemRng(); must outlive the elector
  LogSink* log = nullptr;          // nowhere; must outlive the elector
  MetricsSink* metrics = nullptr;  // nowhere; must outlive the elector
};

class GSH_EXPORT LeaderElector {
 public:
  // Stops acting (on_stopped has run when it returns, if on_started had), then releases the lease.
  // Not from a callback.
  virtual ~LeaderElector() = default;

  // To be asked before each step that only the leader may take: false from the very moment at which
  // the renewal is overdue, even if on_stopped has not come to run yet.
  virtual bool IsLeader() const = 0;

  // A candidate from now on. InvalidArgument names every mistake. `leases` must outlive it.
  static StatusOr<std::unique_ptr<LeaderElector>> Start(Leases& leases,
                                                        LeaderElectionOptions options);
};

// Blocks: waits until this candidate leads, then runs `work` on this thread, whose token is asked
// to stop when it leads no longer; then waits again. Returns when `stop` is asked for (OK), or what
// `work` returned of its own accord. on_started and on_stopped of `options` run as well; the lease
// is released when `work` has returned.
GSH_EXPORT Status RunWhileLeading(Leases& leases, LeaderElectionOptions options,
                                  std::stop_token stop,
                                  const std::function<Status(std::stop_token)>& work);

// POD_NAME, which manifests set; else the host's name with random digits, for several processes
// there.
GSH_EXPORT std::string CandidateIdentity(const Env& env = SystemEnv(), Rng& rng = SystemRng());

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_LEADER_ELECTION_H_
