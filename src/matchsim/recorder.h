// Collects what happens in a simulation.
#ifndef GSH_SRC_MATCHSIM_RECORDER_H_
#define GSH_SRC_MATCHSIM_RECORDER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/matchsim/simulation.h"

namespace gsh::matchsim {

class Recorder {
 public:
  Recorder(const std::vector<std::string>& regions, const SimulationOptions& options);

  void Arrived(std::size_t tickets) { point_.arrived += tickets; }
  void Left(std::string_view reason);
  void TurnedAway(std::size_t region) { ++result_.regions[region].turned_away; }
  // One call for each of its tickets, then one for the match.
  void Matched(std::size_t region, double wait_s, float latency_ms, int players);
  void MatchBegan(std::size_t region, float spread_ms);
  void SkillGap(float gap) { result_.skill_gap.push_back(gap); }
  // A round in which `tickets` were there to be matched, the oldest of them `first_arrival`, and
  // `matched` of them were.
  void RoundHeld(std::size_t first_arrival, std::size_t tickets, std::size_t matched);
  // The end of a round, held or not.
  void RoundOver(double now_s, std::size_t waiting, std::size_t busy);

  void StillWaiting(std::string_view reason);
  // Call once.
  SimulationResult Finish(const std::vector<std::size_t>& peak_busy);

 private:
  void HalveTimeline();

  std::size_t rounds_a_point_ = 1;
  std::size_t rounds_in_point_ = 0;
  TimePoint point_;
  SimulationResult result_;
  std::vector<std::vector<float>> latency_ms_;  // by region
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_RECORDER_H_
