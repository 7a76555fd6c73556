#include "src/director/server_request.h"

#include <memory>
#include <utility>

#include "src/director/allocation_identity.h"
#include "src/director/backoff.h"
#include "src/director/sleep_then.h"

namespace gsh::director {
namespace {

constexpr int kMaxAttempts = 3;

class ServerRequest : public std::enable_shared_from_this<ServerRequest> {
 public:
  ServerRequest(SessionPtr session, agones::AllocationRequest request,
                std::function<void(ServerAnswer)> done)
      : session_(std::move(session)),
        identity_(NewUuid(session_->rng)),
        request_(WithIdentity(std::move(request), identity_)),
        done_(std::move(done)) {}

  void Send() {
    ++attempts_;
    sent_ = session_->clock.SteadyNow();
    session_->options.allocator->AllocateAsync(
        request_, session_->WorkCall(session_->options.allocate_timeout),
        [self = shared_from_this()](StatusOr<agones::Allocation> answer) {
          self->OnAnswer(std::move(answer));
        });
  }

 private:
  void OnAnswer(StatusOr<agones::Allocation> answer) {
    session_->Observe("gsh_director_allocation_seconds", session_->clock.SteadyNow() - sent_);
    if (answer.ok()) {
      maybe_taken_ = false;
    } else {
      NoteFailure(answer.status());
      if (MayRepeat(answer.status())) return Repeat(answer.status());
    }
    done_({.allocation = std::move(answer), .identity = identity_, .maybe_taken = maybe_taken_});
  }

  void NoteFailure(const Status& status) {
    if (!SurelyNothingTaken(status)) {
      maybe_taken_ = true;
    } else if (status.code() == StatusCode::kResourceExhausted && !request_.multicluster) {
      // No server carries the identity. Of several clusters, another one may have been asked.
      maybe_taken_ = false;
    }
  }

  bool MayRepeat(const Status& status) const {
    if (attempts_ >= kMaxAttempts || session_->draining()) return false;
    if (status.code() == StatusCode::kAborted || !SurelyNothingTaken(status)) return true;
    // Out of reach for the moment, and an earlier call may have taken a server.
    return maybe_taken_ && status.code() == StatusCode::kUnavailable;
  }

  void Repeat(const Status& status) {
    const Duration pause = status.code() == StatusCode::kAborted ? Backoff(1, session_->rng)
                                                                 : session_->options.unclear_pause;
    SleepThen(session_->clock, pause, session_->work_token(),
              [self = shared_from_this()] { self->Send(); });
  }

  const SessionPtr session_;
  const std::string identity_;
  const agones::AllocationRequest request_;
  const std::function<void(ServerAnswer)> done_;
  int attempts_ = 0;
  bool maybe_taken_ = false;
  SteadyTime sent_ = {};
};

}  // namespace

void RequestServer(SessionPtr session, agones::AllocationRequest request,
                   std::function<void(ServerAnswer)> done) {
  std::make_shared<ServerRequest>(std::move(session), std::move(request), std::move(done))->Send();
}

}  // namespace gsh::director
