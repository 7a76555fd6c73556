// One match from its proposal to its end: look-up, allocation, assignment, or release.
#ifndef GSH_SRC_DIRECTOR_MATCH_RUN_H_
#define GSH_SRC_DIRECTOR_MATCH_RUN_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/agones/take_server.h"
#include "src/director/give_back.h"
#include "src/director/look_up.h"
#include "src/director/session.h"

namespace gsh::director {

struct MatchOutcome {
  std::size_t assigned_tickets = 0;
  std::size_t gone_tickets = 0;
  std::size_t released_tickets = 0;
  std::size_t given_back = 0;
};

// The ids of the match's tickets, each once, none empty.
std::vector<std::string> TicketIds(const openmatch::Match& match);

// Its steps follow one another; only releases and give-backs run beside them.
class MatchRun : public std::enable_shared_from_this<MatchRun> {
 public:
  // `tickets` are claimed in the session's ledger, and freed here. `done` runs once, when nothing
  // of this match is in flight any more.
  MatchRun(SessionPtr session, openmatch::Match match, std::vector<std::string> tickets,
           std::function<void(const MatchOutcome&)> done);
  void Start();

 private:
  // A server that was taken for this match.
  struct Server {
    std::string identity = {};
    std::string region = {};
    std::string connection = {};
    std::vector<std::string> connections = {};  // of its teams
  };

  void OnTurn(bool granted);
  // Open Match may offer its tickets again soon: somebody else may assign them.
  bool IsTooOld() const;
  void OnLookedUp(const std::vector<TicketState>& states);
  void TryNextRegion();
  void TakeServer();
  void OnServer(agones::TakenServer answer);
  void OnNoServer(const agones::TakenServer& answer);
  // False if its players cannot reach it.
  bool MakeAssignments(const agones::Allocation& allocation,
                       std::vector<openmatch::AssignmentGroup>& groups);
  void Assign(std::vector<openmatch::AssignmentGroup> groups);
  void OnAssigned(const AssignResult& result);
  // An answer was lost to the end: which tickets have the assignment?
  void Settle();
  void LookUpAssignments();
  void OnSettled(const std::vector<TicketState>& states);

  bool IsOurs(const std::string& connection) const;
  void DropGone(const std::vector<std::string>& gone);
  void FinishAssigned();
  // Releases `tickets_` and ends the match's steps.
  void FinishReleased(const std::string& why);
  void Release(const std::vector<std::string>& tickets, const std::string& why);
  void GiveBackServer(GiveBackOrder order, const std::string& connection, const std::string& why);
  void LeaveTurn();
  void ShowQueue() const;

  agones::AllocationRequest RequestFor(const std::string& region) const;
  void Begin();  // a further call of this match
  void End();    // it has ended; with the last one, the match has

  const SessionPtr session_;
  const openmatch::Match match_;
  const std::vector<std::string> all_tickets_;
  const std::function<void(const MatchOutcome&)> done_;
  const SteadyTime born_;

  // Touched by one step at a time.
  std::vector<std::string> tickets_;  // those that are still there and not assigned
  std::vector<std::string> regions_;  // to try
  std::size_t next_region_ = 0;
  std::shared_ptr<const agones::AllocationRequest> request_;
  Server server_;
  Status last_failure_;
  bool has_turn_ = false;

  std::mutex mutex_;
  MatchOutcome outcome_;
  int calls_ = 1;  // the steps count as one
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_MATCH_RUN_H_
