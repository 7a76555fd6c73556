#include "src/testing/sandbox/open_match/synchronizer.h"

#include <algorithm>
#include <utility>

#include "src/testing/sandbox/open_match/evaluator.h"

namespace gsh::sandbox {

std::shared_ptr<Synchronizer> Synchronizer::Make(SynchronizerOptions options) {
  return std::shared_ptr<Synchronizer>(new Synchronizer(std::move(options)));
}

Synchronizer::Synchronizer(SynchronizerOptions options) : options_(std::move(options)) {}

void Synchronizer::Locked(const std::function<void(Actions&)>& step) {
  Actions then;
  {
    std::lock_guard lock(mutex_);
    step(then);
  }
  for (const auto& action : then) action();
}

void Synchronizer::Register(std::shared_ptr<Caller> caller) {
  Locked([&](Actions& then) {
    if (phase_ == Phase::kCollection || phase_ == Phase::kEvaluation) {
      waiting_.push_back(std::move(caller));
    } else {
      Join(std::move(caller), then);
    }
  });
}

void Synchronizer::Join(std::shared_ptr<Caller> caller, Actions& then) {
  if (phase_ == Phase::kIdle) {
    cycle_ = std::make_shared<Cycle>();
    Enter(Phase::kRegistration, options_.registration_interval, then);
  }
  if (!cycle_->failure.ok()) {
    then.push_back([caller, failure = cycle_->failure] { caller->OnEnd(failure, {}); });
    return;
  }
  cycle_->members.emplace(caller.get(), Member{.caller = caller});
  ++cycle_->proposing;
  then.push_back([caller] { caller->OnStart(); });
}

Synchronizer::Member* Synchronizer::Find(const Caller* caller) {
  if (cycle_ == nullptr) return nullptr;
  const auto found = cycle_->members.find(caller);
  return found == cycle_->members.end() ? nullptr : &found->second;
}

void Synchronizer::Propose(Caller* caller, MatchPtr proposal) {
  Candidate candidate = ReadCandidate(*proposal);
  Locked([&](Actions& then) {
    const Member* member = Find(caller);
    if (member == nullptr || member->done || phase_ == Phase::kEvaluation) return;
    if (!cycle_->match_ids.insert(proposal->match_id()).second) {
      return Fail(UnknownError("evaluator: several match functions used the match id \"" +
                               proposal->match_id() + "\""),
                  then);
    }
    cycle_->proposals.push_back({caller, std::move(proposal)});
    cycle_->candidates.push_back(std::move(candidate));
  });
}

void Synchronizer::DoneProposing(Caller* caller) {
  Locked([&](Actions& then) {
    if (Member* member = Find(caller)) SetDone(*member, then);
  });
}

void Synchronizer::Leave(Caller* caller) {
  Locked([&](Actions& then) {
    std::erase_if(waiting_, [&](const auto& waiting) { return waiting.get() == caller; });
    Member* member = Find(caller);
    if (member == nullptr) return;
    member->gone = true;
    SetDone(*member, then);
    if (std::ranges::all_of(cycle_->members, [](const auto& entry) { return entry.second.gone; })) {
      then.push_back([cycle = cycle_] { cycle->evaluation.request_stop(); });
    }
  });
}

void Synchronizer::SetDone(Member& member, Actions& then) {
  if (std::exchange(member.done, true)) return;
  if (--cycle_->proposing == 0 && phase_ == Phase::kCollection) StartEvaluation(then);
}

void Synchronizer::Fail(Status failure, Actions& then) {
  Log(options_.log, LogLevel::kError, "Open Match cycle failed", {{"error", failure.message()}});
  cycle_->failure = failure;
  cycle_->proposals.clear();
  cycle_->candidates.clear();
  for (auto& [caller, member] : cycle_->members) {
    if (!std::exchange(member.gone, true)) {
      then.push_back([told = member.caller, failure] { told->OnEnd(failure, {}); });
    }
    SetDone(member, then);
  }
}

void Synchronizer::Enter(Phase phase, Duration limit, Actions& then) {
  phase_ = phase;
  then.push_back([this, cycle = cycle_, phase, limit] { StartTimer(cycle, phase, limit); });
}

void Synchronizer::StartTimer(std::shared_ptr<Cycle> cycle, Phase phase, Duration limit) {
  // A timer may run at once, and one that lost a race finds another cycle or phase.
  const Clock::TimerId timer =
      options_.clock->RunAfter(limit, [weak = weak_from_this(), cycle, phase] {
        const auto self = weak.lock();
        if (self == nullptr) return;
        self->Locked([&](Actions& then) {
          if (self->cycle_ == cycle && self->phase_ == phase) self->OnTimer(then);
        });
      });
  std::unique_lock lock(mutex_);
  if (cycle_ == cycle && phase_ == phase) {
    cycle->timer = timer;
    return;
  }
  lock.unlock();
  options_.clock->Cancel(timer);
}

void Synchronizer::OnTimer(Actions& then) {
  if (phase_ == Phase::kRegistration) {
    if (cycle_->proposing == 0) return StartEvaluation(then);
    return Enter(Phase::kCollection, options_.proposal_collection_interval, then);
  }
  for (const auto& [caller, member] : cycle_->members) {
    if (!member.gone) then.push_back([told = member.caller] { told->OnCutoff(); });
  }
  StartEvaluation(then);
}

void Synchronizer::StartEvaluation(Actions& then) {
  phase_ = Phase::kEvaluation;
  then.push_back([self = shared_from_this(), cycle = cycle_] {
    self->options_.clock->Cancel(cycle->timer);
    self->options_.executor->Post([self, cycle] { self->EvaluateAndFinish(cycle); });
  });
}

bool Synchronizer::Wanted(const Cycle& cycle) {
  std::lock_guard lock(mutex_);
  return std::ranges::any_of(cycle.members, [](const auto& entry) { return !entry.second.gone; });
}

StatusOr<std::vector<std::size_t>> Synchronizer::Choose(const Cycle& cycle) {
  if (!options_.evaluate) return Evaluate(cycle.candidates);
  std::vector<const serialised::Match*> proposals;
  proposals.reserve(cycle.proposals.size());
  for (const Proposal& proposal : cycle.proposals) proposals.push_back(proposal.match.get());
  return options_.evaluate(proposals, cycle.evaluation.get_token());
}

void Synchronizer::EvaluateAndFinish(const std::shared_ptr<Cycle>& cycle) {
  std::unordered_map<const Caller*, std::vector<MatchPtr>> accepted;
  StatusOr<std::vector<std::size_t>> chosen = std::vector<std::size_t>();
  if (Wanted(*cycle)) chosen = Choose(*cycle);
  if (!chosen.ok()) {
    return Locked([&](Actions& then) {
      Fail(chosen.status(), then);
      Finish({}, then);
    });
  }
  std::vector<std::string> ticket_ids;
  for (const std::size_t i : *chosen) {
    for (const std::string_view id : cycle->candidates[i].tickets) ticket_ids.emplace_back(id);
  }
  if (!ticket_ids.empty()) options_.add_pending(ticket_ids);
  Log(options_.log, LogLevel::kDebug, "Open Match cycle evaluated",
      {{"proposals", std::to_string(cycle->proposals.size())},
       {"accepted", std::to_string(chosen->size())}});
  for (const std::size_t i : *chosen) {
    Proposal& proposal = cycle->proposals[i];
    accepted[proposal.caller].push_back(std::move(proposal.match));
  }
  Locked([&](Actions& then) { Finish(std::move(accepted), then); });
}

void Synchronizer::Finish(std::unordered_map<const Caller*, std::vector<MatchPtr>> accepted,
                          Actions& then) {
  for (auto& [caller, member] : cycle_->members) {
    if (member.gone) continue;
    // Shared, because a std::function must be copyable.
    auto matches = std::make_shared<std::vector<MatchPtr>>(std::move(accepted[caller]));
    then.push_back(
        [told = member.caller, matches] { told->OnEnd(OkStatus(), std::move(*matches)); });
  }
  if (options_.clean_up) then.push_back(options_.clean_up);
  cycle_ = nullptr;
  phase_ = Phase::kIdle;
  for (auto& caller : std::exchange(waiting_, {})) Join(std::move(caller), then);
}

}  // namespace gsh::sandbox
