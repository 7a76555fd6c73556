#include "src/director/match_run.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "gsh/agones/match_annotation.h"
#include "src/director/assignment_of.h"
#include "src/director/drop_backfill.h"
#include "src/director/region_of.h"
#include "src/director/sleep_then.h"

namespace gsh::director {
namespace {

using Kind = Event::Kind;

// Failures that another region's servers could mend.
bool MayHaveServersElsewhere(const Status& failure) {
  return failure.code() == StatusCode::kResourceExhausted || failure.code() == StatusCode::kAborted;
}

std::vector<std::string> Without(const std::vector<std::string>& tickets,
                                 const std::vector<std::string>& removed) {
  const std::unordered_set<std::string> set(removed.begin(), removed.end());
  std::vector<std::string> rest;
  std::copy_if(tickets.begin(), tickets.end(), std::back_inserter(rest),
               [&](const std::string& ticket) { return !set.contains(ticket); });
  return rest;
}

}  // namespace

std::vector<std::string> TicketIds(const openmatch::Match& match) {
  std::vector<std::string> ids;
  ids.reserve(match.tickets.size());
  std::unordered_set<std::string_view> seen;
  for (const openmatch::Ticket& ticket : match.tickets) {
    if (!ticket.id.empty() && seen.insert(ticket.id).second) ids.push_back(ticket.id);
  }
  return ids;
}

MatchRun::MatchRun(SessionPtr session, openmatch::Match match, std::vector<std::string> tickets,
                   std::function<void(const MatchOutcome&)> done)
    : session_(std::move(session)),
      match_(std::move(match)),
      all_tickets_(std::move(tickets)),
      done_(std::move(done)),
      born_(session_->clock.SteadyNow()),
      tickets_(all_tickets_),
      regions_(RegionsToTry(match_, session_->options.regions, session_->options.bands)) {}

void MatchRun::Start() {
  session_->allocations.Acquire(
      [self = shared_from_this()](bool granted) { self->OnTurn(granted); });
}

void MatchRun::OnTurn(bool granted) {
  has_turn_ = granted;
  session_->LineMoved();
  ShowQueue();
  if (!granted || session_->draining()) return FinishReleased("the director stops");
  if (IsTooOld()) return FinishReleased("waited too long for its turn");
  if (regions_.empty()) return FinishReleased("nothing says in which region");
  if (session_->options.frontend == nullptr) return TryNextRegion();
  LookUpTickets(session_, tickets_,
                [self = shared_from_this()](const std::vector<TicketState>& states) {
                  self->OnLookedUp(states);
                });
}

bool MatchRun::IsTooOld() const {
  const Duration limit = session_->options.pending_timeout;
  return limit > Duration{0} && session_->clock.SteadyNow() - born_ > limit;
}

void MatchRun::OnLookedUp(const std::vector<TicketState>& states) {
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const bool here = states[i].kind == TicketState::Kind::kWaiting ||
                      states[i].kind == TicketState::Kind::kUnknown;
    if (!here) gone.push_back(tickets_[i]);
  }
  DropGone(gone);
  const int wanted = session_->options.min_tickets;
  const std::size_t minimum = wanted > 0 ? static_cast<std::size_t>(wanted) : all_tickets_.size();
  if (tickets_.empty() || tickets_.size() < std::min(minimum, all_tickets_.size())) {
    return FinishReleased("players have gone");
  }
  TryNextRegion();
}

void MatchRun::TryNextRegion() {
  if (next_region_ == regions_.size()) return FinishReleased("no game server");
  if (session_->draining()) return FinishReleased("the director stops");
  if (IsTooOld()) return FinishReleased("no game server in time");
  server_ = {.region = regions_[next_region_++]};
  request_ = std::make_shared<const agones::AllocationRequest>(RequestFor(server_.region));
  TakeServer();
}

void MatchRun::TakeServer() {
  const DirectorOptions& options = session_->options;
  agones::TakeServer(*options.allocator, session_->clock, session_->rng, *request_,
                     {.call_timeout = options.allocate_timeout,
                      .unclear_pause = options.unclear_pause,
                      .stop = session_->work_token(),
                      .may_repeat = [session = session_] { return !session->draining(); },
                      .on_call =
                          [session = session_](Duration took) {
                            session->Observe("gsh_director_allocation_seconds", took);
                          }},
                     [self = shared_from_this()](agones::TakenServer answer) {
                       self->OnServer(std::move(answer));
                     });
}

agones::AllocationRequest MatchRun::RequestFor(const std::string& region) const {
  agones::MatchInfo info{.id = match_.id, .region = region, .ticket_ids = tickets_};
  if (BringsBackfill(match_)) info.backfill_id = match_.backfill->id;
  agones::AllocationRequest request{.ns = session_->options.ns,
                                    .multicluster = session_->options.multicluster,
                                    .selectors = {{.match_labels = {{"region", region}}}},
                                    .annotations = agones::EncodeMatch(info)};
  if (session_->options.make_allocation) session_->options.make_allocation(match_, request);
  return request;
}

