// The Allocator over Agones' gRPC allocation service.
#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "gsh/agones/allocator.h"
#include "src/agones/failover/allocator_endpoints.h"
#include "src/agones/wire/allocation_convert.h"
#include "src/agones/wire/wire_status.h"
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

int Milliseconds(Duration duration) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return static_cast<int>(std::min<std::int64_t>(ms, INT_MAX));
}

StatusOr<std::unique_ptr<Allocator>> MakeOne(const AllocatorOptions& options,
                                             ClientOptions client) {
  rpc::ClientTraits traits;
  traits.map_status = AllocatorStatus;
  traits.did_not_happen = WasContention;
  // The largest number means never.
  const bool pings = options.keepalive != Duration::zero();
  traits.channel_arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS,
                                  pings ? Milliseconds(options.keepalive) : INT_MAX);
  traits.channel_arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                                  std::max(1, Milliseconds(options.connect_timeout)));
  auto made = rpc::Client::Make(std::move(client), std::move(traits));
  if (!made.ok()) return made.status().WithContext("agones::Allocator");
  return std::unique_ptr<Allocator>(std::make_unique<GrpcAllocator>(std::move(made).value()));
}

}  // namespace

StatusOr<std::unique_ptr<Allocator>> MakeAllocator(AllocatorOptions options) {
  return MakeOverEndpoints(std::move(options), MakeOne);
}

}  // namespace gsh::agones
