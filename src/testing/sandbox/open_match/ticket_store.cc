#include "src/testing/sandbox/open_match/ticket_store.h"

#include "src/testing/sandbox/open_match/timestamps.h"

namespace gsh::sandbox {

std::shared_ptr<TicketStore> TicketStore::Make(Clock& clock, Rng& rng, TicketStoreOptions options) {
  return std::shared_ptr<TicketStore>(new TicketStore(clock, rng, options));
}

TicketStore::TicketStore(Clock& clock, Rng& rng, TicketStoreOptions options)
    : clock_(clock), options_(options), ids_(clock, rng) {}

TicketStore::Shard& TicketStore::ShardOf(std::string_view id) {
  return shards_[std::hash<std::string_view>()(id) % kShards];
}

const TicketStore::Shard& TicketStore::ShardOf(std::string_view id) const {
  return const_cast<TicketStore*>(this)->ShardOf(id);
}

TicketRef TicketStore::Create(wire_openmatch::Ticket&& ticket) {
  auto stored = std::make_shared<StoredTicket>();
  stored->id = ids_.Next();
  ticket.set_id(stored->id);
  *ticket.mutable_create_time() = ToTimestamp(clock_.Now());
  ticket.SerializeToString(&stored->wire);
  stored->sequence = next_sequence_.fetch_add(1, std::memory_order_relaxed);
  Entry entry;
  entry.ticket = stored;
  Shard& shard = ShardOf(stored->id);
  std::lock_guard lock(shard.mutex);
  shard.tickets.emplace(stored->id, std::move(entry));
  size_.fetch_add(1, std::memory_order_relaxed);
  return stored;
}

std::optional<AssignedTicket> TicketStore::Get(std::string_view id) const {
  const Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.tickets.find(id);
  if (found == shard.tickets.end()) return std::nullopt;
  return AssignedTicket{found->second.ticket, found->second.assignment};
}

void TicketStore::Delete(std::string_view id) {
  EraseIf(id, [](const Entry&) { return true; });
}

void TicketStore::EraseIf(std::string_view id, const std::function<bool(const Entry&)>& condition) {
  Shard& shard = ShardOf(id);
  Entry erased;  // destroyed without the lock
  std::vector<Callback> callbacks;
  {
    std::lock_guard lock(shard.mutex);
    const auto found = shard.tickets.find(id);
    if (found == shard.tickets.end() || !condition(found->second)) return;
    callbacks = CallbacksOf(shard, found->second.ticket->id);
    erased = found->second;  // a copy: the key must live until the node is gone
    shard.tickets.erase(found);
    size_.fetch_sub(1, std::memory_order_relaxed);
  }
  for (const Callback& changed : callbacks) (*changed)();
}

std::vector<std::string> TicketStore::Assign(std::span<const std::string> ids,
                                             const AssignmentRef& assignment) {
  const SteadyTime delete_at = clock_.SteadyNow() + options_.assigned_delete_timeout;
  std::vector<std::string> missing;
  std::vector<Callback> callbacks;
  for (const std::string& id : ids) {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.tickets.find(id);
    if (found == shard.tickets.end()) {
      missing.push_back(id);
      continue;
    }
    found->second.assignment = assignment;
    found->second.delete_at = delete_at;
    for (Callback& changed : CallbacksOf(shard, id)) callbacks.push_back(std::move(changed));
  }
  for (const Callback& changed : callbacks) (*changed)();
  DeleteLater(ids, delete_at);
  return missing;
}

void TicketStore::AddPending(std::span<const std::string> ids) {
  const SteadyTime until = clock_.SteadyNow() + options_.pending_release_timeout;
  for (const std::string& id : ids) {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.tickets.find(id);
    if (found != shard.tickets.end()) found->second.pending_until = until;
  }
}

void TicketStore::Release(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.tickets.find(id);
    if (found != shard.tickets.end()) found->second.pending_until = SteadyTime::min();
  }
}

void TicketStore::ReleaseAll() {
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    for (auto& [id, entry] : shard.tickets) entry.pending_until = SteadyTime::min();
  }
}

void TicketStore::ForEachActive(const std::function<void(const TicketRef&)>& visit) const {
  const SteadyTime now = clock_.SteadyNow();
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    for (const auto& [id, entry] : shard.tickets) {
      if (entry.assignment == nullptr && entry.pending_until <= now) visit(entry.ticket);
    }
  }
}

TicketStore::WatchId TicketStore::Watch(std::string_view id, std::function<void()> changed) {
  const WatchId watch = next_watch_.fetch_add(1, std::memory_order_relaxed);
  Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  shard.watches[std::string(id)].emplace_back(
      watch, std::make_shared<const std::function<void()>>(std::move(changed)));
  return watch;
}

void TicketStore::Unwatch(std::string_view id, WatchId watch) {
  Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.watches.find(std::string(id));
  if (found == shard.watches.end()) return;
  std::erase_if(found->second, [&](const auto& entry) { return entry.first == watch; });
  if (found->second.empty()) shard.watches.erase(found);
}

std::vector<TicketStore::Callback> TicketStore::CallbacksOf(const Shard& shard,
                                                            const std::string& id) {
  std::vector<Callback> callbacks;
  const auto found = shard.watches.find(id);
  if (found == shard.watches.end()) return callbacks;
  for (const auto& [watch, changed] : found->second) callbacks.push_back(changed);
  return callbacks;
}

void TicketStore::DeleteLater(std::span<const std::string> ids, SteadyTime when) {
  if (ids.empty()) return;
  SteadyTime first;
  {
    std::lock_guard lock(expiry_mutex_);
    const bool armed = !expiries_.empty();
    for (const std::string& id : ids) expiries_.emplace_back(when, id);
    if (armed) return;
    first = expiries_.front().first;
  }
  ArmExpiry(first);
}

void TicketStore::ArmExpiry(SteadyTime when) {
  clock_.RunAt(when, [weak = weak_from_this()] {
    if (const auto store = weak.lock()) store->DeleteExpired();
  });
}

void TicketStore::DeleteExpired() {
  const SteadyTime now = clock_.SteadyNow();
  std::vector<std::string> due;
  SteadyTime next = SteadyTime::max();
  {
    std::lock_guard lock(expiry_mutex_);
    while (!expiries_.empty() && expiries_.front().first <= now) {
      due.push_back(std::move(expiries_.front().second));
      expiries_.pop_front();
    }
    if (!expiries_.empty()) next = expiries_.front().first;
  }
  // A ticket that was assigned again meanwhile has a later turn.
  for (const std::string& id : due) {
    EraseIf(id, [now](const Entry& entry) { return entry.delete_at <= now; });
  }
  if (next != SteadyTime::max()) ArmExpiry(next);
}

}  // namespace gsh::sandbox
