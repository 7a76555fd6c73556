// Session: what all parts of one run of the director share.
#ifndef GSH_SRC_DIRECTOR_SESSION_H_
#define GSH_SRC_DIRECTOR_SESSION_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <vector>

#include "gsh/director/director.h"
#include "src/director/assigner.h"
#include "src/director/batcher.h"
#include "src/director/limiter.h"
#include "src/director/releaser.h"
#include "src/director/ticket_ledger.h"

namespace gsh::director {

// Lives as long as anything is in flight: every callback holds it. The options' pointers are not
// null (but frontend, log and metrics may be).
class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(const DirectorOptions& options);

  // Begins no more allocations, and bounds the time for what is in flight: a third of
  // drain_timeout is kept for releases and give-backs. Called once.
  void Drain();
  bool draining() const { return draining_.load(); }

  // Tells the hook, the log and the metrics.
  void Emit(const Event& event);
  void Observe(std::string_view histogram, Duration value);
  void Gauge(std::string_view gauge, std::size_t value);

  // Options of a call that is work: cancelled at two thirds of drain_timeout. And of one that
  // cleans up: cancelled at its end. Callbacks run on the transport's thread; ours never block.
  CallOptions WorkCall(Duration timeout) const;
  CallOptions CleanupCall(Duration timeout) const;
  std::stop_token work_token() const { return work_.get_token(); }
  std::stop_token cleanup_token() const { return cleanup_.get_token(); }

  // Rounds that still have something in flight. Waiting is for the director's own thread.
  void RoundBegins();
  void RoundEnds();
  void WaitUntil(const std::function<bool()>& done);  // looks again at each Wake()
  void Wake();
  // Matches stand in line for allocation. The director makes no new ones while more than a full
  // house do; LineMoved, after each that leaves the line, wakes it when that many are left.
  bool LineIsLong() const { return allocations.waiting() > house_; }
  void LineMoved();
  void WaitForRounds();

  // How matches end, for pacing.
  std::atomic<std::size_t> matches_ended{0};
  std::atomic<std::size_t> matches_assigned{0};

  const DirectorOptions options;
  Clock& clock;
  Rng& rng;
  Limiter allocations;
  Limiter look_ups;
  Limiter give_backs;
  TicketLedger ledger;
  Batcher<AssignItem> assigner;
  Batcher<ReleaseItem> releaser;

 private:
  const std::size_t house_;  // as many allocations as may be in flight
  std::atomic<bool> draining_{false};
  std::stop_source work_;
  std::stop_source cleanup_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t rounds_ = 0;
  std::vector<Clock::TimerId> drain_timers_;
};
using SessionPtr = std::shared_ptr<Session>;

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_SESSION_H_
