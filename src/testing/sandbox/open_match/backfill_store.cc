#include "src/testing/sandbox/open_match/backfill_store.h"

#include <iterator>
#include <utility>

#include "src/testing/sandbox/open_match/timestamps.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

Status NoSuchBackfill(const std::string& id) { return NotFoundError("there is no backfill " + id); }

}  // namespace

BackfillStore::BackfillStore(Clock& clock, Rng& rng, Duration expiry)
    : clock_(clock), expiry_(expiry), ids_(clock, rng) {}

BackfillRef BackfillStore::Create(wire::Backfill backfill, std::vector<std::string> ticket_ids) {
  auto created = std::make_shared<wire::Backfill>(std::move(backfill));
  created->set_id(ids_.Next());
  *created->mutable_create_time() = ToTimestamp(clock_.Now());
  created->set_generation(1);
  std::lock_guard lock(mutex_);
  backfills_[created->id()] = {{created, std::move(ticket_ids)}, clock_.SteadyNow() + expiry_};
  return created;
}

StatusOr<BackfillStore::Stored> BackfillStore::Get(const std::string& id) const {
  std::lock_guard lock(mutex_);
  const auto found = backfills_.find(id);
  if (found == backfills_.end()) return NoSuchBackfill(id);
  return found->second.stored;
}

StatusOr<BackfillStore::Entry*> BackfillStore::FindAlive(const std::string& id) {
  const auto found = backfills_.find(id);
  if (found == backfills_.end()) return NoSuchBackfill(id);
  if (found->second.expires <= clock_.SteadyNow()) {
    return UnavailableError("backfill " + id + " has expired");
  }
  return &found->second;
}

StatusOr<BackfillStore::Stored> BackfillStore::Replace(const wire::Backfill& backfill) {
  std::lock_guard lock(mutex_);
  const StatusOr<Entry*> found = FindAlive(backfill.id());
  if (!found.ok()) return found.status();
  Stored& stored = (*found)->stored;
  auto next = std::make_shared<wire::Backfill>(backfill);
  *next->mutable_create_time() = stored.backfill->create_time();
  next->set_generation(stored.backfill->generation() + 1);
  stored.backfill = std::move(next);
  return Stored{stored.backfill, std::exchange(stored.ticket_ids, {})};
}

Status BackfillStore::AddTickets(const wire::Backfill& backfill,
                                 std::vector<std::string> ticket_ids) {
  std::lock_guard lock(mutex_);
  const auto any = backfills_.find(backfill.id());
  if (any != backfills_.end() &&
      any->second.stored.backfill->generation() != backfill.generation()) {
    return FailedPreconditionError("backfill " + backfill.id() + " has changed since the match");
  }
  const StatusOr<Entry*> found = FindAlive(backfill.id());
  if (!found.ok()) return found.status();
  Stored& stored = (*found)->stored;
  auto next = std::make_shared<wire::Backfill>(*stored.backfill);
  *next->mutable_search_fields() = backfill.search_fields();
  *next->mutable_extensions() = backfill.extensions();
  next->set_generation(next->generation() + 1);
  stored.backfill = std::move(next);
  std::ranges::move(ticket_ids, std::back_inserter(stored.ticket_ids));
  return OkStatus();
}

StatusOr<BackfillStore::Stored> BackfillStore::Acknowledge(const std::string& id) {
  std::lock_guard lock(mutex_);
  const StatusOr<Entry*> found = FindAlive(id);
  if (!found.ok()) return found.status();
  (*found)->expires = clock_.SteadyNow() + expiry_;
  Stored& stored = (*found)->stored;
  return Stored{stored.backfill, std::exchange(stored.ticket_ids, {})};
}

std::vector<std::string> BackfillStore::Delete(const std::string& id) {
  std::lock_guard lock(mutex_);
  const auto found = backfills_.find(id);
  if (found == backfills_.end()) return {};
  std::vector<std::string> ticket_ids = std::move(found->second.stored.ticket_ids);
  backfills_.erase(found);
  return ticket_ids;
}

std::vector<BackfillRef> BackfillStore::Active() const {
  const SteadyTime now = clock_.SteadyNow();
  std::vector<BackfillRef> active;
  std::lock_guard lock(mutex_);
  for (const auto& [id, entry] : backfills_) {
    if (entry.expires > now) active.push_back(entry.stored.backfill);
  }
  return active;
}

std::vector<std::string> BackfillStore::TakeExpired() {
  const SteadyTime now = clock_.SteadyNow();
  std::vector<std::string> ticket_ids;
  std::lock_guard lock(mutex_);
  for (auto entry = backfills_.begin(); entry != backfills_.end();) {
    if (entry->second.expires > now) {
      ++entry;
      continue;
    }
    std::ranges::move(entry->second.stored.ticket_ids, std::back_inserter(ticket_ids));
    entry = backfills_.erase(entry);
  }
  return ticket_ids;
}

}  // namespace gsh::sandbox
