#include "src/director/assigner.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "src/director/backoff.h"
#include "src/director/refusal.h"
#include "src/director/session.h"
#include "src/director/sleep_then.h"

namespace gsh::director {
namespace {

constexpr Duration kAttemptTimeout = std::chrono::seconds(5);

using Cause = openmatch::AssignmentFailure::Cause;
using Failures = std::vector<openmatch::AssignmentFailure>;

// What of the call's failures concerns one match.
AssignResult ResultOf(const AssignItem& item,
                      const std::unordered_map<std::string, Cause>& causes) {
  AssignResult result;
  for (const openmatch::AssignmentGroup& group : item.groups) {
    for (const std::string& ticket : group.ticket_ids) {
      const auto found = causes.find(ticket);
      if (found == causes.end()) continue;
      (found->second == Cause::kTicketNotFound ? result.gone : result.refused).push_back(ticket);
    }
  }
  return result;
}

class AssignCall : public std::enable_shared_from_this<AssignCall> {
 public:
  AssignCall(SessionPtr session, std::vector<AssignItem> items, SteadyTime deadline, bool unclear,
             std::function<void()> done)
      : session_(std::move(session)),
        items_(std::move(items)),
        deadline_(deadline),
        unclear_(unclear),
        done_(std::move(done)) {}

  void Send() {
    ++attempts_;
    std::vector<openmatch::AssignmentGroup> groups;
    for (const AssignItem& item : items_) {
      groups.insert(groups.end(), item.groups.begin(), item.groups.end());
    }
    sent_ = session_->clock.SteadyNow();
    session_->options.backend->AssignTicketsAsync(
        std::move(groups), session_->WorkCall(kAttemptTimeout),
        [self = shared_from_this()](StatusOr<Failures> answer) {
          self->OnAnswer(std::move(answer));
        });
  }

 private:
  void OnAnswer(StatusOr<Failures> answer) {
    session_->Observe("gsh_director_assign_seconds", session_->clock.SteadyNow() - sent_);
    if (answer.ok()) return Succeed(*answer);
    if (SurelyNothingAssigned(answer.status())) {
      return items_.size() > 1 ? Split() : Fail(answer.status());
    }
    unclear_ = true;
    const Duration pause = Backoff(attempts_, session_->rng);
    const std::stop_token stop = session_->work_token();
    if (stop.stop_requested() || session_->clock.SteadyNow() + pause >= deadline_) {
      return Fail(answer.status());
    }
    SleepThen(session_->clock, pause, stop, [self = shared_from_this()] { self->Send(); });
  }

  void Succeed(const Failures& failures) {
    std::unordered_map<std::string, Cause> causes;
    for (const openmatch::AssignmentFailure& failure : failures) {
      causes.emplace(failure.ticket_id, failure.cause);
    }
    for (AssignItem& item : items_) item.done(ResultOf(item, causes));
    done_();
  }

  void Fail(const Status& status) {
    for (AssignItem& item : items_) item.done({.status = status, .maybe_assigned = unclear_});
    done_();
  }

  // One half after the other.
  void Split() {
    const auto middle = items_.begin() + static_cast<std::ptrdiff_t>(items_.size() / 2);
    std::vector<AssignItem> second(std::make_move_iterator(middle),
                                   std::make_move_iterator(items_.end()));
    items_.erase(middle, items_.end());
    auto then =
        std::make_shared<AssignCall>(session_, std::move(second), deadline_, unclear_, done_);
    std::make_shared<AssignCall>(session_, std::move(items_), deadline_, unclear_, [then] {
      then->Send();
    })->Send();
  }

  const SessionPtr session_;
  std::vector<AssignItem> items_;
  const SteadyTime deadline_;
  bool unclear_;  // an earlier attempt may have happened
  const std::function<void()> done_;
  int attempts_ = 0;
  SteadyTime sent_ = {};
};

}  // namespace

void SendAssignments(SessionPtr session, std::vector<AssignItem> items,
                     std::function<void()> done) {
  const SteadyTime deadline = session->clock.SteadyNow() + session->options.assign_timeout;
  std::make_shared<AssignCall>(std::move(session), std::move(items), deadline, /*unclear=*/false,
                               std::move(done))
      ->Send();
}

}  // namespace gsh::director
