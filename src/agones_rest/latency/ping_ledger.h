// PingLedger: which samples wait for an answer, and how long those took that got one.
#ifndef GSH_SRC_AGONES_REST_LATENCY_PING_LEDGER_H_
#define GSH_SRC_AGONES_REST_LATENCY_PING_LEDGER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/agones_rest/latency.h"

namespace gsh::agones_rest {

class PingLedger {
 public:
  PingLedger(Duration timeout, Rng& rng) : timeout_(timeout), rng_(rng) {}

  // The datagram of a new sample: nobody can guess it, and no other sample has it.
  std::string Send(SteadyTime now);
  // An answer: exactly what was sent. False for what no waiting sample sent: a stray, a duplicate,
  // one that comes too late.
  bool Receive(std::string_view datagram, SteadyTime now);
  // Samples that have waited too long are lost from now on.
  void Expire(SteadyTime now);
  // When the next one will be; empty: none waits.
  std::optional<SteadyTime> NextExpiry() const;
  // Those that still wait are lost.
  void Fill(RegionLatency& to) const;

 private:
  const Duration timeout_;
  Rng& rng_;
  int sent_ = 0;
  std::map<std::string, SteadyTime, std::less<>> waiting_;  // when they were sent
  std::vector<Duration> times_;
};

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_LATENCY_PING_LEDGER_H_
