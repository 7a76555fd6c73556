// Backfills through frontend, query and backend (open-match v1.8: frontend_service.go,
// backend_service.go, internal/statestore/backfill.go).
#include "tests/conformance/open_match_fixture.h"

namespace gsh::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BackfillTest : public OpenMatchTest {
 protected:
  grpc::Status GetBackfill(const std::string& id, wire::Backfill* backfill) {
    wire::GetBackfillRequest request;
    request.set_backfill_id(id);
    return Call(*frontend_, &FrontendStub::GetBackfill, request, backfill);
  }
  grpc::Status Update(const wire::Backfill& backfill, wire::Backfill* updated) {
    wire::UpdateBackfillRequest request;
    *request.mutable_backfill() = backfill;
    return Call(*frontend_, &FrontendStub::UpdateBackfill, request, updated);
  }
  grpc::Status DeleteBackfill(const std::string& id) {
    wire::DeleteBackfillRequest request;
    request.set_backfill_id(id);
    google::protobuf::Empty response;
    return Call(*frontend_, &FrontendStub::DeleteBackfill, request, &response);
  }
  grpc::Status Acknowledge(const std::string& id, wire::AcknowledgeBackfillResponse* response) {
    wire::AcknowledgeBackfillRequest request;
    request.set_backfill_id(id);
    request.mutable_assignment()->set_connection("h:1");
    return Call(*frontend_, &FrontendStub::AcknowledgeBackfill, request, response);
  }
  std::int64_t GenerationOf(const std::string& id) {
    wire::Backfill backfill;
    EXPECT_TRUE(GetBackfill(id, &backfill).ok());
    return backfill.generation();
  }
  wire::Match Filling(const std::string& id, const std::vector<std::string>& tickets,
                      const wire::Backfill& backfill) const {
    wire::Match match = Proposal(id, tickets, 1);
    *match.mutable_backfill() = backfill;
    return match;
  }
};