void MatchRun::OnServer(agones::TakenServer answer) {
  if (!answer.allocation.ok()) return OnNoServer(answer);
  server_.identity = answer.identity;
  const agones::Allocation& allocation = *answer.allocation;
  const StatusOr<std::string> connection = agones::ConnectionOf(allocation);
  if (connection.ok()) server_.connection = *connection;
  std::vector<openmatch::AssignmentGroup> groups;
  if (!connection.ok() || !MakeAssignments(allocation, groups)) {
    const Status why = connection.ok()
                           ? FailedPreconditionError("no connection for " + server_.connection)
                           : connection.status();
    session_->Emit({.kind = Kind::kAllocationFailed, .match_id = match_.id, .status = why});
    GiveBackServer({.request = *request_, .identity = server_.identity}, allocation.game_server,
                   "of no use: " + why.message());
    return TryNextRegion();
  }
  session_->Emit(
      {.kind = Kind::kAllocated, .match_id = match_.id, .connection = server_.connection});
  if (IsTooOld()) {
    GiveBackServer({.request = *request_, .identity = server_.identity}, server_.connection,
                   "came too late");
    return FinishReleased("no game server in time");
  }
  LeaveTurn();
  Assign(std::move(groups));
}

void MatchRun::OnNoServer(const agones::TakenServer& answer) {
  const Status& status = answer.allocation.status();
  session_->Emit({.kind = Kind::kAllocationFailed,
                  .match_id = match_.id,
                  .detail = server_.region,
                  .status = status});
  if (answer.maybe_taken) {
    GiveBackServer({.request = *request_,
                    .identity = answer.identity,
                    .surely_taken = false,
                    .delay = session_->options.unclear_pause},
                   "", "the allocation failed unclearly");
  }
  if (MayHaveServersElsewhere(status)) return TryNextRegion();
  FinishReleased("the allocation failed");
}

bool MatchRun::MakeAssignments(const agones::Allocation& allocation,
                               std::vector<openmatch::AssignmentGroup>& groups) {
  for (auto& [team, members] : TeamsOf(match_, tickets_)) {
    openmatch::Assignment assignment =
        AssignmentOf(match_, server_.connection, server_.region, team);
    if (session_->options.make_assignment) {
      session_->options.make_assignment(match_, allocation, assignment);
    }
    if (assignment.connection.empty()) return false;
    server_.connections.push_back(assignment.connection);
    groups.push_back({.ticket_ids = members, .assignment = std::move(assignment)});
  }
  // What the players are told counts: a hook may have changed the address.
  if (!groups.empty()) server_.connection = server_.connections.front();
  return !groups.empty();
}

void MatchRun::Assign(std::vector<openmatch::AssignmentGroup> groups) {
  session_->assigner.Add({.groups = std::move(groups),
                          .done = [self = shared_from_this()](const AssignResult& result) {
                            self->OnAssigned(result);
                          }});
}

void MatchRun::OnAssigned(const AssignResult& result) {
  const auto give_back = [this](const std::string& why) {
    GiveBackServer({.request = *request_, .identity = server_.identity}, server_.connection, why);
  };
  if (!result.status.ok()) {
    session_->Emit({.kind = Kind::kAssignFailed,
                    .match_id = match_.id,
                    .connection = server_.connection,
                    .status = result.status});
    if (result.maybe_assigned) return Settle();
    give_back("its players could not be told");
    return FinishReleased("the assignment failed");
  }
  DropGone(result.gone);
  if (!result.refused.empty()) {
    tickets_ = Without(tickets_, result.refused);
    Release(result.refused, "the assignment was refused");
  }
  if (tickets_.empty()) give_back("nobody is left to play");
  FinishAssigned();
}

void MatchRun::Settle() {
  // First the last call must have come to its end, wherever it is.
  SleepThen(session_->clock, session_->options.unclear_pause, session_->cleanup_token(),
            [self = shared_from_this()] { self->LookUpAssignments(); });
}

void MatchRun::LookUpAssignments() {
  if (session_->options.frontend == nullptr) {
    return OnSettled(std::vector<TicketState>(tickets_.size()));
  }
  LookUpTickets(session_, tickets_,
                [self = shared_from_this()](const std::vector<TicketState>& states) {
                  self->OnSettled(states);
                });
}

