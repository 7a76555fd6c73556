#include "gsh/director/director.h"

#include <utility>

#include "src/director/check_options.h"
#include "src/director/pacing.h"
#include "src/director/profiles.h"
#include "src/director/round.h"
#include "src/director/session.h"

namespace gsh::director {
namespace {

using RoundPtr = std::shared_ptr<Round>;

// Tells pacing what the last rounds were good for.
class Progress {
 public:
  explicit Progress(const Session& session) : session_(session) {}

  RoundKind Judge(const Round& round) {
    const std::size_t ended = session_.matches_ended.load();
    const std::size_t assigned = session_.matches_assigned.load();
    const bool in_vain = ended > ended_ && assigned == assigned_;
    ended_ = ended;
    assigned_ = assigned;
    if (!round.status().ok()) return RoundKind::kFailed;
    return round.matches() == 0 || in_vain ? RoundKind::kIdle : RoundKind::kBusy;
  }

 private:
  const Session& session_;
  std::size_t ended_ = 0;
  std::size_t assigned_ = 0;
};

class DirectorImpl final : public Director {
 public:
  explicit DirectorImpl(DirectorOptions options) : options_(std::move(options)) {
    // Rules cannot say a gap between bands, filters can.
    if (HasGap(options_.bands)) mode_->bands.store(true);
  }

  StatusOr<RoundReport> RunRound(std::stop_token stop) override {
    if (stop.stop_requested()) return RoundReport{};
    const auto session = std::make_shared<Session>(options_);
    const std::stop_callback drain(stop, [session] { session->Drain(); });
    const RoundPtr round = StartRound(session);
    session->WaitForRounds();
    if (Status status = round->status(); !status.ok()) return status;
    return round->report();
  }

  Status Run(std::stop_token stop, std::int64_t rounds) override {
    const auto session = std::make_shared<Session>(options_);
    {
      const std::stop_callback drain(stop, [session] { session->Drain(); });
      RunRounds(session, stop, rounds);
      session->WaitForRounds();
    }
    return OkStatus();
  }

 private:
  void RunRounds(const SessionPtr& session, const std::stop_token& stop, std::int64_t rounds) {
    Pacing pacing(options_.interval, *options_.rng);
    Progress progress(*session);
    for (std::int64_t n = 1; !stop.stop_requested(); ++n) {
      // Matches that only wait in line would be better made from fresher tickets.
      session->WaitUntil([&] { return !session->LineIsLong() || session->draining(); });
      const SteadyTime begin = options_.clock->SteadyNow();
      const RoundPtr round = StartRound(session);
      session->WaitUntil([&] { return round->fetched(); });
      if (n == rounds) return;
      const Duration pause =
          pacing.Next(progress.Judge(*round), options_.clock->SteadyNow() - begin);
      if (pause > Duration{0} && !options_.clock->SleepFor(pause, stop)) return;
    }
  }

  RoundPtr StartRound(const SessionPtr& session) {
    const bool joint = !options_.make_profiles && options_.profile_mode != ProfileMode::kBands &&
                       !(options_.profile_mode == ProfileMode::kAuto && mode_->bands.load());
    const bool may_switch = joint && options_.profile_mode == ProfileMode::kAuto;
    auto round =
        std::make_shared<Round>(session, MakeProfiles(joint), may_switch ? mode_ : nullptr);
    round->Start();
    return round;
  }

  std::vector<openmatch::MatchProfile> MakeProfiles(bool joint) const {
    if (options_.make_profiles) return options_.make_profiles();
    const ProfileSpec spec{.regions = options_.regions,
                           .bands = options_.bands,
                           .max_ticket_age = options_.max_ticket_age};
    const WallTime now = options_.clock->Now();
    if (joint) return {JointProfile(spec, now)};
    return BandProfiles(spec, now);
  }

  const DirectorOptions options_;
  const std::shared_ptr<ModeSwitch> mode_ = std::make_shared<ModeSwitch>();
};

}  // namespace

StatusOr<std::unique_ptr<Director>> Director::Make(DirectorOptions options) {
  StatusOr<DirectorOptions> checked = CheckOptions(std::move(options));
  if (!checked.ok()) return checked.status();
  return std::unique_ptr<Director>(std::make_unique<DirectorImpl>(*std::move(checked)));
}

}  // namespace gsh::director
