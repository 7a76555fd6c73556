// Election: the rules by which a candidate takes, keeps and gives up a lease, without the calls.
#ifndef GSH_SRC_KUBERNETES_ELECTION_H_
#define GSH_SRC_KUBERNETES_ELECTION_H_

#include <optional>
#include <string>

#include "gsh/kubernetes/leader_election.h"

namespace gsh::kubernetes {

// Pure. Not thread-safe. Times are those of this machine alone: a lease of another holder counts
// from when this candidate saw it change, so that clocks need not agree.
class Election {
 public:
  // Those of `options` that are numbers or names.
  explicit Election(const LeaderElectionOptions& options);

  // What to write after the lease was read (empty: there is none); empty: nothing, it is another's.
  std::optional<Lease> OnRead(const std::optional<Lease>& lease, SteadyTime now, WallTime wall);
  // The renewal that a leader may write without reading; empty: read first.
  std::optional<Lease> Renewal(WallTime wall) const;
  // What was begun to be written at `began` is now `lease`.
  void OnWritten(const Lease& lease, SteadyTime began, SteadyTime now);
  // The lease has changed under us: read next.
  void OnConflict() { observed_.reset(); }

  // True from a write until the renewal is overdue, or another holder was seen.
  bool Leads(SteadyTime now) const { return held_ && now < deadline_; }
  SteadyTime deadline() const { return deadline_; }      // of the last lease that was written
  const std::string& holder() const { return holder_; }  // last seen; may be empty

  // What lets others take the lease at once; empty if it is not ours.
  std::optional<Lease> Release(WallTime wall);

 private:
  void Observe(const Lease& lease, SteadyTime now);

  const std::string ns_;
  const std::string name_;
  const std::string identity_;
  const Duration lease_duration_;
  const Duration renew_deadline_;

  std::optional<Lease> observed_;
  SteadyTime observed_at_ = {};
  std::string holder_;
  bool held_ = false;
  SteadyTime deadline_ = {};
};

// InvalidArgument names every mistake.
Status CheckElectionOptions(const LeaderElectionOptions& options);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_ELECTION_H_
