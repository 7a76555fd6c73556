// The frontend's gRPC adapter against a server that answers as scripted.
#include "gsh/openmatch/frontend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/openmatch/scripted_service.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using rpc::ScriptedReply;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

class FrontendTest : public ScriptedServiceTest {
 protected:
  FrontendTest()
      : ScriptedServiceTest("openmatch.FrontendService"),
        frontend_(*MakeFrontend({.client = Options()})) {}

  std::unique_ptr<Frontend> frontend_;
};

wire_openmatch::Ticket WireTicket(const std::string& id) {
  wire_openmatch::Ticket ticket;
  ticket.set_id(id);
  return ticket;
}

wire_openmatch::Backfill WireBackfill(const std::string& id) {
  wire_openmatch::Backfill backfill;
  backfill.set_id(id);
  backfill.set_generation(3);
  return backfill;
}

TEST_F(FrontendTest, CreatesTickets) {
  Answer("CreateTicket", WireTicket("t1"));
  const auto ticket = frontend_->CreateTicket({.search_fields = {.tags = {"mode.session"}}});
  ASSERT_THAT(ticket, IsOk());
  EXPECT_EQ(ticket->id, "t1");
  const auto asked = Asked<wire_openmatch::CreateTicketRequest>("CreateTicket");
  EXPECT_EQ(asked.ticket().search_fields().tags(0), "mode.session");
}

