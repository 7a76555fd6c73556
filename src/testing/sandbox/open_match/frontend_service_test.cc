// Tickets, their watches and backfills, called through generated stubs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using grpc::StatusCode;
using std::chrono::seconds;
using ::testing::IsEmpty;

TEST_F(OpenMatchTest, CreateTicketAnswersTheStoredTicket) {
  wire::CreateTicketRequest request;
  *request.mutable_ticket() = LatencyTicket(10);
  request.mutable_ticket()->set_id("overwritten");
  wire::Ticket created, stored;
  ASSERT_TRUE(CreateTicket(request, &created).ok());
  EXPECT_EQ(created.id().size(), 20u);
  EXPECT_TRUE(created.has_create_time());
  ASSERT_TRUE(Get(created.id(), &stored).ok());
  EXPECT_EQ(stored.search_fields().double_args().at("latency-us-east-1"), 10);
  EXPECT_EQ(stored.create_time().nanos(), created.create_time().nanos());
  EXPECT_EQ(open_match_->ticket_count(), 1u);
}

TEST_F(OpenMatchTest, CreateTicketRefusesWhatTheRealOneRefuses) {
  wire::CreateTicketRequest none, assigned, timed;
  assigned.mutable_ticket()->mutable_assignment();
  timed.mutable_ticket()->mutable_create_time();
  wire::Ticket response;
  for (const auto& request : {none, assigned, timed}) {
    EXPECT_EQ(CreateTicket(request, &response).error_code(), StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(open_match_->ticket_count(), 0u);
}

TEST_F(OpenMatchTest, DeleteIsAlwaysFineAndGetThenFails) {
  const std::string id = Create();
  EXPECT_TRUE(Delete(id).ok());
  EXPECT_TRUE(Delete(id).ok());
  wire::Ticket ticket;
  EXPECT_EQ(Get(id, &ticket).error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(Query(), IsEmpty());
}

TEST_F(OpenMatchTest, WatchPushesEachAssignmentAndEndsWithTheTicket) {
  const std::string id = Create();
  grpc::ClientContext context;
  Limit(context);
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  const auto reader = frontend_->WatchAssignments(&context, request);
  wire::AssignTicketsResponse assigned;
  wire::WatchAssignmentsResponse response;
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.assignment().connection(), "h:1");
  // An equal assignment is no news.
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:2"), &assigned).ok());
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.assignment().connection(), "h:2");
  ASSERT_TRUE(Delete(id).ok());
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::NOT_FOUND);
}

TEST_F(OpenMatchTest, WatchOfAnUnknownTicketFails) {
  grpc::ClientContext context;
  Limit(context);
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id("unknown");
  const auto reader = frontend_->WatchAssignments(&context, request);
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::NOT_FOUND);
}

// The write of an assignment may succeed after the cancellation has been seen: the stream must end
// all the same, or the server never stops.
TEST_F(OpenMatchTest, WatchesCancelledWhileAnAssignmentIsOnItsWayEnd) {
  const std::string id = Create();
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  for (int i = 0; i < 500; ++i) {
    grpc::ClientContext context;
    Limit(context);
    const auto reader = frontend_->WatchAssignments(&context, request);
    wire::WatchAssignmentsResponse response;
    ASSERT_TRUE(reader->Read(&response));
    context.TryCancel();
    ASSERT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
  }
  auto stopped = std::make_shared<std::promise<void>>();
  std::thread([stopped, server = std::move(open_match_)]() mutable {
    server.reset();
    stopped->set_value();
  }).detach();  // a server that never stops cannot be joined either
  EXPECT_EQ(stopped->get_future().wait_for(seconds(20)), std::future_status::ready);
}

TEST_F(OpenMatchTest, BackfillsLiveThroughTheirGenerations) {
  const auto call = [](auto method) {
    grpc::ClientContext context;
    Limit(context);
    return method(&context);
  };
  wire::Backfill backfill, updated;
  wire::CreateBackfillRequest create;
  EXPECT_EQ(
      call([&](auto* c) { return frontend_->CreateBackfill(c, create, &backfill); }).error_code(),
      StatusCode::INVALID_ARGUMENT);
  create.mutable_backfill()->mutable_search_fields()->add_tags("mode.session");
  ASSERT_TRUE(call([&](auto* c) { return frontend_->CreateBackfill(c, create, &backfill); }).ok());
  EXPECT_EQ(backfill.generation(), 1);

  wire::UpdateBackfillRequest update;
  *update.mutable_backfill() = backfill;
  ASSERT_TRUE(call([&](auto* c) { return frontend_->UpdateBackfill(c, update, &updated); }).ok());
  EXPECT_EQ(updated.generation(), 2);
  update.mutable_backfill()->clear_id();
  EXPECT_EQ(
      call([&](auto* c) { return frontend_->UpdateBackfill(c, update, &updated); }).error_code(),
      StatusCode::INVALID_ARGUMENT);

  wire::QueryBackfillsRequest query;
  query.mutable_pool()->add_tag_present_filters()->set_tag("mode.session");
  grpc::ClientContext query_context;
  Limit(query_context);
  const auto reader = query_->QueryBackfills(&query_context, query);
  wire::QueryBackfillsResponse page;
  ASSERT_TRUE(reader->Read(&page));
  ASSERT_EQ(page.backfills_size(), 1);
  EXPECT_EQ(page.backfills(0).generation(), 2);

  wire::AcknowledgeBackfillRequest acknowledge;
  wire::AcknowledgeBackfillResponse acknowledged;
  acknowledge.set_backfill_id(backfill.id());
  EXPECT_EQ(call([&](auto* c) {
              return frontend_->AcknowledgeBackfill(c, acknowledge, &acknowledged);
            }).error_code(),
            StatusCode::INVALID_ARGUMENT);
  acknowledge.mutable_assignment()->set_connection("h:1");
  ASSERT_TRUE(call([&](auto* c) {
                return frontend_->AcknowledgeBackfill(c, acknowledge, &acknowledged);
              }).ok());
  EXPECT_EQ(acknowledged.backfill().id(), backfill.id());

  wire::DeleteBackfillRequest remove;
  google::protobuf::Empty empty;
  EXPECT_EQ(
      call([&](auto* c) { return frontend_->DeleteBackfill(c, remove, &empty); }).error_code(),
      StatusCode::INVALID_ARGUMENT);
  remove.set_backfill_id(backfill.id());
  EXPECT_TRUE(call([&](auto* c) { return frontend_->DeleteBackfill(c, remove, &empty); }).ok());
  EXPECT_TRUE(call([&](auto* c) { return frontend_->DeleteBackfill(c, remove, &empty); }).ok());
  wire::GetBackfillRequest get;
  get.set_backfill_id(backfill.id());
  EXPECT_EQ(call([&](auto* c) { return frontend_->GetBackfill(c, get, &backfill); }).error_code(),
            StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace gsh::sandbox
