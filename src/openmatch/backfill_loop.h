// BackfillLoop: makes the calls that a BackfillPlan asks for, one at a time.
#ifndef GSH_SRC_OPENMATCH_BACKFILL_LOOP_H_
#define GSH_SRC_OPENMATCH_BACKFILL_LOOP_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "gsh/openmatch/backfill_keeper.h"
#include "src/openmatch/backfill_plan.h"

namespace gsh::openmatch {

// What outlives the keeper while calls come to their end.
class BackfillLoop : public std::enable_shared_from_this<BackfillLoop> {
 public:
  // `options` are checked and complete.
  explicit BackfillLoop(BackfillKeeperOptions options);

  // Changes the plan, then does what it asks for.
  void Change(const std::function<void(BackfillPlan&)>& change);
  BackfillState state() const;
  Status Close(const CallOptions& call);
  // Nothing is called any more; waits for a running on_event unless called from it.
  void Abandon();

 private:
  using Step = BackfillPlan::Step;

  // What an answer brought: the plan is told, and then people.
  using Answered = std::function<void(BackfillPlan& plan, std::vector<BackfillEvent>& events)>;

  void Advance();
  void Make(const Step& step, SteadyTime sent, const CallOptions& call);
  void Create(const Step& step, SteadyTime sent, const CallOptions& call);
  void Acknowledge(const Step& step, SteadyTime sent, const CallOptions& call);
  void Update(const Step& step, const CallOptions& call);
  void Delete(const Step& step, const CallOptions& call);
  void OnAnswer(const Answered& answered);
  void OnFailed(const Step& step, const Status& status);
  Backfill WithSeats(const Seats& open) const;
  void StartTimer(SteadyTime when, std::uint64_t round);
  void StopTimerLocked();
  void ShowLocked();

  void Emit(std::vector<BackfillEvent> events);
  void Tell(const BackfillEvent& event) const;  // log and counters
  void RunEvents();
  void Count(std::string_view counter, double amount = 1) const;

  const BackfillKeeperOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;  // the plan has ended, an event has been told, a time is up
  BackfillPlan plan_;
  Backfill backfill_;  // as it was last seen, or is to be made
  bool abandoned_ = false;
  bool calling_ = false;
  bool may_be_cut_ = false;                // the present call may be given up to close sooner
  std::stop_source call_;                  // of the present call
  std::multiset<std::thread::id> making_;  // threads that are about to call the frontend
  Clock::TimerId timer_ = 0;
  std::uint64_t timer_round_ = 0;  // which timer is the valid one
  std::deque<BackfillEvent> events_;
  bool telling_ = false;        // somebody runs, or will run, RunEvents
  std::thread::id telling_on_;  // the thread that is inside on_event
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_BACKFILL_LOOP_H_
