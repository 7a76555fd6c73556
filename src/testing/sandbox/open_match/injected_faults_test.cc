// What callers of the services see of the faults that a test injects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using When = SandboxFault::When;

TEST_F(OpenMatchTest, AFaultBeforeTheCallHasNoEffectAndOneAfterItHas) {
  const SandboxFault fault{
      .method = "CreateTicket", .when = When::kBefore, .status = UnavailableError("injected")};
  faults_.Inject(fault);
  wire::CreateTicketRequest request;
  *request.mutable_ticket() = LatencyTicket(10);
  wire::Ticket ticket;
  EXPECT_EQ(CreateTicket(request, &ticket).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(open_match_->ticket_count(), 0u);
  auto after = fault;
  after.when = When::kAfter;
  faults_.Inject(after);
  EXPECT_EQ(CreateTicket(request, &ticket).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(open_match_->ticket_count(), 1u);
  EXPECT_TRUE(CreateTicket(request, &ticket).ok());
}

TEST_F(OpenMatchTest, ADelayHoldsTheCallBack) {
  StartOnManualClock();
  faults_.Inject({.method = "CreateTicket", .status = {}, .delay = seconds(5)});
  auto created = std::async(std::launch::async, [&] { return Create(); });
  clock_.WaitForTimers();
  EXPECT_EQ(open_match_->ticket_count(), 0u);
  clock_.Advance(seconds(5));
  EXPECT_THAT(created.get(), SizeIs(20));
}

TEST_F(OpenMatchTest, ACancelledCallDoesNotWaitForItsDelay) {
  StartOnManualClock();
  faults_.Inject({.method = "", .status = {}, .delay = seconds(5), .times = -1});
  grpc::ClientContext create_context, query_context, fetch_context, watch_context;
  auto create = std::async(std::launch::async, [&] {
    wire::CreateTicketRequest request;
    request.mutable_ticket();
    wire::Ticket ticket;
    return frontend_->CreateTicket(&create_context, request, &ticket);
  });
  const auto query = query_->QueryTickets(&query_context, {});
  const auto fetch = backend_->FetchMatches(&fetch_context, FetchRequest(1));
  const auto watch = frontend_->WatchAssignments(&watch_context, {});
  clock_.WaitForTimers(4);
  open_match_.reset();  // waits for every call
  EXPECT_FALSE(create.get().ok());
  EXPECT_FALSE(query->Finish().ok());
  EXPECT_FALSE(fetch->Finish().ok());
  EXPECT_FALSE(watch->Finish().ok());
  clock_.Advance(seconds(5));  // late timers find nothing to do
}

TEST_F(OpenMatchTest, StreamsSufferFaultsToo) {
  const std::string id = Create();
  const auto fault = [](const char* method) {
    return SandboxFault{.method = method, .when = When::kAfter, .status = AbortedError("injected")};
  };
  faults_.Inject(fault("QueryTickets"));
  grpc::ClientContext query_context, watch_context;
  wire::QueryTicketsRequest query;
  *query.mutable_pool() = LatencyPool(0, 1000);
  const auto queried = query_->QueryTickets(&query_context, query);
  wire::QueryTicketsResponse page;
  EXPECT_TRUE(queried->Read(&page));
  EXPECT_FALSE(queried->Read(&page));
  EXPECT_EQ(queried->Finish().error_code(), grpc::StatusCode::ABORTED);

  faults_.Inject(fault("FetchMatches"));
  FakeMmf mmf(Proposing({Proposal("m", {id}, 1)}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  EXPECT_THAT(fetched.ids(), ElementsAre("m"));
  EXPECT_EQ(fetched.status.error_code(), grpc::StatusCode::ABORTED);

  faults_.Inject(fault("WatchAssignments"));
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  const auto watch = frontend_->WatchAssignments(&watch_context, request);
  wire::WatchAssignmentsResponse response;
  EXPECT_TRUE(watch->Read(&response));
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::ABORTED);
}

}  // namespace
}  // namespace gsh::sandbox
