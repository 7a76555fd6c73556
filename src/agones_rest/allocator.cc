// The Allocator over the REST side of Agones' allocation service.
#include "gsh/agones_rest/allocator.h"

#include <functional>
#include <utility>

#include "src/agones/json/allocation_json.h"
#include "src/agones/answer_status.h"
#include "src/agones/failover/allocator_endpoints.h"
#include "src/agones_rest/answer.h"
#include "src/http/client/client.h"

namespace gsh::agones_rest {
namespace {

// Every allocation takes a server: only failures that say that none was taken are repeated.
constexpr rpc::Method kAllocate = {"allocation.AllocationService", "Allocate",
                                   rpc::Idempotency::kOnce};

StatusOr<agones::Allocation> ReadAnswer(const std::string& json) {
  agones::Allocation out;
  const Status status = agones::ReadJson(
      json, "the allocator's answer",
      [&](const agones::JsonFields& fields) { agones::ReadAllocation(fields, out); });
  if (!status.ok()) return status;
  return out;
}

class RestAllocator final : public agones::Allocator {
 public:
  explicit RestAllocator(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}

  void AllocateAsync(agones::AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<agones::Allocation>)> done) override {
    const auto body = agones::WriteAllocationRequest(request, agones::JsonDialect::kMessage);
    if (!body.ok()) {
      // Ends as every call does: on the executor, and before the client has gone.
      return client_->Pause(Duration(0), std::move(options),
                            [done = std::move(done), failure = body.status()](Status paused) {
                              done(paused.ok() ? failure : std::move(paused));
                            });
    }
    http::ClientRequest message{.method = "POST",
                                .target = "/gameserverallocation",
                                .headers = {{"Content-Type", "application/json"}},
                                .body = body->dump()};
    auto response = std::make_shared<http::ClientResponse>();
    client_->Send(kAllocate, std::move(message), response, std::move(options),
                  [response, done = std::move(done)](Status status) {
                    if (!status.ok()) return done(std::move(status));
                    done(ReadAnswer(response->body));
                  });
  }

 private:
  const std::unique_ptr<http::Client> client_;
};

StatusOr<std::unique_ptr<agones::Allocator>> MakeOne(const agones::AllocatorOptions& options,
                                                     ClientOptions client) {
  http::ClientTraits traits;
  traits.status_of = StatusReader(agones::AllocatorAnswer);
  // The allocator answers so when others took the server first: nothing was allocated.
  traits.retry.did_not_happen = [](const Status& status) {
    return status.code() == StatusCode::kAborted;
  };
  traits.connect_timeout = options.connect_timeout;
  auto made = http::Client::Make(std::move(client), std::move(traits));
  if (!made.ok()) return made.status().WithContext("agones_rest::Allocator");
  return std::unique_ptr<agones::Allocator>(std::make_unique<RestAllocator>(*std::move(made)));
}

}  // namespace

StatusOr<std::unique_ptr<agones::Allocator>> MakeAllocator(agones::AllocatorOptions options) {
  return agones::MakeOverEndpoints(std::move(options), MakeOne);
}

}  // namespace gsh::agones_rest
