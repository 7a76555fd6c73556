#include "src/matchsim/recorder.h"

#include <algorithm>
#include <utility>

namespace gsh::matchsim {
namespace {

Unmatched& At(std::map<std::string, Unmatched, std::less<>>& unmatched, std::string_view reason) {
  const auto found = unmatched.find(reason);
  return found == unmatched.end() ? unmatched[std::string(reason)] : found->second;
}

}  // namespace

Recorder::Recorder(const std::vector<std::string>& regions, const SimulationOptions& options)
    : latency_ms_(regions.size()) {
  for (const std::string& region : regions) {
    const auto servers = options.servers.find(region);
    result_.regions.push_back(
        {.name = region, .servers = servers == options.servers.end() ? 0 : servers->second});
  }
}

void Recorder::Left(std::string_view reason) {
  ++point_.left;
  ++result_.left;
  ++At(result_.unmatched, reason).left;
}

void Recorder::Matched(std::size_t region, double wait_s, float latency_ms, int players) {
  ++point_.matched;
  ++result_.matched;
  result_.matched_players += static_cast<std::size_t>(players);
  ++result_.regions[region].tickets;
  result_.wait_s.push_back(static_cast<float>(wait_s));
  result_.latency_ms.push_back(latency_ms);
  latency_ms_[region].push_back(latency_ms);
}

void Recorder::MatchBegan(std::size_t region, float spread_ms) {
  ++result_.matches;
  ++result_.regions[region].matches;
  result_.spread_ms.push_back(spread_ms);
}

void Recorder::RoundHeld(std::size_t first_arrival, std::size_t tickets, std::size_t matched) {
  if (result_.rounds++ > 0) return;
  result_.first_round = {.first_arrival = first_arrival, .tickets = tickets, .matched = matched};
}

void Recorder::RoundOver(double now_s, std::size_t waiting, std::size_t busy) {
  point_.time_s = now_s;
  point_.waiting = waiting;
  point_.busy = busy;
  if (++rounds_in_point_ < rounds_a_point_) return;
  if (result_.timeline.size() == kMaxTimePoints) HalveTimeline();
  if (rounds_in_point_ < rounds_a_point_) return;
  result_.timeline.push_back(std::exchange(point_, {}));
  rounds_in_point_ = 0;
}

// Two points become one: a simulation may end long before its last possible round, so that how
// many rounds belong to a point shows only as they come.
void Recorder::HalveTimeline() {
  std::vector<TimePoint>& points = result_.timeline;
  for (std::size_t i = 0; i < points.size() / 2; ++i) {
    TimePoint both = points[2 * i + 1];
    both.arrived += points[2 * i].arrived;
    both.matched += points[2 * i].matched;
    both.left += points[2 * i].left;
    points[i] = both;
  }
  points.resize(points.size() / 2);
  rounds_a_point_ *= 2;
}

void Recorder::StillWaiting(std::string_view reason) {
  ++result_.waiting;
  ++At(result_.unmatched, reason).waiting;
}

SimulationResult Recorder::Finish(const std::vector<std::size_t>& peak_busy) {
  if (rounds_in_point_ > 0) result_.timeline.push_back(point_);
  result_.end_s = result_.timeline.empty() ? 0 : result_.timeline.back().time_s;
  for (std::size_t region = 0; region < result_.regions.size(); ++region) {
    std::ranges::sort(latency_ms_[region]);
    result_.regions[region].latency_ms = Summarize(latency_ms_[region]);
    result_.regions[region].peak_busy = peak_busy[region];
  }
  for (std::vector<float>* numbers :
       {&result_.wait_s, &result_.latency_ms, &result_.spread_ms, &result_.skill_gap}) {
    std::ranges::sort(*numbers);
  }
  return std::move(result_);
}

}  // namespace gsh::matchsim
