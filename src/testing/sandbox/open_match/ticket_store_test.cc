#include "src/testing/sandbox/open_match/ticket_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "src/testing/sandbox/open_match/test_messages.h"

namespace gsh::sandbox {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class TicketStoreTest : public ::testing::Test {
 protected:
  std::string Create() { return store_->Create(LatencyTicket(10))->id; }
  std::vector<std::string> Active() const {
    std::vector<std::string> ids;
    store_->ForEachActive([&](const TicketRef& ticket) { ids.push_back(ticket->id); });
    return ids;
  }
  static AssignmentRef To(const std::string& connection) {
    auto assignment = std::make_shared<wire_openmatch::Assignment>();
    assignment->set_connection(connection);
    return assignment;
  }
  using Ids = std::vector<std::string>;

  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  std::shared_ptr<TicketStore> store_ = TicketStore::Make(
      clock_, rng_,
      {.pending_release_timeout = minutes(1), .assigned_delete_timeout = minutes(10)});
};

TEST_F(TicketStoreTest, CreateGivesIdAndTimeAndTheWireForm) {
  auto ticket = LatencyTicket(10);
  ticket.set_id("mine");
  const TicketRef stored = store_->Create(std::move(ticket));
  EXPECT_EQ(stored->id.size(), 20u);
  wire_openmatch::Ticket parsed;
  ASSERT_TRUE(parsed.ParseFromString(stored->wire));
  EXPECT_EQ(parsed.create_time().seconds(), 1767225600);
  EXPECT_EQ(parsed.id(), stored->id);
  EXPECT_EQ(parsed.search_fields().double_args().at("latency-us-east-1"), 10);
  EXPECT_EQ(store_->size(), 1u);
}

TEST_F(TicketStoreTest, DeletedTicketsAreGone) {
  const std::string id = Create();
  store_->Delete(id);
  store_->Delete(id);
  store_->Delete("unknown");
  EXPECT_FALSE(store_->Get(id));
  EXPECT_EQ(store_->size(), 0u);
  EXPECT_THAT(Active(), IsEmpty());
}

TEST_F(TicketStoreTest, PendingTicketsComeBackAfterTheTimeout) {
  const Ids ids = {Create(), Create()};
  store_->AddPending(Ids{ids[0], "unknown"});
  EXPECT_THAT(Active(), ElementsAre(ids[1]));
  clock_.Advance(minutes(1) - seconds(1));
  EXPECT_THAT(Active(), ElementsAre(ids[1]));
  clock_.Advance(seconds(1));
  EXPECT_THAT(Active(), UnorderedElementsAre(ids[0], ids[1]));
}

TEST_F(TicketStoreTest, ReleasedTicketsComeBackAtOnce) {
  const Ids ids = {Create(), Create(), Create()};
  store_->AddPending(ids);
  store_->Release(Ids{ids[1], "unknown"});
  EXPECT_THAT(Active(), ElementsAre(ids[1]));
  store_->ReleaseAll();
  EXPECT_THAT(Active(), UnorderedElementsAre(ids[0], ids[1], ids[2]));
}

TEST_F(TicketStoreTest, AssignedTicketsLeaveTheActiveOnesAndAreDeletedLater) {
  const std::string id = Create();
  EXPECT_THAT(store_->Assign(Ids{id, "unknown"}, To("h:1")), ElementsAre("unknown"));
  EXPECT_THAT(Active(), IsEmpty());
  store_->ReleaseAll();
  EXPECT_THAT(Active(), IsEmpty());
  EXPECT_EQ(store_->Get(id)->assignment->connection(), "h:1");
  clock_.Advance(minutes(10) - seconds(1));
  EXPECT_TRUE(store_->Get(id));
  clock_.Advance(seconds(1));
  EXPECT_FALSE(store_->Get(id));
  EXPECT_EQ(store_->size(), 0u);
}

TEST_F(TicketStoreTest, ASecondAssignmentStartsTheTimeAnew) {
  const std::string first = Create(), again = Create();
  store_->Assign(Ids{first, again}, To("h:1"));
  clock_.Advance(minutes(6));
  store_->Assign(Ids{again}, To("h:2"));
  clock_.Advance(minutes(4));
  EXPECT_FALSE(store_->Get(first));
  ASSERT_TRUE(store_->Get(again));
  EXPECT_EQ(store_->Get(again)->assignment->connection(), "h:2");
  clock_.Advance(minutes(6));
  EXPECT_FALSE(store_->Get(again));
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(TicketStoreTest, WatchersHearOfAssignmentAndDeletion) {
  const std::string id = Create(), other = Create();
  int calls = 0;
  const auto watch = store_->Watch(id, [&] {
    ++calls;
    store_->Get(id);  // without the store's lock
  });
  store_->Assign(Ids{other}, To("h:1"));
  EXPECT_EQ(calls, 0);
  store_->Assign(Ids{id}, To("h:1"));
  EXPECT_EQ(calls, 1);
  clock_.Advance(minutes(10));
  EXPECT_EQ(calls, 2);
  store_->Unwatch(id, watch);
  const std::string third = Create();
  const auto gone = store_->Watch(third, [&] { ++calls; });
  store_->Unwatch(third, gone);
  store_->Delete(third);
  EXPECT_EQ(calls, 2);
}

TEST_F(TicketStoreTest, ManyThreadsCreateAndDelete) {
  constexpr int kThreads = 8, kEach = 500;
  std::vector<std::vector<std::string>> ids(kThreads);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : ids) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) mine.push_back(Create());
        for (int i = 0; i < kEach; i += 2) store_->Delete(mine[static_cast<std::size_t>(i)]);
      });
    }
    for (int i = 0; i < 20; ++i) (void)Active();
  }
  std::set<std::string> unique;
  for (const auto& mine : ids) unique.insert(mine.begin(), mine.end());
  EXPECT_EQ(unique.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(store_->size(), static_cast<std::size_t>(kThreads * kEach / 2));
  EXPECT_EQ(Active().size(), store_->size());
}

TEST_F(TicketStoreTest, MayGoBeforeItsTimer) {
  store_->Assign(Ids{Create()}, To("h:1"));
  store_.reset();
  clock_.Advance(minutes(10));  // must not touch the store
  EXPECT_EQ(clock_.pending(), 0u);
}

}  // namespace
}  // namespace gsh::sandbox
