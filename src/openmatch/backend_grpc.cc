#include <utility>

#include "gsh/openmatch/backend.h"
#include "src/openmatch/call.h"
#include "src/openmatch/convert.h"
#include "src/openmatch/methods.h"
#include "src/proto/openmatch.h"
#include "src/rpc/arena_message.h"
#include "src/rpc/client.h"

namespace gsh::openmatch {
namespace {

std::vector<AssignmentFailure> ToFailures(wire_openmatch::AssignTicketsResponse&& wire) {
  std::vector<AssignmentFailure> failures;
  for (auto& failure : *wire.mutable_failures()) {
    failures.push_back(
        {.ticket_id = std::move(*failure.mutable_ticket_id()),
         .cause = failure.cause() == wire_openmatch::AssignmentFailure::TICKET_NOT_FOUND
                      ? AssignmentFailure::Cause::kTicketNotFound
                      : AssignmentFailure::Cause::kUnknown});
  }
  return failures;
}

class GrpcBackend final : public Backend {
 public:
  explicit GrpcBackend(std::unique_ptr<rpc::Client> client) : client_(std::move(client)) {}

  void FetchMatchesAsync(FunctionConfig function, MatchProfile profile, CallOptions options,
                         std::function<void(Match)> on_match, DoneCallback done) override {
    auto request = std::make_shared<wire_openmatch::FetchMatchesRequest>();
    ToWire(std::move(function), *request->mutable_config());
    ToWire(std::move(profile), *request->mutable_profile());
    client_->ServerStream(
        kFetchMatches, std::move(request),
        rpc::MakeArenaMessage<wire_openmatch::FetchMatchesResponse>,
        [on_match = std::move(on_match)](google::protobuf::MessageLite& message) {
          auto& response = static_cast<wire_openmatch::FetchMatchesResponse&>(message);
          on_match(FromWire(std::move(*response.mutable_match())));
          return true;
        },
        std::move(options), std::move(done));
  }

  void AssignTicketsAsync(
      std::vector<AssignmentGroup> groups, CallOptions options,
      std::function<void(StatusOr<std::vector<AssignmentFailure>>)> done) override {
    auto request = std::make_shared<wire_openmatch::AssignTicketsRequest>();
    for (AssignmentGroup& group : groups) {
      auto& wire = *request->add_assignments();
      for (std::string& id : group.ticket_ids) wire.add_ticket_ids(std::move(id));
      ToWire(std::move(group.assignment), *wire.mutable_assignment());
    }
    Call<wire_openmatch::AssignTicketsResponse>(*client_, kAssignTickets, std::move(request),
                                                std::move(options), ToFailures, std::move(done));
  }

  void ReleaseTicketsAsync(std::vector<std::string> ticket_ids, CallOptions options,
                           DoneCallback done) override {
    auto request = std::make_shared<wire_openmatch::ReleaseTicketsRequest>();
    for (std::string& id : ticket_ids) request->add_ticket_ids(std::move(id));
    Call<wire_openmatch::ReleaseTicketsResponse>(*client_, kReleaseTickets, std::move(request),
                                                 std::move(options), std::move(done));
  }

  void ReleaseAllTicketsAsync(CallOptions options, DoneCallback done) override {
    Call<wire_openmatch::ReleaseAllTicketsResponse>(
        *client_, kReleaseAllTickets, std::make_shared<wire_openmatch::ReleaseAllTicketsRequest>(),
        std::move(options), std::move(done));
  }

 private:
  const std::unique_ptr<rpc::Client> client_;
};

}  // namespace

StatusOr<std::unique_ptr<Backend>> MakeBackend(BackendOptions options) {
  auto client = rpc::Client::Make(std::move(options.client));
  if (!client.ok()) return client.status().WithContext("openmatch::Backend");
  return std::unique_ptr<Backend>(std::make_unique<GrpcBackend>(std::move(client).value()));
}

}  // namespace gsh::openmatch
