#include "gsh/agones_kubernetes/allocator.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "src/agones/json/allocation_json.h"
#include "src/agones/answer_status.h"
#include "src/agones/json/json_fields.h"
#include "src/rpc/common/deadline.h"
#include "src/rpc/common/retry.h"

namespace gsh::agones_kubernetes {
namespace {

using agones::Allocation;
using agones::AllocationRequest;
using Done = std::function<void(StatusOr<Allocation>)>;

StatusOr<std::string> ResourceOf(const AllocationRequest& request) {
  auto spec = agones::WriteAllocationRequest(request, agones::JsonDialect::kResource);
  if (!spec.ok()) return spec.status();
  const nlohmann::json resource = {{"apiVersion", "allocation.agones.dev/v1"},
                                   {"kind", "GameServerAllocation"},
                                   {"spec", *std::move(spec)}};
  return resource.dump();
}

StatusOr<Allocation> ReadAnswer(const std::string& json) {
  Allocation out;
  std::string state;
  const Status read = agones::ReadJson(json, "the API's GameServerAllocation",
                                       [&](const agones::JsonFields& resource) {
                                         const auto status = resource.Object("status");
                                         if (!status) return;
                                         status->Read("state", state);
                                         agones::ReadAllocation(*status, out);
                                       });
  if (!read.ok()) return read;
  if (state == "Allocated") return out;
  // The allocation service's words for the same (agones: pkg/allocation/converters/converter.go).
  if (state == "UnAllocated") {
    return ResourceExhaustedError("there is no available GameServer to allocate");
  }
  if (state == "Contention") return AbortedError("too many concurrent allocations: contention");
  return InternalError("the API's GameServerAllocation has the state \"" + state + "\"");
}

// An error of the API whose text is the allocator's word for contention.
Status WithContention(const Status& status) {
  if (status.code() != StatusCode::kInternal && status.code() != StatusCode::kUnknown) {
    return status;
  }
  const Status meant =
      agones::AllocatorAnswer(static_cast<int>(StatusCode::kUnknown), status.message());
  if (meant.code() != StatusCode::kAborted) return status;
  return Status(meant.code(), status.message(), status.info() ? *status.info() : ErrorInfo{});
}

// What all calls share.
struct Shared {
  Shared(kubernetes::Client& kubernetes, const AllocatorOptions& options)
      : client(kubernetes),
        retry(options.retry),
        rng(options.rng != nullptr ? *options.rng : SystemRng()),
        budget(options.retry) {}

  kubernetes::Client& client;
  const RetryOptions retry;
  Rng& rng;
  rpc::RetryBudget budget;
};

// One allocation with its repeats; each step is a call of the client, and ends as those do.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(std::shared_ptr<Shared> shared, kubernetes::Request request, CallOptions options, Done done)
      : shared_(std::move(shared)),
        request_(std::move(request)),
        options_(std::move(options)),
        done_(std::move(done)) {
    if (options_.timeout) {
      deadline_ = rpc::DeadlineAfter(*options_.timeout, shared_->client.clock().SteadyNow());
    }
  }

  void Attempt() {
    ++attempts_;
    shared_->client.CallAsync(request_, Remaining(),
                              [self = shared_from_this()](const StatusOr<std::string>& answer) {
                                self->OnAnswer(answer);
                              });
  }

 private:
  CallOptions Remaining() const {
    CallOptions options = options_;
    if (deadline_) options.timeout = *deadline_ - shared_->client.clock().SteadyNow();
    return options;
  }

  void OnAnswer(const StatusOr<std::string>& answer) {
    StatusOr<Allocation> result =
        answer.ok() ? ReadAnswer(*answer) : StatusOr<Allocation>(WithContention(answer.status()));
    if (result.ok()) shared_->budget.Refund();
    if (result.status().code() != StatusCode::kAborted) return done_(std::move(result));
    const rpc::RetryDecision decision =
        rpc::DecideRetry({.transient = true,
                          .may_repeat = true,
                          .attempts = attempts_,
                          .remaining = Remaining().timeout},
                         shared_->retry, shared_->budget, shared_->rng);
    if (!decision.delay) return done_(std::move(result));
    shared_->client.PauseAsync(*decision.delay, options_,
                               [self = shared_from_this()](const Status& paused) {
                                 if (!paused.ok()) return self->done_(paused);
                                 self->Attempt();
                               });
  }

  const std::shared_ptr<Shared> shared_;
  const kubernetes::Request request_;
  const CallOptions options_;
  const Done done_;
  std::optional<SteadyTime> deadline_;
  int attempts_ = 0;
};

class KubernetesAllocator final : public agones::Allocator {
 public:
  KubernetesAllocator(std::unique_ptr<kubernetes::Client> client, const AllocatorOptions& options)
      : shared_(std::make_shared<Shared>(*client, options)), client_(std::move(client)) {}

  void AllocateAsync(AllocationRequest request, CallOptions options, Done done) override {
    auto body = ResourceOf(request);
    if (!body.ok()) {
      return shared_->client.PauseAsync(
          Duration(0), std::move(options),
          [done = std::move(done), failure = body.status()](Status paused) {
            done(paused.ok() ? failure : std::move(paused));
          });
    }
    kubernetes::Request create{.verb = kubernetes::Verb::kCreate,
                               .resource = kubernetes::kGameServerAllocations,
                               .ns = std::move(request.ns),
                               .body = *std::move(body)};
    std::make_shared<Call>(shared_, std::move(create), std::move(options), std::move(done))
        ->Attempt();
  }

 private:
  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<kubernetes::Client> client_;  // its end is the calls' end
};

}  // namespace

StatusOr<std::unique_ptr<agones::Allocator>> MakeAllocator(
    std::unique_ptr<kubernetes::Client> client, AllocatorOptions options) {
  if (client == nullptr) return InvalidArgumentError("agones_kubernetes::Allocator: no client");
  if (options.retry.max_attempts < 1) {
    return InvalidArgumentError("agones_kubernetes::Allocator: retry.max_attempts");
  }
  return std::unique_ptr<agones::Allocator>(
      std::make_unique<KubernetesAllocator>(std::move(client), options));
}

}  // namespace gsh::agones_kubernetes
