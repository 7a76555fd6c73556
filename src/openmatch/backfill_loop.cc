#include "src/openmatch/backfill_loop.h"

#include <numeric>
#include <string>
#include <utility>

namespace gsh::openmatch {
namespace {

using Kind = BackfillPlan::Step::Kind;
using Event = BackfillEvent::Kind;
using Verdict = BackfillPlan::Verdict;

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kCreate:
      return "CreateBackfill";
    case Kind::kAcknowledge:
      return "AcknowledgeBackfill";
    case Kind::kUpdate:
      return "UpdateBackfill";
    default:
      return "DeleteBackfill";
  }
}

double Sum(const Seats& seats) { return std::accumulate(seats.begin(), seats.end(), 0.0); }

}  // namespace

BackfillLoop::BackfillLoop(BackfillKeeperOptions options)
    : options_(std::move(options)),
      plan_({.free_seats = options_.free_seats,
             .expected = options_.expected,
             .backfill_id = options_.backfill_id,
             .acknowledge_interval = options_.acknowledge_interval,
             .expiry = options_.expiry,
             .join_timeout = options_.join_timeout,
             .replace_lost = options_.replace_lost},
            options_.clock->SteadyNow()),
      backfill_(options_.backfill) {}

void BackfillLoop::Change(const std::function<void(BackfillPlan&)>& change) {
  {
    std::lock_guard lock(mutex_);
    change(plan_);
  }
  Advance();
}

BackfillState BackfillLoop::state() const {
  std::lock_guard lock(mutex_);
  return {.backfill_id = plan_.backfill_id(),
          .open = plan_.Open(),
          .expected = plan_.Expected(),
          .ended = plan_.ended()};
}

void BackfillLoop::Advance() {
  std::unique_lock lock(mutex_);
  if (abandoned_ || calling_) return;
  const SteadyTime now = options_.clock->SteadyNow();
  const Step step = plan_.Next(now);
  ShowLocked();
  StopTimerLocked();
  switch (step.kind) {
    case Kind::kEnd:
      changed_.notify_all();
      return;
    case Kind::kWait: {
      const std::uint64_t round = timer_round_;
      lock.unlock();
      if (step.until != SteadyTime::max()) StartTimer(step.until, round);
      return;
    }
    default:
      break;
  }
  calling_ = true;
  call_ = std::stop_source();
  // One that was made would be nobody's.
  may_be_cut_ = step.kind != Kind::kCreate && step.kind != Kind::kDelete;
  const auto making = making_.insert(std::this_thread::get_id());
  const CallOptions call{
      .timeout = options_.call_timeout, .stop = call_.get_token(), .executor = InlineExecutor()};
  lock.unlock();
  Make(step, now, call);
  lock.lock();
  making_.erase(making);
  changed_.notify_all();
}

void BackfillLoop::Make(const Step& step, SteadyTime sent, const CallOptions& call) {
  switch (step.kind) {
    case Kind::kCreate:
      return Create(step, sent, call);
    case Kind::kAcknowledge:
      return Acknowledge(step, sent, call);
    case Kind::kUpdate:
      return Update(step, call);
    default:
      return Delete(step, call);
  }
}

Backfill BackfillLoop::WithSeats(const Seats& open) const {
  std::unique_lock lock(mutex_);
  Backfill backfill = backfill_;
  lock.unlock();
  backfill.create_time.reset();  // Open Match gives it
  options_.format.write(open, backfill);
  return backfill;
}

void BackfillLoop::Create(const Step& step, SteadyTime sent, const CallOptions& call) {
  Backfill backfill = WithSeats(step.open);
  backfill.id.clear();
  backfill.generation = 0;
  options_.frontend->CreateBackfillAsync(
      std::move(backfill), call, [self = shared_from_this(), step, sent](StatusOr<Backfill> made) {
        if (!made.ok()) return self->OnFailed(step, made.status());
        self->OnAnswer([&](BackfillPlan& plan, std::vector<BackfillEvent>& events) {
          self->backfill_ = *made;
          plan.OnCreated(step, *made, sent);
          events.push_back({.kind = Event::kOpened, .backfill_id = made->id});
        });
      });
}

