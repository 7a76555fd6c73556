// BackfillStore: the sandbox's backfills (open-match v1.8: internal/statestore/backfill.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKFILL_STORE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKFILL_STORE_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "gsh/status.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/xid.h"

namespace gsh::sandbox {

using BackfillRef = std::shared_ptr<const wire_openmatch::Backfill>;

// Thread-safe. A backfill expires when no acknowledgement comes for `expiry`; it stays readable,
// but can no longer be changed or found, until TakeExpired.
class BackfillStore {
 public:
  struct Stored {
    BackfillRef backfill;
    std::vector<std::string> ticket_ids;  // matched into it, waiting for an acknowledgement
  };

  // `clock` and `rng` must outlive the store.
  BackfillStore(Clock& clock, Rng& rng, Duration expiry);

  // Gives it id, creation time and generation 1.
  BackfillRef Create(wire_openmatch::Backfill backfill, std::vector<std::string> ticket_ids);
  // NotFound.
  StatusOr<Stored> Get(const std::string& id) const;

  // A game server's change: fields replaced, next generation, no tickets waiting any more; returns
  // the new backfill and the tickets that waited. NotFound; Unavailable: expired.
  StatusOr<Stored> Replace(const wire_openmatch::Backfill& backfill);
  // A match's change: `ticket_ids` wait from now on too. FailedPrecondition: the backfill is of
  // another generation than the match's. NotFound; Unavailable: expired.
  Status AddTickets(const wire_openmatch::Backfill& backfill, std::vector<std::string> ticket_ids);
  // Renews its life; returns it with the tickets that waited, which wait no more. NotFound;
  // Unavailable: expired.
  StatusOr<Stored> Acknowledge(const std::string& id);
  // The tickets that waited.
  std::vector<std::string> Delete(const std::string& id);

  // Those that have not expired, oldest first.
  std::vector<BackfillRef> Active() const;
  // Deletes the expired ones; the tickets that waited for them.
  std::vector<std::string> TakeExpired();

 private:
  struct Entry {
    Stored stored;
    SteadyTime expires;
  };
  // With the lock.
  StatusOr<Entry*> FindAlive(const std::string& id);

  Clock& clock_;
  const Duration expiry_;
  XidGenerator ids_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> backfills_;  // ids sort by age
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_BACKFILL_STORE_H_
