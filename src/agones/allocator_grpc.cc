// The Allocator over Agones' gRPC allocation service.
#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "gsh/agones/allocator.h"
#include "src/agones/allocation_convert.h"
#include "src/agones/wire_status.h"
#include "src/rpc/client.h"
#include "src/rpc/retry.h"

namespace gsh::agones {
namespace {

// Every allocation takes a server, so that only those failures are repeated that say that none was
// taken.
constexpr rpc::Method kAllocate = {"allocation.AllocationService", "Allocate",
                                   rpc::Idempotency::kOnce};

// One allocation. The allocator answers ABORTED when others took the server first: nothing was
// allocated then, so that such calls are made again although they are not idempotent.
class AllocateCall : public std::enable_shared_from_this<AllocateCall> {
 public:
  using DoneCallback = std::function<void(StatusOr<Allocation>)>;

  AllocateCall(rpc::Client& client, std::shared_ptr<rpc::RetryBudget> budget,
               const AllocationRequest& request, CallOptions options, DoneCallback done)
      : client_(client),
        budget_(std::move(budget)),
        request_(std::make_shared<wire_allocation::AllocationRequest>(ToWire(request))),
        response_(std::make_shared<wire_allocation::AllocationResponse>()),
        options_(std::move(options)),
        done_(std::move(done)),
        clock_(*client.options().clock),
        started_(clock_.SteadyNow()) {
    const Duration timeout = options_.timeout.value_or(client_.options().timeout);
    if (timeout > Duration::zero() && timeout != rpc::kNoTimeout) deadline_ = started_ + timeout;
  }

  void Start() {
    response_->Clear();
    client_.Unary(kAllocate, request_, response_, Options(),
                  [self = shared_from_this()](Status status) { self->OnAnswer(status); });
  }

 private:
  std::optional<Duration> Remaining() const {
    if (!deadline_) return std::nullopt;
    return std::max(*deadline_ - clock_.SteadyNow(), Duration(1));
  }
  CallOptions Options() const {
    CallOptions options = options_;
    options.timeout = Remaining().value_or(rpc::kNoTimeout);
    return options;
  }

  void OnAnswer(const Status& status) {
    if (status.ok()) return done_(FromWire(*response_));
    attempts_ += status.info() != nullptr ? status.info()->attempts : 1;
    if (status.code() != StatusCode::kAborted) return done_(InAll(status, std::nullopt));
    const rpc::FailedAttempt failed = {.transient = true,
                                       .may_repeat = true,
                                       .attempts = attempts_,
                                       .push_back = {},
                                       .remaining = Remaining()};
    const ClientOptions& options = client_.options();
    const auto decision = rpc::DecideRetry(failed, options.retry, *budget_, *options.rng);
    if (!decision.delay) return done_(InAll(status, decision.stop));
    client_.Pause(*decision.delay, Options(),
                  [self = shared_from_this(), status](const Status& paused) {
                    if (paused.ok()) return self->Start();
                    self->done_(paused.code() == StatusCode::kCancelled
                                    ? paused
                                    : self->InAll(status, RetryStop::kDeadline));
                  });
  }

  // The last answer, as the outcome of all attempts.
  Status InAll(const Status& status, std::optional<RetryStop> stop) const {
    if (status.info() == nullptr) return status;
    ErrorInfo info = *status.info();
    info.attempts = attempts_;
    info.elapsed = clock_.SteadyNow() - started_;
    if (stop) info.retry_stop = *stop;
    return Status(status.code(), status.message(), std::move(info));
  }

  rpc::Client& client_;
  const std::shared_ptr<rpc::RetryBudget> budget_;
  const std::shared_ptr<const wire_allocation::AllocationRequest> request_;
  const std::shared_ptr<wire_allocation::AllocationResponse> response_;
  const CallOptions options_;
  const DoneCallback done_;
  Clock& clock_;
  const SteadyTime started_;
  std::optional<SteadyTime> deadline_;
  int attempts_ = 0;
};

class GrpcAllocator final : public Allocator {
 public:
  explicit GrpcAllocator(std::unique_ptr<rpc::Client> client)
      : client_(std::move(client)),
        budget_(std::make_shared<rpc::RetryBudget>(client_->options().retry)) {}

  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    std::make_shared<AllocateCall>(*client_, budget_, request, std::move(options), std::move(done))
        ->Start();
  }

 private:
  const std::unique_ptr<rpc::Client> client_;
  const std::shared_ptr<rpc::RetryBudget> budget_;
};

// The real allocator closes connections that ping more than once a minute.
Status CheckOptions(const AllocatorOptions& options) {
  Status common = rpc::CheckClientOptions(options.client);
  if (options.keepalive == Duration::zero() || options.keepalive >= std::chrono::minutes(1)) {
    return common;
  }
  return InvalidArgumentError((common.ok() ? "" : common.message() + "; ") +
                              "keepalive: at least one minute, as Agones wants it, or 0");
}

int Milliseconds(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max()));
}

}  // namespace

StatusOr<std::unique_ptr<Allocator>> MakeAllocator(AllocatorOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  rpc::ClientTraits traits;
  traits.map_status = AllocatorStatus;
  if (options.keepalive > Duration::zero()) {
    traits.channel_arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive));
  }
  auto client = rpc::Client::Make(std::move(options.client), std::move(traits));
  if (!client.ok()) return client.status();
  return std::unique_ptr<Allocator>(std::make_unique<GrpcAllocator>(std::move(client).value()));
}

}  // namespace gsh::agones