void BackfillLoop::Acknowledge(const Step& step, SteadyTime sent, const CallOptions& call) {
  options_.frontend->AcknowledgeBackfillAsync(
      step.id, options_.assignment, call,
      [self = shared_from_this(), step, sent](StatusOr<AcknowledgedBackfill> answer) {
        if (!answer.ok()) return self->OnFailed(step, answer.status());
        const StatusOr<Seats> read = self->options_.format.read(answer->backfill);
        if (!read.ok()) {
          Log(self->options_.log, LogLevel::kWarning, "a backfill does not say its open seats",
              {{"backfill", step.id}, {"error", read.status().message()}});
        }
        const SeatFormat& format = self->options_.format;
        const bool right = !format.is_right || format.is_right(answer->backfill);
        self->OnAnswer([&](BackfillPlan& plan, std::vector<BackfillEvent>& events) {
          if (!plan.read_once()) {
            events.push_back({.kind = Event::kOpened, .backfill_id = step.id});
          }
          self->backfill_ = std::move(answer->backfill);
          plan.OnAcknowledged(self->backfill_, read, right, answer->tickets.size(), sent,
                              self->options_.clock->SteadyNow());
          if (answer->tickets.empty()) return;
          events.push_back({.kind = Event::kJoined,
                            .backfill_id = step.id,
                            .tickets = std::move(answer->tickets)});
        });
      });
}

void BackfillLoop::Update(const Step& step, const CallOptions& call) {
  options_.frontend->UpdateBackfillAsync(
      WithSeats(step.open), call, [self = shared_from_this(), step](StatusOr<Backfill> updated) {
        if (!updated.ok()) return self->OnFailed(step, updated.status());
        self->OnAnswer([&](BackfillPlan& plan, std::vector<BackfillEvent>& events) {
          self->backfill_ = *updated;
          if (plan.OnUpdated(step, *updated)) self->Count("gsh_backfill_conflicts_total");
          events.push_back({.kind = Event::kUpdated, .backfill_id = step.id});
        });
      });
}

void BackfillLoop::Delete(const Step& step, const CallOptions& call) {
  options_.frontend->DeleteBackfillAsync(
      step.id, call, [self = shared_from_this(), step](const Status& status) {
        if (!status.ok() && status.code() != StatusCode::kNotFound) {
          return self->OnFailed(step, status);
        }
        self->OnAnswer([&](BackfillPlan& plan, std::vector<BackfillEvent>& events) {
          if (step.id == plan.backfill_id()) {
            events.push_back({.kind = Event::kClosed, .backfill_id = step.id});
          }
          plan.OnDeleted(step);
        });
      });
}

void BackfillLoop::OnAnswer(const Answered& answered) {
  std::vector<BackfillEvent> events;
  {
    std::lock_guard lock(mutex_);
    calling_ = false;
    if (abandoned_) return;
    answered(plan_, events);
  }
  Emit(std::move(events));
  Advance();
}

void BackfillLoop::OnFailed(const Step& step, const Status& status) {
  OnAnswer([&](BackfillPlan& plan, std::vector<BackfillEvent>& events) {
    const bool cut_short = status.code() == StatusCode::kCancelled && call_.stop_requested();
    if (cut_short) return;
    if (options_.metrics != nullptr) {
      const MetricLabel labels[] = {{"call", NameOf(step.kind)},
                                    {"code", StatusCodeName(status.code())}};
      options_.metrics->Add("gsh_backfill_call_failures_total", 1, labels);
    }
    const SteadyTime now = options_.clock->SteadyNow();
    switch (plan.OnFailed(step, status, now, options_.rng->NextDouble())) {
      case Verdict::kLost:
        events.push_back({.kind = Event::kLost, .backfill_id = step.id, .status = status});
        break;
      case Verdict::kFatal:
        events.push_back({.kind = Event::kFailed, .backfill_id = step.id, .status = status});
        break;
      case Verdict::kRetry:
        Log(options_.log, LogLevel::kWarning, "a call for the backfill failed and is repeated",
            {{"call", std::string(NameOf(step.kind))},
             {"backfill", step.id},
             {"error", status.ToString()}});
        break;
    }
  });
}

// Without the lock, for a clock may run a timer that is due at once on this thread.
void BackfillLoop::StartTimer(SteadyTime when, std::uint64_t round) {
  const Clock::TimerId started = options_.clock->RunAt(when, [weak = weak_from_this(), round] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    {
      std::lock_guard lock(self->mutex_);
      if (round != self->timer_round_) return;
    }
    self->Advance();
  });
  std::unique_lock lock(mutex_);
  if (round == timer_round_) {
    timer_ = started;
    return;
  }
  lock.unlock();
  options_.clock->Cancel(started);
}

