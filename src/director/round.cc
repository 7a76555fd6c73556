#include "src/director/round.h"

#include <algorithm>
#include <utility>

#include "src/director/drop_backfill.h"
#include "src/director/region_of.h"

namespace gsh::director {
namespace {

using Kind = Event::Kind;

}  // namespace

Round::Round(SessionPtr session, std::vector<openmatch::MatchProfile> profiles,
             std::shared_ptr<ModeSwitch> mode)
    : session_(std::move(session)), profiles_(std::move(profiles)), mode_(std::move(mode)) {
  report_.profiles = profiles_.size();
}

void Round::Start() {
  session_->RoundBegins();
  session_->Emit({.kind = Kind::kRoundStarted, .count = profiles_.size()});
  {
    std::lock_guard lock(mutex_);
    fetches_ = profiles_.size();
    calls_ += profiles_.size();
  }
  if (profiles_.empty()) fetched_.store(true);
  for (const openmatch::MatchProfile& profile : profiles_) Fetch(profile);
  End();
}

void Round::Fetch(const openmatch::MatchProfile& profile) {
  const auto count = std::make_shared<std::atomic<std::size_t>>(0);
  const SteadyTime begin = session_->clock.SteadyNow();
  session_->options.backend->FetchMatchesAsync(
      session_->options.function, profile, session_->WorkCall(session_->options.fetch_timeout),
      [self = shared_from_this(), count](openmatch::Match match) {
        ++*count;
        self->OnMatch(std::move(match));
      },
      [self = shared_from_this(), count, begin, name = profile.name](const Status& status) {
        self->OnFetched(name, *count, self->session_->clock.SteadyNow() - begin, status);
      });
}

void Round::OnMatch(openmatch::Match match) {
  const std::vector<std::string> tickets = TicketIds(match);
  {
    std::lock_guard lock(mutex_);
    ++report_.matches;
  }
  if (match.backfill && !match.allocate_gameserver) return LeaveToServer(match, tickets.size());
  if (session_->draining()) return Refuse(match, tickets, "the director stops");
  if (KnowsNoRegions(match)) return Refuse(match, tickets, "the match has no region");
  if (tickets.empty()) return Refuse(match, tickets, "the match has no tickets");
  if (!Claim(match, tickets)) {
    Log(session_->options.log, LogLevel::kWarning,
        "director: a match, or one of its tickets, came twice", {{"match", match.id}});
    return Refuse(match, session_->ledger.NotHeld(tickets), "came twice");
  }
  Begin();
  std::make_shared<MatchRun>(session_, std::move(match), tickets,
                             [self = shared_from_this()](const MatchOutcome& outcome) {
                               {
                                 std::lock_guard lock(self->mutex_);
                                 RoundReport& report = self->report_;
                                 report.assigned_matches += outcome.assigned_tickets > 0 ? 1 : 0;
                                 report.assigned_tickets += outcome.assigned_tickets;
                                 report.gone_tickets += outcome.gone_tickets;
                                 report.released_tickets += outcome.released_tickets;
                                 report.given_back += outcome.given_back;
                               }
                               self->End();
                             })
      ->Start();
}

// Who joins a running match is assigned when its game server acknowledges the backfill.
void Round::LeaveToServer(const openmatch::Match& match, std::size_t tickets) {
  ++session_->matches_ended;
  session_->Emit({.kind = Kind::kJoinsRunning, .match_id = match.id, .count = tickets});
  std::lock_guard lock(mutex_);
  report_.joining_tickets += tickets;
}

bool Round::KnowsNoRegions(const openmatch::Match& match) {
  if (mode_ == nullptr || ExplicitRegion(match)) return false;
  if (!mode_->bands.exchange(true)) {
    session_->Emit({.kind = Kind::kModeChanged,
                    .match_id = match.id,
                    .detail = "the match function puts no gsh.region on matches: one profile for "
                              "each region and band from now on"});
  }
  return true;
}

bool Round::Claim(const openmatch::Match& match, const std::vector<std::string>& tickets) {
  std::lock_guard lock(mutex_);
  const bool seen = match_ids_.contains(match.id) ||
                    std::any_of(tickets.begin(), tickets.end(),
                                [&](const std::string& id) { return tickets_.contains(id); });
  if (seen || !session_->ledger.Claim(tickets)) return false;
  match_ids_.insert(match.id);
  tickets_.insert(tickets.begin(), tickets.end());
  return true;
}

void Round::Refuse(const openmatch::Match& match, const std::vector<std::string>& tickets,
                   const std::string& why) {
  ++session_->matches_ended;
  Begin();
  DropBackfill(session_, match, [self = shared_from_this(), id = match.id, tickets, why] {
    self->Release(id, tickets, why);
    self->End();
  });
}

void Round::Release(const std::string& match_id, const std::vector<std::string>& tickets,
                    const std::string& why) {
  if (tickets.empty()) return;
  Begin();
  session_->releaser.Add({.tickets = tickets,
                          .done = [self = shared_from_this(), id = match_id, count = tickets.size(),
                                   why](const Status& status) {
                            self->session_->Emit(
                                {.kind = status.ok() ? Kind::kReleased : Kind::kReleaseFailed,
                                 .match_id = id,
                                 .detail = why,
                                 .count = count,
                                 .status = status});
                            if (status.ok()) {
                              std::lock_guard lock(self->mutex_);
                              self->report_.released_tickets += count;
                            }
                            self->End();
                          }});
}

void Round::OnFetched(const std::string& profile, std::size_t matches, Duration took,
                      const Status& status) {
  session_->Observe("gsh_director_fetch_seconds", took);
  // The matches that came before an error are as good as others.
  if (status.ok() || matches > 0) {
    session_->Emit({.kind = Kind::kFetched, .detail = profile, .count = matches});
  }
  if (!status.ok()) {
    session_->Emit({.kind = Kind::kFetchFailed, .detail = profile, .status = status});
  }
  bool last = false;
  {
    std::lock_guard lock(mutex_);
    if (!status.ok() && report_.failed_profiles++ == 0) {
      first_failure_ = status.WithContext("profile " + profile);
    }
    last = --fetches_ == 0;
  }
  if (last) {
    fetched_.store(true);
    session_->Wake();
  }
  End();
}

void Round::Begin() {
  std::lock_guard lock(mutex_);
  ++calls_;
}

void Round::End() {
  {
    std::lock_guard lock(mutex_);
    if (--calls_ > 0) return;
  }
  done_.store(true);
  session_->RoundEnds();
}

std::size_t Round::matches() const {
  std::lock_guard lock(mutex_);
  return report_.matches;
}

Status Round::status() const {
  std::lock_guard lock(mutex_);
  const bool all = report_.profiles > 0 && report_.failed_profiles == report_.profiles;
  return all && report_.matches == 0 ? first_failure_ : OkStatus();
}

RoundReport Round::report() const {
  std::lock_guard lock(mutex_);
  return report_;
}

}  // namespace gsh::director
