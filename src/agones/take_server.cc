#include "src/agones/take_server.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "gsh/agones/allocation_identity.h"
#include "gsh/executor.h"
#include "src/core/sleep_then.h"
#include "src/rpc/common/retry.h"

namespace gsh::agones {
namespace {

constexpr int kMaxCalls = 3;
// With less time than this left, another call makes no sense.
constexpr Duration kShortestCall = std::chrono::milliseconds(500);

class Taking : public std::enable_shared_from_this<Taking> {
 public:
  Taking(Allocator& allocator, Clock& clock, Rng& rng, AllocationRequest request,
         TakeServerOptions options, std::function<void(TakenServer)> done)
      : allocator_(allocator),
        clock_(clock),
        rng_(rng),
        identity_(NewUuid(rng)),
        request_(WithIdentity(std::move(request), identity_)),
        options_(std::move(options)),
        done_(std::move(done)) {}

  void Send() {
    ++calls_;
    sent_ = clock_.SteadyNow();
    allocator_.AllocateAsync(
        request_, {.timeout = TimeOfCall(), .stop = options_.stop, .executor = InlineExecutor()},
        [self = shared_from_this()](StatusOr<Allocation> answer) {
          self->OnAnswer(std::move(answer));
        });
  }

 private:
  Duration Left() const {
    return options_.deadline ? *options_.deadline - clock_.SteadyNow() : Duration::max();
  }
  Duration TimeOfCall() const { return std::min(options_.call_timeout, Left()); }

  void OnAnswer(StatusOr<Allocation> answer) {
    if (options_.on_call) options_.on_call(clock_.SteadyNow() - sent_);
    if (answer.ok()) {
      maybe_taken_ = false;
    } else {
      NoteFailure(answer.status());
      const Duration pause = PauseAfter(answer.status());
      if (MayHelp(answer.status()) && MayRepeat(pause)) {
        return internal::SleepThen(clock_, pause, options_.stop,
                                   [self = shared_from_this()] { self->Send(); });
      }
    }
    done_({.allocation = std::move(answer), .identity = identity_, .maybe_taken = maybe_taken_});
  }

  void NoteFailure(const Status& failure) {
    if (!SurelyNothingTaken(failure)) {
      maybe_taken_ = true;
    } else if (failure.code() == StatusCode::kResourceExhausted && !request_.multicluster) {
      // No server carries the identity. Of several clusters, another one may have been asked.
      maybe_taken_ = false;
    }
  }

  bool MayHelp(const Status& failure) const {
    if (failure.code() == StatusCode::kAborted || !SurelyNothingTaken(failure)) return true;
    // Out of reach for the moment, and an earlier call may have taken a server.
    return maybe_taken_ && failure.code() == StatusCode::kUnavailable;
  }

  bool MayRepeat(Duration pause) const {
    return calls_ < kMaxCalls && !options_.stop.stop_requested() &&
           (!options_.deadline || Left() >= pause + kShortestCall) &&
           (!options_.may_repeat || options_.may_repeat());
  }

  Duration PauseAfter(const Status& failure) const {
    return failure.code() == StatusCode::kAborted ? rpc::BackoffDelay({}, 1, rng_)
                                                  : options_.unclear_pause;
  }

  Allocator& allocator_;
  Clock& clock_;
  Rng& rng_;
  const std::string identity_;
  const AllocationRequest request_;
  const TakeServerOptions options_;
  const std::function<void(TakenServer)> done_;
  int calls_ = 0;
  bool maybe_taken_ = false;
  SteadyTime sent_ = {};
};

}  // namespace

void TakeServer(Allocator& allocator, Clock& clock, Rng& rng, AllocationRequest request,
                TakeServerOptions options, std::function<void(TakenServer)> done) {
  std::make_shared<Taking>(allocator, clock, rng, std::move(request), std::move(options),
                           std::move(done))
      ->Send();
}

}  // namespace gsh::agones
