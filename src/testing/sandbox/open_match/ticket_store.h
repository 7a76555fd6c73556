// TicketStore: the sandbox's tickets, in memory; what Redis is to the real Open Match.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TICKET_STORE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TICKET_STORE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/xid.h"

namespace gsh::sandbox {

// A ticket as it was created; never changes. Its assignment is kept beside it.
struct StoredTicket {
  std::string id;
  std::string wire;            // an openmatch.Ticket, serialised: queries read it and hand it on
  std::uint64_t sequence = 0;  // grows with each ticket of the store
};
using TicketRef = std::shared_ptr<const StoredTicket>;
using AssignmentRef = std::shared_ptr<const wire_openmatch::Assignment>;

struct AssignedTicket {
  TicketRef ticket;
  AssignmentRef assignment;  // null: none yet
};

struct TicketStoreOptions {
  Duration pending_release_timeout = std::chrono::minutes(1);
  Duration assigned_delete_timeout = std::chrono::minutes(10);
};

// Thread-safe. Tickets are spread over shards with a lock each, held for single look-ups only (and
// in ForEachActive for one shard's filtering), so that creators, queries and the backend hardly
// meet.
class TicketStore : public std::enable_shared_from_this<TicketStore> {
 public:
  // `clock` and `rng` must outlive the store.
  static std::shared_ptr<TicketStore> Make(Clock& clock, Rng& rng, TicketStoreOptions options);

  // Gives the ticket its id and creation time, stores it and makes it active.
  TicketRef Create(wire_openmatch::Ticket&& ticket);
  std::optional<AssignedTicket> Get(std::string_view id) const;
  void Delete(std::string_view id);  // unknown ids are fine

  // Sets the assignment (over an older one), takes the tickets out of the active ones for good, and
  // deletes them after assigned_delete_timeout. Returns the ids that there are no tickets of.
  std::vector<std::string> Assign(std::span<const std::string> ids,
                                  const AssignmentRef& assignment);

  // Hides proposed tickets from queries until released, or pending_release_timeout has passed.
  void AddPending(std::span<const std::string> ids);
  void Release(std::span<const std::string> ids);
  void ReleaseAll();

  // Calls `visit` with each ticket that is neither assigned nor pending, in no order, under a
  // shard's lock: `visit` must not call the store.
  void ForEachActive(const std::function<void(const TicketRef&)>& visit) const;

  // Calls `changed` after each assignment of the ticket and after its deletion, without any lock;
  // it may still run once after Unwatch.
  using WatchId = std::uint64_t;
  WatchId Watch(std::string_view id, std::function<void()> changed);
  void Unwatch(std::string_view id, WatchId watch);

  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  struct Entry {
    TicketRef ticket;
    AssignmentRef assignment;
    SteadyTime pending_until = SteadyTime::min();
    SteadyTime delete_at = SteadyTime::max();
  };
  using Callback = std::shared_ptr<const std::function<void()>>;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string_view, Entry> tickets;  // keys live in the entries' tickets
    std::unordered_map<std::string, std::vector<std::pair<WatchId, Callback>>> watches;
  };

  TicketStore(Clock& clock, Rng& rng, TicketStoreOptions options);
  Shard& ShardOf(std::string_view id);
  const Shard& ShardOf(std::string_view id) const;
  static std::vector<Callback> CallbacksOf(const Shard& shard, const std::string& id);
  void EraseIf(std::string_view id, const std::function<bool(const Entry&)>& condition);
  void DeleteLater(std::span<const std::string> ids, SteadyTime when);
  void ArmExpiry(SteadyTime when);
  void DeleteExpired();

  static constexpr std::size_t kShards = 64;

  Clock& clock_;
  const TicketStoreOptions options_;
  XidGenerator ids_;
  std::atomic<std::uint64_t> next_sequence_{0};
  std::atomic<WatchId> next_watch_{1};
  std::atomic<std::size_t> size_{0};
  std::array<Shard, kShards> shards_;

  // Assigned tickets in the order of their deletion; one timer waits for the first.
  std::mutex expiry_mutex_;
  std::deque<std::pair<SteadyTime, std::string>> expiries_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TICKET_STORE_H_
