#include "src/agones_rest/latency/ping_ledger.h"

#include <algorithm>

namespace gsh::agones_rest {

std::string PingLedger::Send(SteadyTime now) {
  std::string datagram = NewUuid(rng_);
  waiting_[datagram] = now;
  ++sent_;
  return datagram;
}

bool PingLedger::Receive(std::string_view datagram, SteadyTime now) {
  Expire(now);
  const auto found = waiting_.find(datagram);
  if (found == waiting_.end()) return false;
  times_.push_back(now - found->second);
  waiting_.erase(found);
  return true;
}

void PingLedger::Expire(SteadyTime now) {
  std::erase_if(waiting_, [&](const auto& sample) { return now - sample.second >= timeout_; });
}

std::optional<SteadyTime> PingLedger::NextExpiry() const {
  std::optional<SteadyTime> next;
  for (const auto& [datagram, sent] : waiting_) {
    if (!next || sent + timeout_ < *next) next = sent + timeout_;
  }
  return next;
}

void PingLedger::Fill(RegionLatency& to) const {
  to.sent = sent_;
  to.lost = sent_ - static_cast<int>(times_.size());
  if (times_.empty()) return;
  std::vector<Duration> sorted = times_;
  std::ranges::sort(sorted);
  to.minimum = sorted.front();
  const std::size_t middle = sorted.size() / 2;
  to.median = sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace gsh::agones_rest
