// One round: every profile fetched at once, each match on its way as soon as it comes.
#ifndef GSH_SRC_DIRECTOR_ROUND_H_
#define GSH_SRC_DIRECTOR_ROUND_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "src/director/match_run.h"
#include "src/director/session.h"

namespace gsh::director {

// ProfileMode::kAuto's memory: whether the match function has shown that it knows no regions. It
// outlives the rounds.
struct ModeSwitch {
  std::atomic<bool> bands{false};
};

class Round : public std::enable_shared_from_this<Round> {
 public:
  // `mode` null: matches without region are taken from every profile. Else they are released and
  // the switch is turned.
  Round(SessionPtr session, std::vector<openmatch::MatchProfile> profiles,
        std::shared_ptr<ModeSwitch> mode);
  void Start();

  bool fetched() const { return fetched_.load(); }  // all profiles have answered
  bool done() const { return done_.load(); }        // and nothing is in flight any more
  // After fetched(): how many matches came, and the error if every profile failed and none did.
  std::size_t matches() const;
  Status status() const;
  // After done().
  RoundReport report() const;

 private:
  void Fetch(const openmatch::MatchProfile& profile);
  void OnMatch(openmatch::Match match);
  void OnFetched(const std::string& profile, std::size_t matches, Duration took,
                 const Status& status);
  void Refuse(const openmatch::Match& match, const std::vector<std::string>& tickets,
              const std::string& why);
  void Release(const std::string& match_id, const std::vector<std::string>& tickets,
               const std::string& why);
  void LeaveToServer(const openmatch::Match& match, std::size_t tickets);
  bool KnowsNoRegions(const openmatch::Match& match);
  // False if the match, or one of its tickets, was in this round before, or is in another's hands.
  bool Claim(const openmatch::Match& match, const std::vector<std::string>& tickets);
  void Begin();
  void End();

  const SessionPtr session_;
  const std::vector<openmatch::MatchProfile> profiles_;
  const std::shared_ptr<ModeSwitch> mode_;
  std::atomic<bool> fetched_{false};
  std::atomic<bool> done_{false};

  mutable std::mutex mutex_;
  std::unordered_set<std::string> match_ids_;
  std::unordered_set<std::string> tickets_;
  std::size_t fetches_ = 0;  // in flight
  std::size_t calls_ = 1;    // fetches and matches in flight, and Start() itself
  RoundReport report_;
  Status first_failure_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_ROUND_H_
