#include "gsh/mmf/unmatched_log.h"

namespace gsh::mmf {

void UnmatchedLog::Record(const RunReport& run, WallTime when) {
  std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < run.ticket_ids.size(); ++i) {
    RecordOne(run.ticket_ids[i], run.reasons[i], run.profile, when);
  }
}

void UnmatchedLog::RecordOne(std::string_view ticket, matcher::Unmatched reason,
                             std::string_view profile, WallTime when) {
  if (const auto old = by_ticket_.find(ticket); old != by_ticket_.end()) {
    const auto entry = old->second;
    by_ticket_.erase(old);
    entries_.erase(entry);
  }
  if (reason == matcher::Unmatched::kMatched || capacity_ == 0) return;
  entries_.push_front({std::string(ticket), reason, std::string(profile), when});
  by_ticket_.emplace(entries_.front().ticket, entries_.begin());
  if (entries_.size() <= capacity_) return;
  by_ticket_.erase(entries_.back().ticket);
  entries_.pop_back();
}

std::optional<UnmatchedLog::Entry> UnmatchedLog::Find(std::string_view ticket) const {
  std::lock_guard lock(mutex_);
  const auto found = by_ticket_.find(ticket);
  if (found == by_ticket_.end()) return std::nullopt;
  return *found->second;
}

std::size_t UnmatchedLog::size() const {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace gsh::mmf
