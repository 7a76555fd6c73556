// The Allocator over Agones' gRPC allocation service.
#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <memory>
#include <utility>

#include "gsh/agones/allocator.h"
#include "src/agones/allocation_convert.h"
#include "src/agones/wire_status.h"
#include "src/rpc/client.h"

namespace gsh::agones {
namespace {

// Every allocation takes a server: only failures that say that none was taken are repeated.
constexpr rpc::Method kAllocate = {"allocation.AllocationService", "Allocate",
                                   rpc::Idempotency::kOnce};

class GrpcAllocator final : public Allocator {
 public:
  explicit GrpcAllocator(std::unique_ptr<rpc::Client> client) : client_(std::move(client)) {}

  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    auto response = std::make_shared<wire_allocation::AllocationResponse>();
    client_->Unary(kAllocate, std::make_shared<wire_allocation::AllocationRequest>(ToWire(request)),
                   response, std::move(options), [response, done = std::move(done)](Status status) {
                     if (!status.ok()) return done(std::move(status));
                     done(FromWire(*response));
                   });
  }

 private:
  const std::unique_ptr<rpc::Client> client_;
};

// The allocator answers so when others took the server first: nothing was allocated.
bool WasContention(const Status& status) { return status.code() == StatusCode::kAborted; }

// The real allocator closes connections that ping more than once a minute.
Status CheckOptions(const AllocatorOptions& options) {
  Status common = rpc::CheckClientOptions(options.client);
  if (options.keepalive == Duration::zero() || options.keepalive >= std::chrono::minutes(1)) {
    return common;
  }
  return InvalidArgumentError((common.ok() ? "" : common.message() + "; ") +
                              "keepalive: at least one minute, as Agones wants it, or 0");
}

// As GRPC_ARG_KEEPALIVE_TIME_MS has it, where the largest number is "never".
int KeepaliveTimeMs(Duration keepalive) {
  if (keepalive == Duration::zero()) return INT_MAX;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(keepalive).count();
  return static_cast<int>(std::min<std::int64_t>(ms, INT_MAX));
}

}  // namespace

StatusOr<std::unique_ptr<Allocator>> MakeAllocator(AllocatorOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  rpc::ClientTraits traits;
  traits.map_status = AllocatorStatus;
  traits.did_not_happen = WasContention;
  traits.channel_arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, KeepaliveTimeMs(options.keepalive));
  auto client = rpc::Client::Make(std::move(options.client), std::move(traits));
  if (!client.ok()) return client.status().WithContext("agones::Allocator");
  return std::unique_ptr<Allocator>(std::make_unique<GrpcAllocator>(std::move(client).value()));
}

}  // namespace gsh::agones