TEST_F(FrontendTest, CreateTicketIsNotRepeated) {
  Script("CreateTicket", {{.code = 14, .error = "down"}});
  const auto ticket = frontend_->CreateTicket({});
  EXPECT_THAT(ticket, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(ticket.status().info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(Calls("CreateTicket"), 1);
}

TEST_F(FrontendTest, BadTicketsAreNotSent) {
  EXPECT_THAT(frontend_->CreateTicket({.search_fields = {.double_args = {{"latency-eu", -5}}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("latency-eu")));
  EXPECT_THAT(frontend_->CreateBackfill({.search_fields = {.double_args = {{"latency-eu", -5}}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("latency-eu")));
  EXPECT_THAT(frontend_->UpdateBackfill({.search_fields = {.double_args = {{"latency-eu", -5}}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("latency-eu")));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(FrontendTest, GetsAndDeletesTickets) {
  Answer("GetTicket", WireTicket("t1"));
  Answer("DeleteTicket", google::protobuf::Empty());
  EXPECT_EQ(frontend_->GetTicket("t1")->id, "t1");
  EXPECT_EQ(Asked<wire_openmatch::GetTicketRequest>("GetTicket").ticket_id(), "t1");
  EXPECT_THAT(frontend_->DeleteTicket("t2"), IsOk());
  EXPECT_EQ(Asked<wire_openmatch::DeleteTicketRequest>("DeleteTicket").ticket_id(), "t2");
}

TEST_F(FrontendTest, HandlesBackfills) {
  Answer("CreateBackfill", WireBackfill("b1"));
  Answer("GetBackfill", WireBackfill("b1"));
  Answer("UpdateBackfill", WireBackfill("b1"));
  Answer("DeleteBackfill", google::protobuf::Empty());
  EXPECT_EQ(frontend_->CreateBackfill({.search_fields = {.tags = {"open"}}})->id, "b1");
  EXPECT_EQ(Asked<wire_openmatch::CreateBackfillRequest>("CreateBackfill")
                .backfill()
                .search_fields()
                .tags(0),
            "open");
  EXPECT_EQ(frontend_->GetBackfill("b1")->generation, 3);
  EXPECT_EQ(Asked<wire_openmatch::GetBackfillRequest>("GetBackfill").backfill_id(), "b1");
  EXPECT_EQ(frontend_->UpdateBackfill({.id = "b1"})->generation, 3);
  EXPECT_EQ(Asked<wire_openmatch::UpdateBackfillRequest>("UpdateBackfill").backfill().id(), "b1");
  EXPECT_THAT(frontend_->DeleteBackfill("b1"), IsOk());
  EXPECT_EQ(Asked<wire_openmatch::DeleteBackfillRequest>("DeleteBackfill").backfill_id(), "b1");
}

TEST_F(FrontendTest, AcknowledgesBackfills) {
  wire_openmatch::AcknowledgeBackfillResponse response;
  *response.mutable_backfill() = WireBackfill("b1");
  *response.add_tickets() = WireTicket("t1");
  Answer("AcknowledgeBackfill", response);
  const auto answer = frontend_->AcknowledgeBackfill("b1", {.connection = "h:1"});
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->backfill.id, "b1");
  ASSERT_EQ(answer->tickets.size(), 1u);
  EXPECT_EQ(answer->tickets[0].id, "t1");
  const auto asked = Asked<wire_openmatch::AcknowledgeBackfillRequest>("AcknowledgeBackfill");
  EXPECT_EQ(asked.backfill_id(), "b1");
  EXPECT_EQ(asked.assignment().connection(), "h:1");
}

class WatchTest : public FrontendTest {
 protected:
  static std::string Assigned(const std::string& connection) {
    wire_openmatch::WatchAssignmentsResponse response;
    response.mutable_assignment()->set_connection(connection);
    return response.SerializeAsString();
  }
  static wire_openmatch::Ticket AssignedTicket(const std::string& connection) {
    wire_openmatch::Ticket ticket = WireTicket("t1");
    ticket.mutable_assignment()->set_connection(connection);
    return ticket;
  }

  void Watch(CallOptions options = {}, std::size_t limit = 1000) {
    frontend_->WatchAssignmentsAsync(
        "t1", std::move(options),
        [this, limit](const Assignment& assignment) {
          std::lock_guard lock(mutex_);
          connections_.push_back(assignment.connection);
          changed_.notify_all();
          return connections_.size() < limit;
        },
        [this](Status status) { done_.set_value(std::move(status)); });
  }
  Status Done() {
    auto future = done_.get_future();
    if (future.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
      return InternalError("the watch never ended");
    }
    return future.get();
  }
  bool WaitForConnections(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5),
                             [&] { return connections_.size() >= count; });
  }
  std::vector<std::string> connections() {
    std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> connections_;
  std::promise<Status> done_;
};

TEST_F(WatchTest, GivesAssignmentsUntilTheTicketIsGone) {
  Script("WatchAssignments",
         {{.messages = {Assigned("a:1"), Assigned("b:2")}, .code = 5, .error = "no such ticket"}});
  Watch();
  EXPECT_THAT(Done(), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(connections(), ElementsAre("a:1", "b:2"));
  EXPECT_EQ(Asked<wire_openmatch::WatchAssignmentsRequest>("WatchAssignments").ticket_id(), "t1");
}

TEST_F(WatchTest, ReconnectsWithBackoffAndSaysNothingTwice) {
  Script("WatchAssignments", {{.code = 14},
                              {.code = 14},
                              {.messages = {Assigned("a:1"), Assigned("a:1")}, .code = 14},
                              {.messages = {Assigned("a:1"), Assigned("b:2")}, .hang = true}});
  Answer("GetTicket", WireTicket("t1"));
  Watch({}, 2);
  EXPECT_EQ(EndPause(), milliseconds(50));
  EXPECT_EQ(EndPause(), milliseconds(100));
  EXPECT_EQ(EndPause(), milliseconds(200));  // an answer alone does not make a stream a good one
  EXPECT_THAT(Done(), IsOk());
  EXPECT_THAT(connections(), ElementsAre("a:1", "b:2"));
  EXPECT_EQ(Calls("GetTicket"), 3);
}

TEST_F(WatchTest, AStreamThatEndsInOrderIsBegunAgain) {
  Script("WatchAssignments", {{}, {.messages = {Assigned("a:1")}, .hang = true}});
  Answer("GetTicket", WireTicket("t1"));
  Watch({}, 1);
  EndPause();
  EXPECT_THAT(Done(), IsOk());
}

TEST_F(WatchTest, ReadsTheTicketWhenStreamsBreak) {
  Script("WatchAssignments", {{.code = 14}});
  Answer("GetTicket", AssignedTicket("a:1"));
  Watch({}, 1);
  EXPECT_THAT(Done(), IsOk());
  EXPECT_THAT(connections(), ElementsAre("a:1"));
}

TEST_F(WatchTest, EndsWhenTheReadTicketIsGone) {
  Script("WatchAssignments", {{.code = 14}});
  Script("GetTicket", {{.code = 5, .error = "gone"}});
  Watch();
  EXPECT_THAT(Done(), StatusIs(StatusCode::kNotFound, HasSubstr("gone")));
}

TEST_F(WatchTest, AServerThatCancelsIsAskedAgain) {
  Script("WatchAssignments",
         {{.code = 1, .error = "shutting down"}, {.messages = {Assigned("a:1")}, .hang = true}});
  Answer("GetTicket", WireTicket("t1"));
  Watch({}, 1);
  EndPause();
  EXPECT_THAT(Done(), IsOk());
}

TEST_F(WatchTest, StopEndsTheStream) {
  Script("WatchAssignments", {{.messages = {Assigned("a:1")}, .hang = true}});
  std::stop_source stop;
  Watch({.stop = stop.get_token()});
  ASSERT_TRUE(WaitForConnections(1));
  stop.request_stop();
  EXPECT_THAT(Done(), StatusIs(StatusCode::kCancelled));
}

TEST_F(WatchTest, StopEndsThePause) {
  Script("WatchAssignments", {{.code = 14}});
  Answer("GetTicket", WireTicket("t1"));
  std::stop_source stop;
  Watch({.stop = stop.get_token()});
  clock_.WaitForTimers();
  stop.request_stop();
  EXPECT_THAT(Done(), StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(WatchTest, TimeoutBoundsTheWholeWatch) {
  Script("WatchAssignments", {{.code = 14}});
  Answer("GetTicket", WireTicket("t1"));
  constexpr Duration kTimeout = std::chrono::minutes(10);  // gRPC counts by the real clock
  Watch({.timeout = kTimeout});
  Duration waited{0};
  while (waited < kTimeout * 98 / 100) waited += EndPause();
  ASSERT_LE(waited, kTimeout);
  clock_.WaitForTimers();
  clock_.Advance(kTimeout - waited);
  EXPECT_THAT(Done(), StatusIs(StatusCode::kDeadlineExceeded));
}

TEST_F(WatchTest, TheLongestTimeoutIsNoLimit) {
  Script("WatchAssignments", {{.code = 14}, {.messages = {Assigned("a:1")}, .hang = true}});
  Answer("GetTicket", WireTicket("t1"));
  Watch({.timeout = Duration::max()}, 1);
  EndPause();
  EXPECT_THAT(Done(), IsOk());
}

TEST_F(WatchTest, ReadsTheTicketAlsoWhenCallsHaveNoLimit) {
  auto made = MakeFrontend({.client = {.endpoint = server_.address(),
                                       .tls = {.insecure = true},
                                       .timeout = Duration(0),
                                       .clock = &clock_}});
  ASSERT_THAT(made, IsOk());
  frontend_ = *std::move(made);
  Script("WatchAssignments", {{.code = 14}});
  Answer("GetTicket", AssignedTicket("a:1"));
  Watch({}, 1);
  EXPECT_THAT(Done(), IsOk());
}

TEST_F(WatchTest, DestructionEndsIt) {
  Script("WatchAssignments", {{.messages = {Assigned("a:1")}, .hang = true}});
  Watch();
  ASSERT_TRUE(WaitForConnections(1));
  frontend_.reset();
  EXPECT_THAT(Done(), StatusIs(StatusCode::kCancelled));
}

TEST_F(WatchTest, OnAssignmentMayDestroyTheFrontend) {
  for (const bool by_stream : {true, false}) {
    auto made = MakeFrontend(
        {.client = {.endpoint = server_.address(), .tls = {.insecure = true}, .clock = &clock_}});
    ASSERT_THAT(made, IsOk());
    std::unique_ptr<Frontend> frontend = *std::move(made);
    Script("WatchAssignments",
           {by_stream ? ScriptedReply{.messages = {Assigned("a:1")}, .hang = true}
                      : ScriptedReply{.code = 14}});
    Answer("GetTicket", AssignedTicket("a:1"));
    std::promise<Status> done;
    frontend->WatchAssignmentsAsync(
        "t1", {},
        [&](const Assignment&) {
          frontend.reset();
          return true;
        },
        [&](Status status) { done.set_value(std::move(status)); });
    EXPECT_THAT(done.get_future().get(), StatusIs(StatusCode::kCancelled));
  }
}

TEST_F(WatchTest, WaitsForAConnection) {
  Script("WatchAssignments", {{.messages = {Assigned(""), Assigned("a:1")}, .hang = true}});
  const auto assignment = frontend_->WaitForAssignment("t1");
  ASSERT_THAT(assignment, IsOk());
  EXPECT_EQ(assignment->connection, "a:1");
}

TEST_F(WatchTest, WaitingEndsWithTheTicket) {
  Script("WatchAssignments", {{.code = 5, .error = "no such ticket"}});
  EXPECT_THAT(frontend_->WaitForAssignment("t1"), StatusIs(StatusCode::kNotFound));
}

TEST(MakeFrontend, BadOptionsAreNamed) {
  EXPECT_THAT(MakeFrontend({}), StatusIs(StatusCode::kInvalidArgument, HasSubstr("endpoint")));
}

}  // namespace
}  // namespace gsh::openmatch
