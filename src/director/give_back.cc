#include "src/director/give_back.h"

#include <memory>
#include <utility>

#include "gsh/agones/allocation_identity.h"
#include "src/director/backoff.h"
#include "src/director/sleep_then.h"

namespace gsh::director {
namespace {

constexpr int kMaxAttempts = 10;
// How often "no such server" must be heard before it is believed: the allocator's view of a server
// that it has just allocated may be a moment old, and of several clusters another may have
// answered.
constexpr int kMissesIfSurelyTaken = 3;
constexpr int kMissesIfSeveralClusters = 6;

class GiveBackCall : public std::enable_shared_from_this<GiveBackCall> {
 public:
  GiveBackCall(SessionPtr session, GiveBackOrder order, std::function<void(Status)> done)
      : session_(std::move(session)), order_(std::move(order)), done_(std::move(done)) {}

  void Begin() { SleepThenSend(order_.delay); }

 private:
  void SleepThenSend(Duration pause) {
    if (pause <= Duration{0}) return Send();
    SleepThen(session_->clock, pause, session_->cleanup_token(),
              [self = shared_from_this()] { self->Send(); });
  }

  void Send() {
    session_->give_backs.Acquire([self = shared_from_this()](bool) { self->SendNow(); });
  }

  void SendNow() {
    ++attempts_;
    session_->options.allocator->AllocateAsync(
        agones::GiveBackRequest(order_.request, order_.identity),
        session_->CleanupCall(session_->options.allocate_timeout),
        [self = shared_from_this()](const StatusOr<agones::Allocation>& answer) {
          self->session_->give_backs.Release();
          self->OnAnswer(answer.status());
        });
  }

  void OnAnswer(const Status& status) {
    if (status.ok()) return done_(status);
    if (status.code() == StatusCode::kResourceExhausted && ++misses_ >= EnoughMisses()) {
      // After a call whose answer was lost: it was released by that one, and has ended since.
      if (maybe_done_) return done_(OkStatus());
      return done_(NotFoundError("no game server has the allocation's identity"));
    }
    maybe_done_ = maybe_done_ || !agones::SurelyNothingTaken(status);
    const bool may_repeat =
        status.code() == StatusCode::kResourceExhausted || status.code() == StatusCode::kAborted ||
        !agones::SurelyNothingTaken(status) || status.code() == StatusCode::kUnavailable;
    if (!may_repeat || attempts_ >= kMaxAttempts || session_->cleanup_token().stop_requested()) {
      return done_(status);
    }
    SleepThenSend(Backoff(attempts_ + 2, session_->rng));
  }

  int EnoughMisses() const {
    if (order_.request.multicluster) return kMissesIfSeveralClusters;
    return order_.surely_taken ? kMissesIfSurelyTaken : 1;
  }

  const SessionPtr session_;
  const GiveBackOrder order_;
  const std::function<void(Status)> done_;
  int attempts_ = 0;
  int misses_ = 0;
  bool maybe_done_ = false;
};

}  // namespace

void GiveBack(SessionPtr session, GiveBackOrder order, std::function<void(Status)> done) {
  std::make_shared<GiveBackCall>(std::move(session), std::move(order), std::move(done))->Begin();
}

}  // namespace gsh::director
