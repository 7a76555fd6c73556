// TicketLedger: which tickets are in this director's hands, so that none is used twice.
#ifndef GSH_SRC_DIRECTOR_TICKET_LEDGER_H_
#define GSH_SRC_DIRECTOR_TICKET_LEDGER_H_

#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

namespace gsh::director {

// May be called from several threads at once.
class TicketLedger {
 public:
  // All of them, or none if one is held already.
  bool Claim(const std::vector<std::string>& tickets);
  void Free(const std::vector<std::string>& tickets);
  // Those of `tickets` that nobody holds.
  std::vector<std::string> NotHeld(const std::vector<std::string>& tickets) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_set<std::string> held_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_TICKET_LEDGER_H_
