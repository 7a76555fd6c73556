// BackfillPlan: what a backfill keeper does next. Pure: no call, no clock, no lock of its own.
#ifndef GSH_SRC_OPENMATCH_BACKFILL_PLAN_H_
#define GSH_SRC_OPENMATCH_BACKFILL_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/openmatch/backfill_keeper.h"
#include "gsh/status.h"

namespace gsh::openmatch {

struct BackfillPlanOptions {
  Seats free_seats = {};
  Seats expected = {};           // empty: none; of no use with a backfill_id
  std::string backfill_id = {};  // given from the start; empty: none
  Duration acknowledge_interval{0};
  Duration expiry{0};
  Duration join_timeout{0};  // 0: never
  bool replace_lost = true;
};

class BackfillPlan {
 public:
  struct Step {
    enum class Kind { kWait, kCreate, kAcknowledge, kUpdate, kDelete, kEnd };
    Kind kind = Kind::kWait;
    SteadyTime until = {};  // of kWait; SteadyTime::max(): until something happens
    std::string id = {};    // of calls on a backfill
    Seats open = {};        // of kCreate and kUpdate
  };
  // What a failed call means.
  enum class Verdict { kRetry, kLost, kFatal };

  BackfillPlan(BackfillPlanOptions options, SteadyTime now);

  // What to do now. Calls are made one at a time: after one of them, one of the On* below comes
  // before Next is asked again.
  Step Next(SteadyTime now);

  void PlayerJoined(std::size_t team);
  void PlayerLeft(std::size_t team);
  void Close();

  // `sent` is when the call began: the engine's timer started no earlier.
  void OnCreated(const Step& step, const Backfill& backfill, SteadyTime sent);
  // `read`: the open seats that the backfill says; an error if nobody can tell. `tickets` joined.
  // `right`: what else it says is right.
  void OnAcknowledged(const Backfill& backfill, const StatusOr<Seats>& read, bool right,
                      std::size_t tickets, SteadyTime sent, SteadyTime now);
  // True if a match changed the backfill since the last answer: its tickets are back in the queue.
  bool OnUpdated(const Step& step, const Backfill& backfill);
  void OnDeleted(const Step& step);
  // Pauses before the next call: `chance` in [0, 1) of the longest pause that is due.
  Verdict OnFailed(const Step& step, const Status& status, SteadyTime now, double chance);

  const std::string& backfill_id() const { return id_; }
  bool read_once() const { return read_once_; }  // the backfill has answered
  Seats Open() const;
  Seats Expected() const;
  bool ended() const { return ended_; }

 private:
  // Seats kept for players who were sent here.
  struct Reservation {
    std::size_t team = 0;
    std::uint32_t seats = 0;
    SteadyTime until = SteadyTime::max();
  };

  void Reserve(std::size_t team, std::uint32_t seats, SteadyTime now);
  void DropOldReservations(SteadyTime now);
  Step NextOnBackfill(const Seats& open, SteadyTime now) const;
  Step Wait(SteadyTime until) const;  // or until a reservation ends
  void Forget();                      // there is no backfill any more
  Verdict Lose(bool may_exist);
  int& Failures(const Step& step) { return failures_[static_cast<std::size_t>(step.kind)]; }

  const BackfillPlanOptions options_;
  std::vector<std::int64_t> free_;  // by team; less than 0: more players than seats
  std::deque<Reservation> reservations_;
  std::string id_;
  std::int64_t generation_ = 0;
  std::optional<Seats> published_;  // what the backfill says; empty: not known
  bool right_ = true;               // but for its seats
  bool read_once_ = false;
  // An acknowledgement is under way, or its answer was lost: players whom nobody has named yet may
  // sit down already.
  bool uncertain_ = false;
  Seats early_;                      // those who did, by team
  SteadyTime acknowledged_;          // when the last call that prolonged its life was sent
  bool acknowledge_first_ = false;   // before seats that became free are written
  std::vector<std::string> doomed_;  // lost ones that may still exist
  bool closing_ = false;
  bool ended_ = false;
  std::array<int, 6> failures_{};  // in a row, of each kind of step
  SteadyTime pause_until_ = SteadyTime::min();
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_BACKFILL_PLAN_H_
