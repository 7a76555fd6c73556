// libgsh in a process that has its own generated Open Match and Agones code, full runtime, with
// the same names: each serves the other, and reflection finds the process's own messages.
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <string>

#include "check.h"
#include "gsh/agones/allocator.h"
#include "gsh/agones/game_server_sdk.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/testing/sandbox.h"
#include "proto/agones/allocation.grpc.pb.h"
#include "proto/agones/sdk.grpc.pb.h"
#include "proto/openmatch/frontend.grpc.pb.h"

namespace {

gsh::ClientOptions Plaintext(const std::string& endpoint) {
  return {.endpoint = endpoint, .tls = {.insecure = true}};
}

// The process's own servers, on its own code.
class OwnFrontend final : public openmatch::FrontendService::Service {
  grpc::Status CreateTicket(grpc::ServerContext*, const openmatch::CreateTicketRequest* request,
                            openmatch::Ticket* ticket) override {
    *ticket = request->ticket();
    ticket->set_id("own-" + ticket->search_fields().tags(0));
    return grpc::Status::OK;
  }
};

class OwnAllocator final : public allocation::AllocationService::Service {
  grpc::Status Allocate(grpc::ServerContext*, const allocation::AllocationRequest* request,
                        allocation::AllocationResponse* response) override {
    response->set_gameservername("own-" + request->namespace_());
    return grpc::Status::OK;
  }
};

// Full messages know themselves: names, text, JSON.
void Reflect() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  const auto* descriptor = pool->FindMessageTypeByName("openmatch.Ticket");
  CHECK(descriptor == openmatch::Ticket::descriptor());
  CHECK(pool->FindMessageTypeByName("allocation.AllocationRequest") != nullptr);
  CHECK(pool->FindMessageTypeByName("agones.dev.sdk.GameServer") != nullptr);

  openmatch::Ticket ticket;
  ticket.set_id("t1");
  (*ticket.mutable_search_fields()->mutable_double_args())["latency-us-east-1"] = 12;
  CHECK(ticket.ShortDebugString().find("latency-us-east-1") != std::string::npos);
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(ticket, &json).ok());
  CHECK(json == R"({"id":"t1","searchFields":{"doubleArgs":{"latency-us-east-1":12}}})");
}

void OurClientsOnOwnServers() {
  OwnFrontend own_frontend;
  OwnAllocator own_allocator;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&own_frontend).RegisterService(&own_allocator);
  const auto server = builder.BuildAndStart();
  CHECK(server != nullptr);
  const std::string endpoint = "127.0.0.1:" + std::to_string(port);

  const auto frontend = VALUE(gsh::openmatch::MakeFrontend({.client = Plaintext(endpoint)}));
  const auto ticket = VALUE(frontend->CreateTicket({.search_fields = {.tags = {"a"}}}));
  CHECK(ticket.id == "own-a");

  const auto allocator = VALUE(gsh::agones::MakeAllocator({.client = Plaintext(endpoint)}));
  CHECK(VALUE(allocator->Allocate({.ns = "games"})).game_server == "own-games");
}

void OwnClientsOnOurServers(const std::filesystem::path& dir) {
  std::filesystem::remove_all(dir);
  gsh::testing::SandboxOptions options{.dir = dir.string(), .insecure = true};
  options.allocation_batch_wait = gsh::Duration::zero();
  const auto sandbox = VALUE(gsh::testing::Sandbox::Start(options));

  const auto& endpoints = sandbox->endpoints();
  const auto channel = grpc::CreateChannel(endpoints.frontend, grpc::InsecureChannelCredentials());
  const auto own = openmatch::FrontendService::NewStub(channel);
  openmatch::CreateTicketRequest request;
  request.mutable_ticket()->mutable_search_fields()->add_tags("mode.session");
  openmatch::Ticket created;
  grpc::ClientContext context;
  CHECK(own->CreateTicket(&context, request, &created).ok());

  const auto frontend =
      VALUE(gsh::openmatch::MakeFrontend({.client = Plaintext(endpoints.frontend)}));
  const auto read = VALUE(frontend->GetTicket(created.id()));
  CHECK(read.search_fields.tags == std::vector<std::string>{"mode.session"});

  CHECK(sandbox->WaitForGameServers(
      [](const auto& servers) {
        for (const auto& server : servers) {
          if (server.state == "Ready") return true;
        }
        return false;
      },
      std::chrono::seconds(20)));
  const auto server = sandbox->game_servers().front();
  const std::string side_car_endpoint = "127.0.0.1:" + std::to_string(server.sdk_port);
  const auto side_car = agones::dev::sdk::SDK::NewStub(
      grpc::CreateChannel(side_car_endpoint, grpc::InsecureChannelCredentials()));
  agones::dev::sdk::GameServer self;
  grpc::ClientContext sdk_context;
  CHECK(side_car->GetGameServer(&sdk_context, {}, &self).ok());
  CHECK(self.object_meta().name() == server.name);
  const auto sdk = VALUE(gsh::agones::MakeGameServerSdk({.client = Plaintext(side_car_endpoint)}));
  CHECK(VALUE(sdk->GetGameServer()).name == server.name);
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(argc == 2);
  Reflect();
  OurClientsOnOwnServers();
  OwnClientsOnOurServers(argv[1]);
  Reflect();
  std::puts("both copies work side by side");
}
