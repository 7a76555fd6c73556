// Our match function as Open Match meets it: called over gRPC, with a query service that says what
// it is told to.
#ifndef GSH_TESTS_INTEGRATION_MATCH_FUNCTION_OVER_GRPC_H_
#define GSH_TESTS_INTEGRATION_MATCH_FUNCTION_OVER_GRPC_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/mmf/latency_match_function.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/query.h"
#include "src/openmatch/convert.h"
#include "src/proto/openmatch.h"

namespace gsh {

// Every pool holds the same.
class ScriptedQuery final : public wire_openmatch::QueryService::Service {
 public:
  ScriptedQuery() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

  grpc::Status QueryTickets(
      grpc::ServerContext*, const wire_openmatch::QueryTicketsRequest*,
      grpc::ServerWriter<wire_openmatch::QueryTicketsResponse>* writer) override {
    constexpr std::size_t kPage = 1000;
    for (std::size_t i = 0; i < tickets.size(); i += kPage) {
      wire_openmatch::QueryTicketsResponse page;
      for (std::size_t j = i; j < std::min(i + kPage, tickets.size()); ++j) {
        openmatch::ToWire(openmatch::Ticket(tickets[j]), *page.add_tickets());
      }
      writer->Write(page);
    }
    return grpc::Status::OK;
  }

  grpc::Status QueryBackfills(
      grpc::ServerContext*, const wire_openmatch::QueryBackfillsRequest*,
      grpc::ServerWriter<wire_openmatch::QueryBackfillsResponse>* writer) override {
    wire_openmatch::QueryBackfillsResponse page;
    for (const openmatch::Backfill& backfill : backfills) {
      openmatch::ToWire(openmatch::Backfill(backfill), *page.add_backfills());
    }
    writer->Write(page);
    return grpc::Status::OK;
  }

  std::vector<openmatch::Ticket> tickets;  // set before a run
  std::vector<openmatch::Backfill> backfills;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class MatchFunctionOverGrpc {
 public:
  explicit MatchFunctionOverGrpc(mmf::LatencyMatchFunctionOptions options) {
    auto query = openmatch::MakeQuery(
        {.client = {.endpoint = query_service.endpoint(), .tls = {.insecure = true}}});
    EXPECT_TRUE(query.ok()) << query.status();
    query_ = *std::move(query);
    auto server = openmatch::StartMatchFunctionServer(
        {.listen = "127.0.0.1:0",
         .tls = {.insecure = true},
         .query = query_.get(),
         .function = mmf::MakeLatencyMatchFunction(std::move(options)),
         .query_backfills = true});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = wire_openmatch::MatchFunction::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  // The proposals of one run, in their order.
  std::vector<openmatch::Match> Run(openmatch::MatchProfile profile) {
    wire_openmatch::RunRequest request;
    openmatch::ToWire(std::move(profile), *request.mutable_profile());
    grpc::ClientContext context;
    const auto reader = stub_->Run(&context, request);
    std::vector<openmatch::Match> proposals;
    wire_openmatch::RunResponse response;
    while (reader->Read(&response)) {
      proposals.push_back(openmatch::FromWire(std::move(*response.mutable_proposal())));
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return proposals;
  }

  ScriptedQuery query_service;

 private:
  std::unique_ptr<openmatch::Query> query_;
  std::unique_ptr<openmatch::MatchFunctionServer> server_;
  std::unique_ptr<wire_openmatch::MatchFunction::Stub> stub_;
};

}  // namespace gsh

#endif  // GSH_TESTS_INTEGRATION_MATCH_FUNCTION_OVER_GRPC_H_