void BackfillLoop::StopTimerLocked() {
  ++timer_round_;
  options_.clock->Cancel(std::exchange(timer_, 0));
}

void BackfillLoop::ShowLocked() {
  if (options_.metrics == nullptr) return;
  options_.metrics->Set("gsh_backfill_open_seats", Sum(plan_.Open()), {});
  options_.metrics->Set("gsh_backfill_expected_players", Sum(plan_.Expected()), {});
}

void BackfillLoop::Count(std::string_view counter, double amount) const {
  if (options_.metrics != nullptr) options_.metrics->Add(counter, amount, {});
}

void BackfillLoop::Emit(std::vector<BackfillEvent> events) {
  if (events.empty()) return;
  for (const BackfillEvent& event : events) Tell(event);
  {
    std::lock_guard lock(mutex_);
    for (BackfillEvent& event : events) events_.push_back(std::move(event));
    if (!options_.on_event || std::exchange(telling_, true)) return;
  }
  options_.executor->Post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->RunEvents();
  });
}

void BackfillLoop::Tell(const BackfillEvent& event) const {
  const auto log = [&](LogLevel level, std::string_view text) {
    Log(options_.log, level, text,
        {{"backfill", event.backfill_id},
         {"tickets", std::to_string(event.tickets.size())},
         {"error", event.status.ok() ? "" : event.status.ToString()}});
  };
  switch (event.kind) {
    case Event::kOpened:
      Count("gsh_backfill_opened_total");
      return log(LogLevel::kInfo, "backfill open");
    case Event::kJoined:
      Count("gsh_backfill_joined_tickets_total", static_cast<double>(event.tickets.size()));
      return log(LogLevel::kInfo, "players join by the backfill");
    case Event::kUpdated:
      Count("gsh_backfill_updates_total");
      return log(LogLevel::kDebug, "backfill updated");
    case Event::kLost:
      Count("gsh_backfill_lost_total");
      return log(LogLevel::kWarning, "backfill lost");
    case Event::kClosed:
      Count("gsh_backfill_closed_total");
      return log(LogLevel::kInfo, "backfill closed");
    case Event::kFailed:
      return log(LogLevel::kError, "Open Match refuses the backfill; it is given up");
  }
}

void BackfillLoop::RunEvents() {
  std::unique_lock lock(mutex_);
  while (!abandoned_ && !events_.empty()) {
    const BackfillEvent event = std::move(events_.front());
    events_.pop_front();
    telling_on_ = std::this_thread::get_id();
    lock.unlock();
    options_.on_event(event);
    lock.lock();
    telling_on_ = {};
    changed_.notify_all();
  }
  telling_ = false;
}

Status BackfillLoop::Close(const CallOptions& call) {
  std::stop_source cut(std::nostopstate);
  {
    std::lock_guard lock(mutex_);
    plan_.Close();
    if (calling_ && may_be_cut_) cut = call_;
  }
  if (cut.stop_possible()) cut.request_stop();
  Advance();
  auto too_late = std::make_shared<bool>(false);  // under the lock
  const Clock::TimerId timer = options_.clock->RunAfter(
      call.timeout.value_or(options_.call_timeout), [weak = weak_from_this(), too_late] {
        const auto self = weak.lock();
        if (self == nullptr) return;
        std::lock_guard lock(self->mutex_);
        *too_late = true;
        self->changed_.notify_all();
      });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, call.stop, [&] { return plan_.ended() || *too_late; });
  const bool ended = plan_.ended();
  const bool late = *too_late;
  lock.unlock();
  options_.clock->Cancel(timer);
  if (ended) return OkStatus();
  return late ? DeadlineExceededError("the backfill is not deleted yet")
              : CancelledError("the backfill is not deleted yet");
}

void BackfillLoop::Abandon() {
  std::unique_lock lock(mutex_);
  abandoned_ = true;
  StopTimerLocked();
  std::stop_source call = call_;
  const bool calling = calling_;
  lock.unlock();
  if (calling) call.request_stop();
  lock.lock();
  const auto me = std::this_thread::get_id();
  changed_.wait(lock, [&] {
    return (telling_on_ == std::thread::id() || telling_on_ == me) &&
           making_.count(me) == making_.size();
  });
}

}  // namespace gsh::openmatch
