#include "src/testing/sandbox/agones/multicluster/remote_allocation.h"

#include <utility>

#include "src/core/sleep_then.h"
#include "src/rpc/status_conversion.h"

namespace gsh::sandbox {
namespace {

constexpr int kSteps = 7;
constexpr Duration kFirstPause = std::chrono::milliseconds(100);

constexpr rpc::Method kAllocate = {"allocation.AllocationService", "Allocate",
                                   rpc::Idempotency::kOnce};

}  // namespace

std::string WithAllocatorPort(const std::string& endpoint) {
  return endpoint.find(':') != std::string::npos ? endpoint : endpoint + ":443";
}

void RemoteAllocation::Start(std::vector<std::string> endpoints, TlsOptions tls,
                             wire_allocation::AllocationRequest request, RemoteOptions options,
                             Done done) {
  std::shared_ptr<RemoteAllocation>(new RemoteAllocation(std::move(endpoints), std::move(tls),
                                                         std::move(request), std::move(options),
                                                         std::move(done)))
      ->Try();
}

RemoteAllocation::RemoteAllocation(std::vector<std::string> endpoints, TlsOptions tls,
                                   wire_allocation::AllocationRequest request,
                                   RemoteOptions options, Done done)
    : endpoints_(std::move(endpoints)),
      tls_(std::move(tls)),
      request_(std::make_shared<const wire_allocation::AllocationRequest>(std::move(request))),
      options_(std::move(options)),
      done_(std::move(done)),
      end_(options_.clock->SteadyNow() + options_.total_timeout) {}

void RemoteAllocation::Try() {
  if (options_.stop.stop_requested()) return Finish(grpc::Status::CANCELLED);
  if (options_.clock->SteadyNow() >= end_) {
    return Finish(
        {grpc::StatusCode::DEADLINE_EXCEEDED, "remote allocation total timeout exceeded"});
  }
  endpoint_ = WithAllocatorPort(endpoints_[next_]);
  auto made = rpc::Client::Make({.endpoint = endpoint_,
                                 .tls = tls_,
                                 .retry = {.max_attempts = 1},
                                 .timeout = options_.call_timeout,
                                 .executor = InlineExecutor()});
  if (!made.ok()) return Finish({grpc::StatusCode::UNKNOWN, made.status().message()});
  client_ = *std::move(made);
  response_ = std::make_shared<wire_allocation::AllocationResponse>();
  client_->Unary(kAllocate, request_, response_, {.stop = options_.stop},
                 [self = shared_from_this()](const Status& status) { self->OnAnswer(status); });
}

void RemoteAllocation::OnAnswer(const Status& status) {
  if (status.ok()) return Finish(grpc::Status::OK);
  if (options_.stop.stop_requested()) return Finish(grpc::Status::CANCELLED);
  if (++next_ < endpoints_.size()) return Try();
  next_ = 0;
  // Only now does the code count: of earlier endpoints any failure leads to the next.
  if (status.code() == StatusCode::kResourceExhausted || step_ == kSteps) {
    return Finish(rpc::ToGrpc(status));
  }
  const Duration pause = kFirstPause * (1 << (step_ - 1));
  ++step_;
  internal::SleepThen(*options_.clock, pause, options_.stop,
                      [self = shared_from_this()] { self->Try(); });
}

void RemoteAllocation::Finish(const grpc::Status& status) {
  wire_allocation::AllocationResponse answer;
  if (status.ok()) {
    answer = std::move(*response_);
    answer.set_source(endpoint_);
  }
  done_(status, std::move(answer));
  client_.reset();
}

}  // namespace gsh::sandbox
