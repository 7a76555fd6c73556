#include "src/director/ticket_ledger.h"

#include <cstddef>

namespace gsh::director {

bool TicketLedger::Claim(const std::vector<std::string>& tickets) {
  std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    if (held_.insert(tickets[i]).second) continue;
    for (std::size_t taken = 0; taken < i; ++taken) held_.erase(tickets[taken]);
    return false;
  }
  return true;
}

void TicketLedger::Free(const std::vector<std::string>& tickets) {
  std::lock_guard lock(mutex_);
  for (const std::string& ticket : tickets) held_.erase(ticket);
}

std::vector<std::string> TicketLedger::NotHeld(const std::vector<std::string>& tickets) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> free;
  for (const std::string& ticket : tickets) {
    if (!held_.contains(ticket)) free.push_back(ticket);
  }
  return free;
}

}  // namespace gsh::director
