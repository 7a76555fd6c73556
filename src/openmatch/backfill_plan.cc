#include "src/openmatch/backfill_plan.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace gsh::openmatch {
namespace {

using Kind = BackfillPlan::Step::Kind;

constexpr Duration kFirstPause = std::chrono::milliseconds(250);
constexpr Duration kLongestPause = std::chrono::seconds(5);

bool HasAny(const Seats& seats) {
  return std::ranges::any_of(seats, [](std::uint32_t count) { return count > 0; });
}

// Open Match refuses the request itself: the same one will not do later either.
bool IsFatal(const Status& status) {
  return status.code() == StatusCode::kInvalidArgument ||
         status.code() == StatusCode::kUnimplemented;
}

// Somewhere a team has fewer than before, or nobody knows what it had.
bool HasFewer(const Seats& open, const std::optional<Seats>& before) {
  if (!before) return true;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i] < (*before)[i]) return true;
  }
  return false;
}

}  // namespace

BackfillPlan::BackfillPlan(BackfillPlanOptions options, SteadyTime now)
    : options_(std::move(options)),
      free_(options_.free_seats.begin(), options_.free_seats.end()),
      id_(options_.backfill_id),
      uncertain_(!id_.empty()),
      early_(options_.free_seats.size()),
      acknowledged_(now) {
  // What is not open there when it is first read belongs to players who are on their way.
  if (!id_.empty()) {
    published_ = options_.free_seats;
    return;
  }
  for (std::size_t i = 0; i < options_.expected.size(); ++i) {
    Reserve(i, options_.expected[i], now);
  }
}

Seats BackfillPlan::Expected() const {
  Seats expected(free_.size());
  for (const Reservation& kept : reservations_) expected[kept.team] += kept.seats;
  return expected;
}

Seats BackfillPlan::Open() const {
  const Seats expected = Expected();
  Seats open(free_.size());
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i] = static_cast<std::uint32_t>(std::max<std::int64_t>(free_[i] - expected[i], 0));
  }
  return open;
}

void BackfillPlan::Reserve(std::size_t team, std::uint32_t seats, SteadyTime now) {
  if (seats == 0) return;
  const bool limited = options_.join_timeout > Duration::zero();
  reservations_.push_back({.team = team,
                           .seats = seats,
                           .until = limited ? now + options_.join_timeout : SteadyTime::max()});
}

void BackfillPlan::DropOldReservations(SteadyTime now) {
  const auto dropped =
      std::erase_if(reservations_, [now](const Reservation& kept) { return kept.until <= now; });
  if (dropped > 0) acknowledge_first_ = true;
}

void BackfillPlan::PlayerJoined(std::size_t team) {
  if (team >= free_.size()) return;
  --free_[team];
  const auto kept = std::ranges::find(reservations_, team, &Reservation::team);
  if (kept == reservations_.end()) {
    if (uncertain_) ++early_[team];
  } else if (--kept->seats == 0) {
    reservations_.erase(kept);
  }
}

void BackfillPlan::PlayerLeft(std::size_t team) {
  if (team >= free_.size()) return;
  ++free_[team];
  acknowledge_first_ = true;
}

void BackfillPlan::Close() {
  closing_ = true;
  pause_until_ = SteadyTime::min();
}

BackfillPlan::Step BackfillPlan::Wait(SteadyTime until) const {
  for (const Reservation& kept : reservations_) until = std::min(until, kept.until);
  return {.kind = Kind::kWait, .until = until};
}

BackfillPlan::Step BackfillPlan::Next(SteadyTime now) {
  DropOldReservations(now);
  if (closing_ && id_.empty() && doomed_.empty()) ended_ = true;
  if (ended_) return {.kind = Kind::kEnd};
  if (now < pause_until_) return {.kind = Kind::kWait, .until = pause_until_};
  if (!doomed_.empty()) return {.kind = Kind::kDelete, .id = doomed_.front()};
  if (closing_) return {.kind = Kind::kDelete, .id = id_};
  const Seats open = Open();
  if (!id_.empty()) {
    const Step step = NextOnBackfill(open, now);
    if (step.kind == Kind::kAcknowledge) uncertain_ = true;
    return step;
  }
  if (!HasAny(open)) return Wait(SteadyTime::max());
  return {.kind = Kind::kCreate, .open = open};
}

