// What the tests of the three services share: the engine on loopback sockets, short forms of calls,
// match functions that a test scripts.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_FIXTURE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/open_match.h"
#include "src/testing/sandbox/open_match/test_messages.h"

namespace gsh::sandbox {

namespace wire = wire_openmatch;

// A match function that a test scripts.
class FakeMmf final : public wire::MatchFunction::Service {
 public:
  using Body = std::function<grpc::Status(grpc::ServerContext*, const wire::MatchProfile&,
                                          grpc::ServerWriter<wire::RunResponse>*)>;

  explicit FakeMmf(Body body) : body_(std::move(body)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeMmf() override { server_->Shutdown(std::chrono::system_clock::now()); }

  int port() const { return port_; }

  grpc::Status Run(grpc::ServerContext* context, const wire::RunRequest* request,
                   grpc::ServerWriter<wire::RunResponse>* writer) override {
    return body_(context, request->profile(), writer);
  }

 private:
  Body body_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

inline void Write(grpc::ServerWriter<wire::RunResponse>* writer, const wire::Match& proposal) {
  wire::RunResponse response;
  *response.mutable_proposal() = proposal;
  writer->Write(response);
}

// Proposes the same matches in every run.
inline FakeMmf::Body Proposing(std::vector<wire::Match> proposals,
                               grpc::Status end = grpc::Status::OK) {
  return [=](grpc::ServerContext*, const wire::MatchProfile&, auto* writer) {
    for (const wire::Match& proposal : proposals) Write(writer, proposal);
    return end;
  };
}

struct Fetched {
  grpc::Status status;
  std::vector<wire::Match> matches;
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const wire::Match& match : matches) ids.push_back(match.match_id());
    return ids;
  }
};

class OpenMatchTest : public ::testing::Test {
 protected:
  void Start(testing::OpenMatchTimers timers, Clock* clock = nullptr, std::string evaluator = {}) {
    OpenMatchServerOptions options;
    options.server_credentials = grpc::InsecureServerCredentials();
    options.mmf_credentials = grpc::InsecureChannelCredentials();
    options.evaluator = std::move(evaluator);
    options.timers = timers;
    options.faults = &faults_;
    options.clock = clock;
    options.rng = &rng_;
    auto started = OpenMatch::Start(options);
    ASSERT_THAT(started, gsh::testing::IsOk());
    open_match_ = *std::move(started);
    const OpenMatchEndpoints& endpoints = open_match_->endpoints();
    const auto channel = [](const std::string& endpoint) {
      return grpc::CreateChannel(endpoint, grpc::InsecureChannelCredentials());
    };
    frontend_ = wire::FrontendService::NewStub(channel(endpoints.frontend));
    backend_ = wire::BackendService::NewStub(channel(endpoints.backend));
    query_ = wire::QueryService::NewStub(channel(endpoints.query));
  }
  void SetUp() override { Start({.registration_interval = std::chrono::milliseconds(20)}); }
  // Again, with time that the test moves.
  void StartOnManualClock() {
    open_match_.reset();
    Start({}, &clock_);
  }

  // So that a hang fails; nothing waits this long.
  static void Limit(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  }
  grpc::Status CreateTicket(const wire::CreateTicketRequest& request, wire::Ticket* response) {
    grpc::ClientContext context;
    Limit(context);
    return frontend_->CreateTicket(&context, request, response);
  }
  std::string Create(double latency = 10) {
    wire::CreateTicketRequest request;
    *request.mutable_ticket() = LatencyTicket(latency);
    wire::Ticket ticket;
    EXPECT_TRUE(CreateTicket(request, &ticket).ok());
    return ticket.id();
  }
  grpc::Status Get(const std::string& id, wire::Ticket* ticket) {
    grpc::ClientContext context;
    Limit(context);
    wire::GetTicketRequest request;
    request.set_ticket_id(id);
    return frontend_->GetTicket(&context, request, ticket);
  }
  grpc::Status Delete(const std::string& id) {
    grpc::ClientContext context;
    Limit(context);
    wire::DeleteTicketRequest request;
    request.set_ticket_id(id);
    google::protobuf::Empty response;
    return frontend_->DeleteTicket(&context, request, &response);
  }
  std::vector<std::string> Query(const wire::Pool& pool = LatencyPool(0, 1000)) {
    grpc::ClientContext context;
    Limit(context);
    wire::QueryTicketsRequest request;
    *request.mutable_pool() = pool;
    const auto reader = query_->QueryTickets(&context, request);
    std::vector<std::string> ids;
    wire::QueryTicketsResponse page;
    pages_ = 0;
    for (; reader->Read(&page); ++pages_) {
      for (const auto& ticket : page.tickets()) ids.push_back(ticket.id());
    }
    EXPECT_TRUE(reader->Finish().ok());
    return ids;
  }
  static wire::FetchMatchesRequest FetchRequest(int port, const std::string& profile = "profile") {
    wire::FetchMatchesRequest request;
    request.mutable_config()->set_host("127.0.0.1");
    request.mutable_config()->set_port(port);
    request.mutable_profile()->set_name(profile);
    return request;
  }
  Fetched Fetch(const wire::FetchMatchesRequest& request) {
    grpc::ClientContext context;
    Limit(context);
    const auto reader = backend_->FetchMatches(&context, request);
    Fetched fetched;
    wire::FetchMatchesResponse response;
    while (reader->Read(&response)) fetched.matches.push_back(response.match());
    fetched.status = reader->Finish();
    return fetched;
  }
  grpc::Status Assign(const wire::AssignTicketsRequest& request,
                      wire::AssignTicketsResponse* response) {
    grpc::ClientContext context;
    Limit(context);
    return backend_->AssignTickets(&context, request, response);
  }
  static wire::AssignTicketsRequest AssignRequest(std::vector<std::string> ids,
                                                  const std::string& connection) {
    wire::AssignTicketsRequest request;
    auto* group = request.add_assignments();
    group->mutable_assignment()->set_connection(connection);
    for (std::string& id : ids) group->add_ticket_ids(std::move(id));
    return request;
  }
  void Release(const std::vector<std::string>& ids) {
    grpc::ClientContext context;
    Limit(context);
    wire::ReleaseTicketsRequest request;
    for (const std::string& id : ids) request.add_ticket_ids(id);
    wire::ReleaseTicketsResponse response;
    EXPECT_TRUE(backend_->ReleaseTickets(&context, request, &response).ok());
  }

  FaultInjector faults_;
  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  std::unique_ptr<OpenMatch> open_match_;
  std::unique_ptr<wire::FrontendService::Stub> frontend_;
  std::unique_ptr<wire::BackendService::Stub> backend_;
  std::unique_ptr<wire::QueryService::Stub> query_;
  int pages_ = 0;  // of the last query
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_FIXTURE_H_
