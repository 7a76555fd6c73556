// openmatch::BackfillKeeper: keeps a running match's backfill alive, and its open seats right
// (open-match v1.8: internal/app/frontend/frontend_service.go).
#ifndef GSH_OPENMATCH_BACKFILL_KEEPER_H_
#define GSH_OPENMATCH_BACKFILL_KEEPER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// Players, one number for each team; a match without teams has one number.
using Seats = std::vector<std::uint32_t>;

// How a backfill says its open seats to the match function; mmf::BackfillSeatFormat is gsh-mmf's.
struct SeatFormat {
  std::function<StatusOr<Seats>(const Backfill& backfill)> read = {};
  // Writes the seats onto a backfill, which may have had others; must leave the rest alone.
  std::function<void(const Seats& open, Backfill& backfill)> write = {};
  // False: it is written anew even if its seats are right, as it says something else that is not
  // (another region, say). Null: nothing else is.
  std::function<bool(const Backfill& backfill)> is_right = {};
};

struct BackfillEvent {
  enum class Kind {
    kOpened,   // a backfill was made, or the given one answered for the first time
    kJoined,   // tickets: Open Match has sent these players here
    kUpdated,  // the open seats were written anew
    kLost,     // it expired, or somebody deleted it; status
    kClosed,   // it was deleted: nobody can join until seats are free again
    kFailed,   // status: Open Match refuses what the keeper asks; the keeper has ended
  };
  Kind kind = Kind::kOpened;
  std::string backfill_id = {};
  std::vector<Ticket> tickets = {};
  Status status = {};
};

struct BackfillKeeperOptions {
  Frontend* frontend = nullptr;  // required; must outlive the keeper
  SeatFormat format = {};        // required: read and write
  Seats free_seats = {};         // at the start; required, one number for each team
  // Of them, those of the match's own players, who are on their way; empty: none. A given backfill
  // says it itself: what is not open there is theirs.
  Seats expected = {};
  // The backfill that the match function made for this match, if it did. Empty: the keeper makes
  // one.
  std::string backfill_id = {};
  // What it makes: search fields and extensions, to which the open seats are added. Also what takes
  // the place of a given one that is lost before it was read.
  Backfill backfill = {};
  Assignment assignment = {};  // where those go who join; its connection is required
  // Players who were sent here learn the address when the keeper acknowledges next.
  Duration acknowledge_interval = std::chrono::seconds(2);
  // When Open Match gives up a backfill that nobody acknowledges: 80 % of its
  // pendingReleaseTimeout.
  Duration expiry = std::chrono::seconds(48);
  // Seats of players who were sent here and do not come are open again after this time; 0: never.
  Duration join_timeout = std::chrono::seconds(60);
  // In place of a backfill that is lost a new one is made; false: the keeper ends with kLost.
  bool replace_lost = true;
  Duration call_timeout = std::chrono::seconds(5);
  std::function<void(const BackfillEvent&)> on_event = {};  // on the executor, one at a time
  std::shared_ptr<Executor> executor = {};                  // DefaultExecutor()
  Clock* clock = nullptr;                                   // SystemClock()
  Rng* rng = nullptr;                                       // SystemRng()
  LogSink* log = nullptr;                                   // nowhere
  // Counters gsh_backfill_opened_total, _joined_tickets_total, _updates_total, _lost_total,
  // _closed_total, _conflicts_total (players had joined that an update sent back to the queue) and
  // _call_failures_total{call,code}; gauges gsh_backfill_open_seats, gsh_backfill_expected_players.
  MetricsSink* metrics = nullptr;
};

struct BackfillState {
  std::string backfill_id = {};  // empty: none now
  Seats open = {};               // that others may still be sent to
  Seats expected = {};           // kept for players who were sent here and have not come yet
  bool ended = false;            // closed for good, failed, or lost without replacement
};

// Tell it who comes and goes; it acknowledges, updates, closes when the match is full and opens
// again when somebody leaves. What fails is repeated, with pauses up to 5 s, as long as it lives.
//
// A seat is free until somebody sits on it, and open unless it is kept for somebody: open = free -
// expected. Players whose tickets Open Match names, or whose seats are missing from the backfill
// though no ticket is named (the answer that named them was lost, or they gave up), are expected
// for join_timeout. Each update sends players that were matched into the backfill and not yet
// acknowledged back to the queue; so the keeper acknowledges first when seats become free, and not
// when they become fewer. A frontend that cannot be reached for `expiry` costs the backfill.
//
// A CreateBackfill that fails unclearly may leave one that nobody acknowledges: it expires, and its
// tickets go back.
//
// May be called from several threads at once.
class GSH_EXPORT BackfillKeeper {
 public:
  // InvalidArgument names every bad option. Begins at once, on other threads.
  static StatusOr<std::unique_ptr<BackfillKeeper>> Start(BackfillKeeperOptions options);

  // Cancels its calls, and waits for a running on_event unless called from it. A backfill that was
  // not closed expires.
  virtual ~BackfillKeeper() = default;

  // Somebody sat down: first on a seat that is kept for players who were sent here, else on an open
  // one. Unknown teams and players without a seat are counted as nobody.
  virtual void PlayerJoined(std::size_t team = 0) = 0;
  virtual void PlayerLeft(std::size_t team = 0) = 0;

  virtual BackfillState state() const = 0;

  // Deletes the backfill, whose waiting tickets go back to the queue, and ends. OK when that is
  // done or the keeper had ended; DeadlineExceeded after options.timeout (empty: call_timeout),
  // Cancelled by options.stop: it goes on trying until destroyed.
  virtual Status Close(CallOptions options = {}) = 0;
};

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_BACKFILL_KEEPER_H_
