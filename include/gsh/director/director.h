// The director: fetches matches, allocates a game server for each, assigns its tickets, and
// releases on every failure path. Over the ports of openmatch and agones: it knows no channel and
// no address.
#ifndef GSH_DIRECTOR_DIRECTOR_H_
#define GSH_DIRECTOR_DIRECTOR_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/matcher/bands.h"
#include "gsh/metrics.h"
#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::director {

// Extensions, each an Any(google.protobuf.StringValue), beside those that the match function knows.
// On every assignment: JSON {"id":...,"region":...}, and "team" for a ticket that is in one.
inline constexpr char kMatchExtension[] = "gsh.match";
// On a match, optional: JSON {"team name":["ticket id",...],...}. Teams get assignments of their
// own.
inline constexpr char kTeamsExtension[] = "gsh.teams";

enum class ProfileMode {
  kAuto,   // joint, and bands once a match comes back without region, or if the bands have gaps
  kJoint,  // one profile over all regions; the match function chooses
  kBands,  // one profile for each region and band, as the samples do
};

// What happened, for hooks, logs and tests.
struct Event {
  enum class Kind {
    kRoundStarted,      // count: profiles
    kFetched,           // detail: profile, count: matches
    kFetchFailed,       // detail: profile, status
    kAllocated,         // match, connection
    kAllocationFailed,  // match, status, detail: region
    kAssigned,          // match, connection, count: tickets
    kAssignFailed,      // match, connection, status
    kPlayersGone,       // match, count: tickets that no longer exist
    kReleased,          // count: tickets, detail: why
    kReleaseFailed,     // count: tickets, status
    kGivenBack,         // match, connection (empty: of a call that failed unclearly), detail: why
    kGiveBackFailed,    // match, connection, status: a server may stay allocated for nobody
    kModeChanged,       // detail
    kJoinsRunning,      // match, count: tickets that join a running match; its server assigns them
    kBackfillDropped,   // match, detail: the backfill that it brought along, status: if not deleted
  };
  Kind kind = Kind::kRoundStarted;
  std::string match_id = {};
  std::string detail = {};
  std::string connection = {};
  std::size_t count = 0;
  Status status = {};
};

struct DirectorOptions {
  // Remote systems; all but frontend are required, and must outlive the director.
  openmatch::Backend* backend = nullptr;
  agones::Allocator* allocator = nullptr;
  openmatch::Frontend* frontend =
      nullptr;  // with it, each match's tickets are looked up before allocating, and the backfill
                // of a match that gets no server is deleted

  openmatch::FunctionConfig function = {};
  std::vector<std::string> regions = {"us-east-1", "us-east-2"};
  matcher::Bands bands = {};  // empty: the samples', 0-24,25-49,50-74,74-99,100-9999
  ProfileMode profile_mode = ProfileMode::kAuto;
  std::string ns = "default";  // of the game servers
  bool multicluster = false;
  int min_tickets = 0;  // fewer that still exist: the rest are released. 0: all of the match's
  std::chrono::seconds max_ticket_age{0};  // pools leave out older tickets. 0: no limit

  // Between the starts of two rounds; 0: the next at once. Empty: adaptive, at once after a round
  // with matches, else after 250 ms, doubling to 1 s.
  std::optional<Duration> interval = {};
  int max_in_flight = 256;  // allocations, and ticket look-ups, at a time
  int assign_batch = 200;   // matches in one AssignTickets call
  Duration fetch_timeout = std::chrono::seconds(60);
  // As long as Agones itself tries: a call given up sooner goes on in its queue and takes a server.
  Duration allocate_timeout = std::chrono::seconds(30);
  // An allocation that failed unclearly is repeated, or given back, this long after it failed:
  // longer than the allocator's batch window, so that the first call is no longer under way.
  Duration unclear_pause = std::chrono::seconds(2);
  // AssignTickets is repeated (the same server: that is idempotent) for so long after a failure.
  Duration assign_timeout = std::chrono::seconds(15);
  // A match that has no server after so long, its turn awaited, is released (and a server that
  // comes later is given back). With assign_timeout no more than Open Match's pendingReleaseTimeout
  // (1 min), after which the tickets are offered again, to other directors too. 0: no limit.
  Duration pending_timeout = std::chrono::seconds(45);
  Duration drain_timeout = std::chrono::seconds(15);  // after stop: finish, then release the rest

  // Hooks for people's own directors; null ones do what is said. Called from several threads at
  // once; must not block or throw.
  std::function<std::vector<openmatch::MatchProfile>()> make_profiles = {};
  // Changes the request that would be sent for a match; the allocation's identity (a label and a
  // selector) is put on it afterwards. Counter and list actions may be applied again when a call
  // that failed unclearly is repeated.
  std::function<void(const openmatch::Match&, agones::AllocationRequest&)> make_allocation = {};
  // Changes the assignment that its tickets would get (once for each team). An empty connection
  // means that the server is of no use: it is given back, and the next region tried.
  std::function<void(const openmatch::Match&, const agones::Allocation&, openmatch::Assignment&)>
      make_assignment = {};
  std::function<void(const Event&)> on_event = {};

  Clock* clock = nullptr;          // SystemClock()
  Rng* rng = nullptr;              // SystemRng()
  LogSink* log = nullptr;          // nowhere
  MetricsSink* metrics = nullptr;  // nowhere: gsh_director_*
};

// What became of one round's matches and tickets.
struct RoundReport {
  std::size_t profiles = 0;
  std::size_t failed_profiles = 0;
  std::size_t matches = 0;
  std::size_t assigned_matches = 0;
  std::size_t assigned_tickets = 0;
  std::size_t gone_tickets = 0;  // deleted by their players meanwhile
  std::size_t released_tickets = 0;
  std::size_t given_back = 0;  // game servers
  // Of matches with a backfill that ask for no game server: their own assigns them, when it
  // acknowledges the backfill.
  std::size_t joining_tickets = 0;
};

// Every ticket of a fetched match that needs a server ends assigned, or gone, or released; every
// server that was allocated ends used or given back (the annotation gsh.dev/release, which
// agones::IdleGuard obeys), unless Open Match or the allocator stays out of reach, which events
// report: tickets then come back by Open Match's pendingReleaseTimeout. When an assignment fails
// unclearly to the end, its tickets are looked up (with `frontend`), else released, which does
// nothing to an assigned ticket, and the server is given back a little later: it stays if somebody
// is there.
//
// In clusters that a multi-cluster policy chooses by weight, a repeated allocation may reach
// another cluster than the first and take a second server.
class GSH_EXPORT Director {
 public:
  // InvalidArgument names every bad option.
  static StatusOr<std::unique_ptr<Director>> Make(DirectorOptions options);
  virtual ~Director() = default;

  // One round: fetch every profile at once, allocate, assign. Fails only when every profile failed.
  // After `stop` no allocation is begun; what is in flight is finished or released within
  // drain_timeout.
  virtual StatusOr<RoundReport> RunRound(std::stop_token stop = {}) = 0;
  // Rounds until `stop` (OK) or `rounds` of them are done (0: no end). A failed round backs off and
  // goes on. The next round's matches are fetched while the last one's get their servers.
  virtual Status Run(std::stop_token stop, std::int64_t rounds = 0) = 0;
};

}  // namespace gsh::director

#endif  // GSH_DIRECTOR_DIRECTOR_H_
