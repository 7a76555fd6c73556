#include "src/allocator_service/server_taker.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "gsh/agones/allocation_identity.h"
#include "gsh/executor.h"
#include "src/agones/take_server.h"
#include "src/core/sleep_then.h"

namespace gsh::allocator_service {
namespace {

using agones::Allocation;
using agones::AllocationRequest;

constexpr Duration kGiveBackTimeout = std::chrono::seconds(5);

bool IsOfUse(const Allocation& allocation) {
  return !allocation.address.empty() && !allocation.ports.empty();
}

}  // namespace

// What the calls hold. They are counted, so that the owner can wait for them.
struct ServerTaker::Shared {
  Shared(agones::Allocator& a, ServerTakerOptions o)
      : allocator(a),
        options(o),
        clock(o.clock == nullptr ? SystemClock() : *o.clock),
        rng(o.rng == nullptr ? SystemRng() : *o.rng) {}

  agones::Allocator& allocator;
  const ServerTakerOptions options;
  Clock& clock;
  Rng& rng;
  std::stop_source stop;
  std::mutex mutex;
  std::condition_variable idle;
  int under_way = 0;
};

class ServerTaker::Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Shared& shared, AllocationRequest request, std::function<void(StatusOr<Allocation>)> done)
      : shared_(shared), request_(std::move(request)), done_(std::move(done)) {
    std::lock_guard lock(shared_.mutex);
    ++shared_.under_way;
  }
  ~Call() {
    std::lock_guard lock(shared_.mutex);
    if (--shared_.under_way == 0) shared_.idle.notify_all();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void Begin() {
    const ServerTakerOptions& options = shared_.options;
    agones::TakeServer(shared_.allocator, shared_.clock, shared_.rng, request_,
                       {.call_timeout = options.timeout,
                        .deadline = shared_.clock.SteadyNow() + options.timeout,
                        .unclear_pause = options.unclear_pause,
                        .stop = shared_.stop.get_token()},
                       [self = shared_from_this()](agones::TakenServer taken) {
                         self->OnTaken(std::move(taken));
                       });
  }

 private:
  void OnTaken(agones::TakenServer taken) {
    if (!taken.allocation.ok()) {
      done_(std::move(taken.allocation));
      if (taken.maybe_taken && !shared_.stop.stop_requested()) {
        GiveBack(taken.identity, shared_.options.unclear_pause);
      }
    } else if (IsOfUse(*taken.allocation)) {
      done_(std::move(taken.allocation));
    } else {
      done_(FailedPreconditionError("game server " + taken.allocation->game_server +
                                    " has no address or no port"));
      GiveBack(taken.identity, Duration::zero());
    }
  }

  void GiveBack(const std::string& identity, Duration delay) {
    internal::SleepThen(
        shared_.clock, delay, shared_.stop.get_token(), [self = shared_from_this(), identity] {
          self->shared_.allocator.AllocateAsync(
              agones::GiveBackRequest(self->request_, identity),
              {.timeout = kGiveBackTimeout,
               .stop = self->shared_.stop.get_token(),
               .executor = InlineExecutor()},
              [self, identity](const StatusOr<Allocation>& answer) {
                Log(self->shared_.options.log, LogLevel::kWarning,
                    "a game server that nobody was told of",
                    {{"allocation", identity},
                     {"given_back",
                      answer.ok() ? answer->game_server : answer.status().ToString()}});
              });
        });
  }

  Shared& shared_;
  const AllocationRequest request_;
  const std::function<void(StatusOr<Allocation>)> done_;
};

ServerTaker::ServerTaker(agones::Allocator& allocator, ServerTakerOptions options)
    : shared_(std::make_unique<Shared>(allocator, options)) {}

ServerTaker::~ServerTaker() {
  shared_->stop.request_stop();
  std::unique_lock lock(shared_->mutex);
  shared_->idle.wait(lock, [this] { return shared_->under_way == 0; });
}

void ServerTaker::Take(AllocationRequest request, std::function<void(StatusOr<Allocation>)> done) {
  std::make_shared<Call>(*shared_, std::move(request), std::move(done))->Begin();
}

}  // namespace gsh::allocator_service
