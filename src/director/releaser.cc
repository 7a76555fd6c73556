#include "src/director/releaser.h"

#include <chrono>
#include <utility>

#include "src/director/backoff.h"
#include "src/director/session.h"
#include "src/director/sleep_then.h"

namespace gsh::director {
namespace {

constexpr int kMaxAttempts = 6;
constexpr Duration kAttemptTimeout = std::chrono::seconds(5);

class ReleaseCall : public std::enable_shared_from_this<ReleaseCall> {
 public:
  ReleaseCall(SessionPtr session, std::vector<ReleaseItem> items, std::function<void()> done)
      : session_(std::move(session)), items_(std::move(items)), done_(std::move(done)) {}

  void Send() {
    ++attempts_;
    std::vector<std::string> tickets;
    for (const ReleaseItem& item : items_) {
      tickets.insert(tickets.end(), item.tickets.begin(), item.tickets.end());
    }
    session_->options.backend->ReleaseTicketsAsync(
        std::move(tickets), session_->CleanupCall(kAttemptTimeout),
        [self = shared_from_this()](const Status& status) { self->OnAnswer(status); });
  }

 private:
  void OnAnswer(const Status& status) {
    const std::stop_token stop = session_->cleanup_token();
    if (!status.ok() && attempts_ < kMaxAttempts && !stop.stop_requested()) {
      SleepThen(session_->clock, Backoff(attempts_, session_->rng), stop,
                [self = shared_from_this()] { self->Send(); });
      return;
    }
    for (ReleaseItem& item : items_) item.done(status);
    done_();
  }

  const SessionPtr session_;
  std::vector<ReleaseItem> items_;
  const std::function<void()> done_;
  int attempts_ = 0;
};

}  // namespace

void SendReleases(SessionPtr session, std::vector<ReleaseItem> items, std::function<void()> done) {
  std::make_shared<ReleaseCall>(std::move(session), std::move(items), std::move(done))->Send();
}

}  // namespace gsh::director