TEST_F(BackfillTest, CreateGivesIdTimeAndTheFirstGeneration) {
  const wire::Backfill created = CreateBackfill();
  EXPECT_EQ(created.id().size(), 20u);
  EXPECT_EQ(created.generation(), 1);
  EXPECT_TRUE(created.has_create_time());
  EXPECT_THAT(QueryBackfills(TaggedPool()), ElementsAre(created.id()));
  EXPECT_THAT(Query(), IsEmpty()) << "a backfill is no ticket";
  wire::CreateBackfillRequest none, timed;
  timed.mutable_backfill()->mutable_create_time();
  wire::Backfill response;
  for (const auto& request : {none, timed}) {
    EXPECT_EQ(CodeOf(Call(*frontend_, &FrontendStub::CreateBackfill, request, &response)),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_F(BackfillTest, UpdateReplacesFieldsAndCountsTheGeneration) {
  const wire::Backfill created = CreateBackfill();
  wire::Backfill change, updated;
  change.set_id(created.id());
  change.set_generation(9);
  change.mutable_search_fields()->add_tags("other");
  ASSERT_TRUE(Update(change, &updated).ok());
  EXPECT_EQ(updated.generation(), 2);
  EXPECT_EQ(updated.create_time().nanos(), created.create_time().nanos());
  EXPECT_THAT(updated.search_fields().tags(), ElementsAre("other"));
  EXPECT_THAT(QueryBackfills(TaggedPool()), IsEmpty());
  change.set_id(UniqueName("unknown"));
  EXPECT_EQ(CodeOf(Update(change, &updated)), grpc::StatusCode::NOT_FOUND);
  change.clear_id();
  EXPECT_EQ(CodeOf(Update(change, &updated)), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf(Call(*frontend_, &FrontendStub::UpdateBackfill, wire::UpdateBackfillRequest(),
                        &updated)),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(BackfillTest, DeleteIsFineForUnknownOnesButNeedsAnId) {
  const wire::Backfill created = CreateBackfill();
  EXPECT_TRUE(DeleteBackfill(created.id()).ok());
  wire::Backfill backfill;
  EXPECT_EQ(CodeOf(GetBackfill(created.id(), &backfill)), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(QueryBackfills(TaggedPool()), IsEmpty());
  EXPECT_TRUE(DeleteBackfill(created.id()).ok());
  EXPECT_EQ(CodeOf(DeleteBackfill("")), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(BackfillTest, AcknowledgeNeedsIdAndAssignment) {
  const wire::Backfill created = CreateBackfill();
  wire::AcknowledgeBackfillRequest no_id, no_assignment;
  no_id.mutable_assignment();
  no_assignment.set_backfill_id(created.id());
  wire::AcknowledgeBackfillResponse response;
  for (const auto& request : {no_id, no_assignment}) {
    EXPECT_EQ(CodeOf(Call(*frontend_, &FrontendStub::AcknowledgeBackfill, request, &response)),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(CodeOf(Acknowledge(UniqueName("unknown"), &response)), grpc::StatusCode::NOT_FOUND);
  ASSERT_TRUE(Acknowledge(created.id(), &response).ok());
  EXPECT_EQ(response.backfill().generation(), 1);
  EXPECT_EQ(response.tickets_size(), 0);
}

TEST_F(BackfillTest, MatchedTicketsWaitForTheAcknowledgement) {
  const wire::Backfill created = CreateBackfill();
  const std::string a = Create();
  ScriptedFunction function({Filling("m", {a}, created)});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  ASSERT_THAT(fetched.matches, SizeIs(1));
  EXPECT_EQ(GenerationOf(created.id()), 2);
  EXPECT_EQ(ConnectionOf(a), "");
  EXPECT_THAT(Query(), IsEmpty());

  wire::AcknowledgeBackfillResponse response;
  ASSERT_TRUE(Acknowledge(created.id(), &response).ok());
  ASSERT_EQ(response.tickets_size(), 1);
  EXPECT_EQ(response.tickets(0).id(), a);
  EXPECT_EQ(response.tickets(0).assignment().connection(), "h:1");
  EXPECT_EQ(ConnectionOf(a), "h:1");
  ASSERT_TRUE(Acknowledge(created.id(), &response).ok());
  EXPECT_EQ(response.tickets_size(), 0) << "each ticket once";
}

TEST_F(BackfillTest, AMatchCanBringItsOwnBackfill) {
  const std::string a = Create();
  wire::Backfill wanted;
  wanted.mutable_search_fields()->add_tags(tag_);
  ScriptedFunction function({Filling("m", {a}, wanted)});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  ASSERT_THAT(fetched.matches, SizeIs(1));
  const wire::Backfill& made = fetched.matches[0].backfill();
  EXPECT_EQ(made.generation(), 1);
  EXPECT_THAT(QueryBackfills(TaggedPool()), ElementsAre(made.id()));
  wire::AcknowledgeBackfillResponse response;
  ASSERT_TRUE(Acknowledge(made.id(), &response).ok());
  EXPECT_EQ(response.tickets_size(), 1);
  EXPECT_EQ(ConnectionOf(a), "h:1");
}

TEST_F(BackfillTest, AMatchOnAnOldGenerationIsDroppedAndItsTicketsReleased) {
  const wire::Backfill created = CreateBackfill();
  wire::Backfill updated;
  ASSERT_TRUE(Update(created, &updated).ok());
  const std::string a = Create(), b = Create();
  ScriptedFunction function({Filling("old", {a}, created), Proposal("good", {b}, 0)});
  const Fetched fetched = Fetch(function);
  EXPECT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.ids(), ElementsAre(tag_ + ".good"));
  EXPECT_THAT(Query(), ElementsAre(a));
  EXPECT_EQ(GenerationOf(created.id()), 2);
}

TEST_F(BackfillTest, AMatchOnAnUnknownBackfillIsDroppedToo) {
  const std::string a = Create();
  wire::Backfill unknown;
  unknown.set_id(UniqueName("unknown"));
  unknown.set_generation(1);
  ScriptedFunction function({Filling("m", {a}, unknown)});
  const Fetched fetched = Fetch(function);
  EXPECT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.matches, IsEmpty());
  EXPECT_THAT(Query(), ElementsAre(a));
}

TEST_F(BackfillTest, OneMatchForEachBackfillInACycle) {
  const wire::Backfill created = CreateBackfill();
  const std::string a = Create(), b = Create();
  wire::Match better = Filling("better", {b}, created);
  *better.mutable_extensions() = Proposal("", {}, 2).extensions();
  ScriptedFunction function({Filling("m", {a}, created), better});
  const Fetched fetched = Fetch(function);
  EXPECT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.ids(), ElementsAre(tag_ + ".better"));
  EXPECT_THAT(Query(), ElementsAre(a));
}

TEST_F(BackfillTest, UpdateReleasesTheTicketsThatWait) {
  const wire::Backfill created = CreateBackfill();
  const std::string a = Create();
  ScriptedFunction function({Filling("m", {a}, created)});
  ASSERT_THAT(Fetch(function).matches, SizeIs(1));
  EXPECT_THAT(Query(), IsEmpty());
  wire::Backfill updated;
  ASSERT_TRUE(Update(created, &updated).ok());
  EXPECT_EQ(updated.generation(), 3);
  EXPECT_THAT(Query(), ElementsAre(a));
  wire::AcknowledgeBackfillResponse response;
  ASSERT_TRUE(Acknowledge(created.id(), &response).ok());
  EXPECT_EQ(response.tickets_size(), 0);
}

TEST_F(BackfillTest, DeleteReleasesTheTicketsThatWait) {
  const wire::Backfill created = CreateBackfill();
  const std::string a = Create();
  ScriptedFunction function({Filling("m", {a}, created)});
  ASSERT_THAT(Fetch(function).matches, SizeIs(1));
  EXPECT_TRUE(DeleteBackfill(created.id()).ok());
  EXPECT_THAT(Query(), ElementsAre(a));
}

// 80 % of pendingReleaseTimeout after the last acknowledgement.
TEST_F(BackfillTest, BackfillsExpire) {
  if (OpenMatch().pending_release_timeout > std::chrono::seconds(10)) {
    GTEST_SKIP() << "the engine's pendingReleaseTimeout is too long to wait for";
  }
  const wire::Backfill created = CreateBackfill();
  EXPECT_TRUE(Eventually([&] { return QueryBackfills(TaggedPool()).empty(); }));
  // It is removed at the end of a cycle.
  ScriptedFunction function{std::vector<wire::Match>()};
  wire::Backfill backfill;
  EXPECT_TRUE(Eventually([&] {
    Fetch(function);
    return CodeOf(GetBackfill(created.id(), &backfill)) == grpc::StatusCode::NOT_FOUND;
  }));
}

}  // namespace
}  // namespace gsh::conformance