BackfillPlan::Step BackfillPlan::NextOnBackfill(const Seats& open, SteadyTime now) const {
  const Step acknowledge{.kind = Kind::kAcknowledge, .id = id_};
  const Step update{.kind = Kind::kUpdate, .id = id_, .open = open};
  if (!read_once_) return acknowledge;
  if (!HasAny(open)) return {.kind = Kind::kDelete, .id = id_};
  if (uncertain_) return acknowledge;  // an update would write over what it has to say
  const SteadyTime due = acknowledged_ + options_.acknowledge_interval;
  const bool failed = failures_[static_cast<std::size_t>(Kind::kUpdate)] > 0;
  if (now >= due && failed) return acknowledge;  // updates that fail must not cost its life
  if (!right_ || (published_ != open && HasFewer(open, published_))) return update;
  if (now >= due) return acknowledge;
  if (published_ != open) return acknowledge_first_ ? acknowledge : update;
  return Wait(due);
}

void BackfillPlan::OnCreated(const Step& step, const Backfill& backfill, SteadyTime sent) {
  Failures(step) = 0;
  id_ = backfill.id;
  generation_ = backfill.generation;
  published_ = step.open;
  read_once_ = true;
  acknowledge_first_ = false;
  acknowledged_ = sent;
}

void BackfillPlan::OnAcknowledged(const Backfill& backfill, const StatusOr<Seats>& read, bool right,
                                  std::size_t tickets, SteadyTime sent, SteadyTime now) {
  failures_[static_cast<std::size_t>(Kind::kAcknowledge)] = 0;
  // The first answer for a given backfill names the match's own players, whom its seats have
  // counted from the start.
  const bool count_tickets = std::exchange(read_once_, true) && free_.size() == 1;
  generation_ = backfill.generation;
  uncertain_ = false;
  acknowledge_first_ = false;
  acknowledged_ = sent;
  const bool readable = read.ok() && read->size() == free_.size();
  Seats taken(free_.size());
  for (std::size_t i = 0; readable && published_ && i < taken.size(); ++i) {
    taken[i] = (*published_)[i] - std::min((*published_)[i], (*read)[i]);
  }
  // A match function that does not count the seats down leaves the tickets themselves to count;
  // with teams nobody knows whose they are.
  if (count_tickets || (!readable && taken.size() == 1)) {
    taken[0] = std::max(taken[0], static_cast<std::uint32_t>(tickets));
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    Reserve(i, taken[i] - std::min(taken[i], early_[i]), now);
  }
  early_.assign(early_.size(), 0);
  published_ = readable ? std::optional(*read) : std::nullopt;
  right_ = right;
}

bool BackfillPlan::OnUpdated(const Step& step, const Backfill& backfill) {
  Failures(step) = 0;
  const bool expected = backfill.generation == generation_ + 1;
  generation_ = backfill.generation;
  published_ = step.open;
  right_ = true;
  return !expected;
}

void BackfillPlan::OnDeleted(const Step& step) {
  Failures(step) = 0;
  if (step.id == id_) {
    Forget();
  } else {
    std::erase(doomed_, step.id);
  }
}

BackfillPlan::Verdict BackfillPlan::OnFailed(const Step& step, const Status& status, SteadyTime now,
                                             double chance) {
  const bool on_backfill = step.kind == Kind::kAcknowledge || step.kind == Kind::kUpdate;
  if (on_backfill && status.code() == StatusCode::kNotFound) return Lose(/*may_exist=*/false);
  // An expired one is there, but refused, until the engine's next cycle has swept it up.
  if (on_backfill && now - acknowledged_ > options_.expiry) return Lose(/*may_exist=*/true);
  if (IsFatal(status)) {
    ended_ = true;
    return Verdict::kFatal;
  }
  const int earlier = Failures(step)++;
  const Duration longest =
      std::min<Duration>(kLongestPause, kFirstPause * (1 << std::min(earlier, 10)));
  pause_until_ =
      now + longest / 2 +
      Duration(static_cast<Duration::rep>(chance * static_cast<double>(longest.count() / 2)));
  return Verdict::kRetry;
}

void BackfillPlan::Forget() {
  id_.clear();
  published_.reset();
  right_ = true;
  uncertain_ = false;
  generation_ = 0;
}

BackfillPlan::Verdict BackfillPlan::Lose(bool may_exist) {
  if (may_exist) doomed_.push_back(id_);
  Forget();
  if (!options_.replace_lost) ended_ = true;
  return Verdict::kLost;
}

}  // namespace gsh::openmatch
