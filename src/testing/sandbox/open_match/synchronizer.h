// Synchronizer: the cycles in which Open Match collects proposals of all FetchMatches calls and
// lets the evaluator choose (open-match v1.8: internal/app/synchronizer/synchronizer_service.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_SYNCHRONIZER_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_SYNCHRONIZER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/log.h"
#include "gsh/status.h"
#include "src/proto/serialised.h"
#include "src/testing/sandbox/open_match/evaluator.h"

namespace gsh::sandbox {

using MatchPtr = std::unique_ptr<serialised::Match>;

struct SynchronizerOptions {
  Duration registration_interval{0};
  Duration proposal_collection_interval{0};
  Clock* clock = nullptr;                   // required; must outlive the synchronizer
  std::shared_ptr<Executor> executor = {};  // required; evaluates there
  // Chooses among a cycle's proposals, perhaps for long; `stop`: nobody waits any more. An error
  // fails the cycle. Empty: the default evaluator.
  std::function<StatusOr<std::vector<std::size_t>>(
      std::span<const serialised::Match* const> proposals, std::stop_token stop)>
      evaluate = {};
  // Hides the tickets of accepted matches from queries, before anybody hears of them.
  std::function<void(std::span<const std::string> ticket_ids)> add_pending = {};
  // After each cycle.
  std::function<void()> clean_up = {};
  LogSink* log = nullptr;
};

// One cycle at a time, in three steps. Registration: the first call to register opens the cycle;
// for registration_interval others join, and each starts its match function at once. Collection:
// until nobody has more proposals, or proposal_collection_interval has passed; later ones are
// ignored. Evaluation: the evaluator runs over what has arrived, the tickets of accepted matches
// become pending, each caller gets its own matches back, and the calls that came meanwhile open the
// next cycle. Two calls with the same match id fail the cycle for all of its callers.
class Synchronizer : public std::enable_shared_from_this<Synchronizer> {
 public:
  // What a FetchMatches call is told, never with the synchronizer's lock, but perhaps on a thread
  // that is inside Register, Propose or DoneProposing, and perhaps OnStart after OnEnd.
  class Caller {
   public:
    virtual ~Caller() = default;
    virtual void OnStart() = 0;   // the match function may run
    virtual void OnCutoff() = 0;  // it took too long; proposals are ignored from now on
    // The end: accepted matches, best first, or the error of the whole cycle. Not called after
    // Leave.
    virtual void OnEnd(Status status, std::vector<MatchPtr> accepted) = 0;
  };

  static std::shared_ptr<Synchronizer> Make(SynchronizerOptions options);

  // Joins the cycle that takes registrations, or waits for the next one. A caller may be registered
  // once.
  void Register(std::shared_ptr<Caller> caller);
  void Propose(Caller* caller, MatchPtr proposal);
  void DoneProposing(Caller* caller);
  // The caller is gone: it is told nothing more. Its proposals stay in the cycle unless all callers
  // are gone.
  void Leave(Caller* caller);

 private:
  enum class Phase { kIdle, kRegistration, kCollection, kEvaluation };
  struct Member {
    std::shared_ptr<Caller> caller;
    bool done = false;  // proposes no more
    bool gone = false;  // is told nothing more
  };
  struct Proposal {
    const Caller* caller;
    MatchPtr match;
  };
  struct Cycle {
    std::unordered_map<const Caller*, Member> members;
    std::vector<Proposal> proposals;
    std::vector<Candidate> candidates;  // of the proposals, in their order
    std::unordered_set<std::string> match_ids;
    std::size_t proposing = 0;  // members that are not done
    Status failure = {};
    Clock::TimerId timer = 0;
    std::stop_source evaluation;  // asked for when all members are gone
  };
  // What to do once the lock is let go.
  using Actions = std::vector<std::function<void()>>;

  explicit Synchronizer(SynchronizerOptions options);

  // Runs `step` with the lock, then without it what `step` asked for.
  void Locked(const std::function<void(Actions&)>& step);

  // With the lock:
  void Join(std::shared_ptr<Caller> caller, Actions& then);
  Member* Find(const Caller* caller);
  void SetDone(Member& member, Actions& then);
  void Fail(Status failure, Actions& then);
  void Enter(Phase phase, Duration limit, Actions& then);
  void OnTimer(Actions& then);
  void StartEvaluation(Actions& then);
  void Finish(std::unordered_map<const Caller*, std::vector<MatchPtr>> accepted, Actions& then);

  // Without the lock:
  void StartTimer(std::shared_ptr<Cycle> cycle, Phase phase, Duration limit);
  void EvaluateAndFinish(const std::shared_ptr<Cycle>& cycle);
  bool Wanted(const Cycle& cycle);
  // Of the cycle's proposals; an error fails the cycle.
  StatusOr<std::vector<std::size_t>> Choose(const Cycle& cycle);

  const SynchronizerOptions options_;
  std::mutex mutex_;
  Phase phase_ = Phase::kIdle;
  std::shared_ptr<Cycle> cycle_;                  // null when idle
  std::vector<std::shared_ptr<Caller>> waiting_;  // for the next cycle
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_SYNCHRONIZER_H_
