// Open Match's frontend (open-match v1.8: internal/app/frontend/frontend_service.go).
#include "gsh/openmatch/frontend.h"

#include <cmath>
#include <limits>

#include "gsh/testing/matchers.h"
#include "tests/conformance/open_match_fixture.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using FrontendTest = OpenMatchTest;

TEST_F(FrontendTest, CreateTicketGivesAnIdAndATimeOfItsOwn) {
  wire::Ticket wanted = NewTicket();
  wanted.set_id("mine");
  const std::string id = Create(wanted);
  EXPECT_NE(id, "mine");
  EXPECT_EQ(id.size(), 20u);
  wire::Ticket stored;
  ASSERT_TRUE(Get(id, &stored).ok());
  EXPECT_TRUE(stored.has_create_time());
  EXPECT_FALSE(stored.has_assignment());
  EXPECT_EQ(CodeOf(Get("mine", &stored)), grpc::StatusCode::NOT_FOUND);
}

TEST_F(FrontendTest, CreateTicketKeepsEverythingElse) {
  wire::Ticket wanted = NewTicket();
  (*wanted.mutable_search_fields()->mutable_double_args())["level"] = -1.5;
  (*wanted.mutable_search_fields()->mutable_string_args())["mode"] = "ctf";
  google::protobuf::Any& extension = (*wanted.mutable_extensions())["e"];
  extension.set_type_url("type.googleapis.com/google.protobuf.StringValue");
  extension.set_value("\n\x01x");
  (*wanted.mutable_persistent_field())["p"] = extension;
  wire::Ticket stored;
  ASSERT_TRUE(Get(Create(wanted), &stored).ok());
  EXPECT_EQ(stored.search_fields().double_args().at("level"), -1.5);
  EXPECT_EQ(stored.search_fields().string_args().at("mode"), "ctf");
  EXPECT_THAT(stored.search_fields().tags(), ElementsAre(tag_));
  EXPECT_EQ(stored.extensions().at("e").value(), extension.value());
  EXPECT_EQ(stored.persistent_field().at("p").type_url(), extension.type_url());
}

TEST_F(FrontendTest, CreateTicketTakesStrangeNumbersAndNoFields) {
  wire::Ticket strange = NewTicket();
  (*strange.mutable_search_fields()->mutable_double_args())["nan"] = std::nan("");
  (*strange.mutable_search_fields()->mutable_double_args())["inf"] =
      std::numeric_limits<double>::infinity();
  wire::Ticket stored;
  ASSERT_TRUE(Get(Create(strange), &stored).ok());
  EXPECT_TRUE(std::isnan(stored.search_fields().double_args().at("nan")));
  EXPECT_FALSE(Create(wire::Ticket()).empty());
}

TEST_F(FrontendTest, CreateTicketRefusesNoTicketAssignmentsAndTimes) {
  wire::CreateTicketRequest none, assigned, timed;
  assigned.mutable_ticket()->mutable_assignment();
  timed.mutable_ticket()->mutable_create_time();
  wire::Ticket response;
  for (const auto& request : {none, assigned, timed}) {
    EXPECT_EQ(CodeOf(Call(*frontend_, &FrontendStub::CreateTicket, request, &response)),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_F(FrontendTest, DeletedTicketsLeaveQueriesAtOnceAndAreGoneSoon) {
  const std::string id = Create();
  EXPECT_THAT(Query(), ElementsAre(id));
  EXPECT_TRUE(Delete(id).ok());
  EXPECT_THAT(Query(), IsEmpty());
  wire::Ticket ticket;
  EXPECT_TRUE(Eventually([&] { return CodeOf(Get(id, &ticket)) == grpc::StatusCode::NOT_FOUND; }));
  EXPECT_TRUE(Delete(id).ok());
  EXPECT_TRUE(Delete(UniqueName("unknown")).ok());
}

TEST_F(FrontendTest, WatchTellsEachNewAssignmentAndEndsWithTheTicket) {
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
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());  // no news
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:2"), &assigned).ok());
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.assignment().connection(), "h:2");
  ASSERT_TRUE(Delete(id).ok());
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(CodeOf(reader->Finish()), grpc::StatusCode::NOT_FOUND);
}

TEST_F(FrontendTest, WatchOfAnAssignedTicketTellsAtOnce) {
  const std::string id = Create();
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  grpc::ClientContext context;
  Limit(context);
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  const auto reader = frontend_->WatchAssignments(&context, request);
  wire::WatchAssignmentsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.assignment().connection(), "h:1");
  context.TryCancel();
}

TEST_F(FrontendTest, UnknownTicketsAreNotFound) {
  wire::Ticket ticket;
  EXPECT_EQ(CodeOf(Get(UniqueName("unknown"), &ticket)), grpc::StatusCode::NOT_FOUND);
  grpc::ClientContext context;
  Limit(context);
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(UniqueName("unknown"));
  EXPECT_EQ(CodeOf(frontend_->WatchAssignments(&context, request)->Finish()),
            grpc::StatusCode::NOT_FOUND);
}

// The library's own client.
TEST_F(FrontendTest, TheClientWaitsForItsAssignment) {
  const auto client = openmatch::MakeFrontend(
      {.client = {.endpoint = OpenMatch().frontend, .tls = OpenMatchTls()}});
  ASSERT_THAT(client, IsOk());
  const auto ticket = (*client)->CreateTicket({.search_fields = {.tags = {tag_}}});
  ASSERT_THAT(ticket, IsOk());
  EXPECT_THAT(Query(), ElementsAre(ticket->id));
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({ticket->id}, "h:1"), &assigned).ok());
  const auto assignment = (*client)->WaitForAssignment(ticket->id);
  ASSERT_THAT(assignment, IsOk());
  EXPECT_EQ(assignment->connection, "h:1");
  EXPECT_THAT((*client)->DeleteTicket(ticket->id), IsOk());
  EXPECT_TRUE(Eventually([&] {
    return (*client)->GetTicket(ticket->id).status().code() == gsh::StatusCode::kNotFound;
  }));
  EXPECT_THAT((*client)->WaitForAssignment(ticket->id), StatusIs(gsh::StatusCode::kNotFound));
}

}  // namespace
}  // namespace gsh::conformance