void MatchRun::OnSettled(const std::vector<TicketState>& states) {
  using State = TicketState::Kind;
  std::vector<std::string> assigned;
  std::vector<std::string> unknown;
  std::vector<std::string> elsewhere;  // gone, or in another match's hands
  for (std::size_t i = 0; i < states.size(); ++i) {
    const State state = states[i].kind;
    if (state == State::kAssigned && IsOurs(states[i].connection))
      assigned.push_back(tickets_[i]);
    else if (state == State::kAssigned || state == State::kGone)
      elsewhere.push_back(tickets_[i]);
    else if (state == State::kUnknown)
      unknown.push_back(tickets_[i]);
  }
  DropGone(elsewhere);
  // A call assigns all of its tickets or none.
  if (!assigned.empty()) assigned.insert(assigned.end(), unknown.begin(), unknown.end());
  // To release a ticket that is assigned does nothing to it: Open Match no longer offers it.
  if (assigned.empty()) {
    // Late enough for players who were told after all to be there: then the server stays.
    GiveBackServer({.request = *request_,
                    .identity = server_.identity,
                    .delay = unknown.empty() ? Duration{0} : session_->options.unclear_pause},
                   server_.connection, "its players could not be told");
    return FinishReleased("the assignment failed");
  }
  Release(Without(tickets_, assigned), "the assignment failed");
  tickets_ = assigned;
  FinishAssigned();
}

bool MatchRun::IsOurs(const std::string& connection) const {
  return std::ranges::find(server_.connections, connection) != server_.connections.end();
}

void MatchRun::DropGone(const std::vector<std::string>& gone) {
  if (gone.empty()) return;
  tickets_ = Without(tickets_, gone);
  session_->ledger.Free(gone);
  session_->Emit({.kind = Kind::kPlayersGone, .match_id = match_.id, .count = gone.size()});
  std::lock_guard lock(mutex_);
  outcome_.gone_tickets += gone.size();
}

void MatchRun::FinishAssigned() {
  session_->ledger.Free(tickets_);
  if (!tickets_.empty()) {
    session_->Observe("gsh_director_match_seconds", session_->clock.SteadyNow() - born_);
    session_->Emit({.kind = Kind::kAssigned,
                    .match_id = match_.id,
                    .connection = server_.connection,
                    .count = tickets_.size()});
    ++session_->matches_assigned;
    std::lock_guard lock(mutex_);
    outcome_.assigned_tickets += tickets_.size();
  } else {
    Begin();
    DropBackfill(session_, match_, [self = shared_from_this()] { self->End(); });
  }
  ++session_->matches_ended;
  End();
}

void MatchRun::FinishReleased(const std::string& why) {
  LeaveTurn();
  ++session_->matches_ended;
  DropBackfill(session_, match_, [self = shared_from_this(), why] {
    self->Release(self->tickets_, why);
    self->End();
  });
}

void MatchRun::Release(const std::vector<std::string>& tickets, const std::string& why) {
  // Freed before they are: from here on another match may have them.
  session_->ledger.Free(tickets);
  if (tickets.empty()) return;
  Begin();
  session_->releaser.Add(
      {.tickets = tickets,
       .done = [self = shared_from_this(), count = tickets.size(), why](const Status& status) {
         self->session_->Emit({.kind = status.ok() ? Kind::kReleased : Kind::kReleaseFailed,
                               .match_id = self->match_.id,
                               .detail = why,
                               .count = count,
                               .status = status});
         if (status.ok()) {
           std::lock_guard lock(self->mutex_);
           self->outcome_.released_tickets += count;
         }
         self->End();
       }});
}

void MatchRun::GiveBackServer(GiveBackOrder order, const std::string& connection,
                              const std::string& why) {
  Begin();
  const bool surely_taken = order.surely_taken;
  GiveBack(session_, std::move(order),
           [self = shared_from_this(), connection, why, surely_taken](const Status& status) {
             // That there is no such server is what was hoped for, if none was known.
             const bool nothing = !surely_taken && status.code() == StatusCode::kNotFound;
             if (!nothing) {
               self->session_->Emit({.kind = status.ok() ? Kind::kGivenBack : Kind::kGiveBackFailed,
                                     .match_id = self->match_.id,
                                     .detail = why,
                                     .connection = connection,
                                     .status = status});
             }
             if (status.ok()) {
               std::lock_guard lock(self->mutex_);
               ++self->outcome_.given_back;
             }
             self->End();
           });
}

void MatchRun::LeaveTurn() {
  if (!has_turn_) return;
  has_turn_ = false;
  session_->allocations.Release();
  ShowQueue();
}

void MatchRun::ShowQueue() const {
  session_->Gauge("gsh_director_matches_waiting", session_->allocations.waiting());
  session_->Gauge("gsh_director_allocations_in_flight", session_->allocations.in_flight());
}

void MatchRun::Begin() {
  std::lock_guard lock(mutex_);
  ++calls_;
}

void MatchRun::End() {
  MatchOutcome outcome;
  {
    std::lock_guard lock(mutex_);
    if (--calls_ > 0) return;
    outcome = outcome_;
  }
  done_(outcome);
}

}  // namespace gsh::director
