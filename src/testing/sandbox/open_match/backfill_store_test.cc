#include "src/testing/sandbox/open_match/backfill_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BackfillStoreTest : public ::testing::Test {
 protected:
  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  BackfillStore store_{clock_, rng_, seconds(48)};
};

TEST_F(BackfillStoreTest, CreateStartsTheFirstGeneration) {
  wire_openmatch::Backfill wanted;
  wanted.set_generation(9);
  const BackfillRef created = store_.Create(wanted, {});
  EXPECT_EQ(created->id().size(), 20u);
  EXPECT_EQ(created->generation(), 1);
  EXPECT_TRUE(created->has_create_time());
  ASSERT_THAT(store_.Get(created->id()), IsOk());
  EXPECT_THAT(store_.Get("unknown"), StatusIs(StatusCode::kNotFound));
}

TEST_F(BackfillStoreTest, ReplaceKeepsIdentityAndFreesTheTickets) {
  const BackfillRef created = store_.Create({}, {"t1"});
  wire_openmatch::Backfill change;
  change.set_id(created->id());
  change.mutable_search_fields()->add_tags("tag");
  clock_.Advance(seconds(1));
  const auto replaced = store_.Replace(change);
  ASSERT_THAT(replaced, IsOk());
  EXPECT_THAT(replaced->ticket_ids, ElementsAre("t1"));
  EXPECT_EQ(replaced->backfill->generation(), 2);
  EXPECT_EQ(replaced->backfill->create_time().seconds(), created->create_time().seconds());
  EXPECT_THAT(replaced->backfill->search_fields().tags(), ElementsAre("tag"));
  EXPECT_THAT(store_.Get(created->id())->ticket_ids, IsEmpty());
}

TEST_F(BackfillStoreTest, TicketsWaitForTheAcknowledgement) {
  const BackfillRef created = store_.Create({}, {"t1"});
  ASSERT_THAT(store_.AddTickets(*created, {"t2"}), IsOk());
  EXPECT_THAT(store_.AddTickets(*created, {"t3"}), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(store_.Get(created->id())->backfill->generation(), 2);
  const auto acknowledged = store_.Acknowledge(created->id());
  ASSERT_THAT(acknowledged, IsOk());
  EXPECT_THAT(acknowledged->ticket_ids, ElementsAre("t1", "t2"));
  EXPECT_THAT(store_.Acknowledge(created->id())->ticket_ids, IsEmpty());
}

TEST_F(BackfillStoreTest, ExpiresWithoutAcknowledgement) {
  const std::string kept = store_.Create({}, {})->id();
  const std::string lost = store_.Create({}, {"t1"})->id();
  clock_.Advance(seconds(47));
  ASSERT_THAT(store_.Acknowledge(kept), IsOk());
  clock_.Advance(seconds(1));
  EXPECT_THAT(store_.Active(), SizeIs(1));
  EXPECT_EQ(store_.Active()[0]->id(), kept);
  EXPECT_THAT(store_.Get(lost), IsOk());
  EXPECT_THAT(store_.Acknowledge(lost), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(store_.Replace(*store_.Get(lost)->backfill), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(store_.AddTickets(*store_.Get(lost)->backfill, {}),
              StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(store_.TakeExpired(), ElementsAre("t1"));
  EXPECT_THAT(store_.Get(lost), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(store_.Get(kept), IsOk());
}

TEST_F(BackfillStoreTest, DeleteFreesTheTickets) {
  const std::string id = store_.Create({}, {"t1"})->id();
  EXPECT_THAT(store_.Delete(id), ElementsAre("t1"));
  EXPECT_THAT(store_.Delete(id), IsEmpty());
  EXPECT_THAT(store_.Active(), IsEmpty());
}

}  // namespace
}  // namespace gsh::sandbox
