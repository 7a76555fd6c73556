#include "src/director/ticket_ledger.h"

namespace gsh::director {

bool TicketLedger::Claim(const std::vector<std::string>& tickets) {
  std::lock_guard lock(mutex_);
  for (const std::string& ticket : tickets) {
    if (held_.contains(ticket)) return false;
  }
  held_.insert(tickets.begin(), tickets.end());
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
