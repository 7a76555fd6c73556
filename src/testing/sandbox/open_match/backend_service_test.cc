// Fetches whose time the test moves or whose match functions misbehave; tests/conformance has what
// real engines can be asked too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// The match function asks the query service, as real ones do.
TEST_F(OpenMatchTest, FromTicketToAssignment) {
  const std::string a = Create(10), b = Create(20);
  FakeMmf mmf([&](grpc::ServerContext*, const wire::MatchProfile& profile, auto* writer) {
    EXPECT_EQ(profile.name(), "profile");
    Write(writer, Proposal("m", Query(profile.pools(0)), 1));
    return grpc::Status::OK;
  });
  auto request = FetchRequest(mmf.port());
  *request.mutable_profile()->add_pools() = LatencyPool(0, 100);
  const Fetched fetched = Fetch(request);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  ASSERT_THAT(fetched.matches, SizeIs(1));
  ASSERT_EQ(fetched.matches[0].tickets_size(), 2);
  EXPECT_THAT(Query(), IsEmpty());  // pending

  grpc::ClientContext context;
  Limit(context);
  wire::WatchAssignmentsRequest watch;
  watch.set_ticket_id(b);
  const auto reader = frontend_->WatchAssignments(&context, watch);
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({a, b, "unknown"}, "h:1"), &assigned).ok());
  ASSERT_EQ(assigned.failures_size(), 1);
  EXPECT_EQ(assigned.failures(0).ticket_id(), "unknown");
  EXPECT_EQ(assigned.failures(0).cause(), wire::AssignmentFailure::TICKET_NOT_FOUND);
  wire::WatchAssignmentsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.assignment().connection(), "h:1");
  wire::Ticket ticket;
  ASSERT_TRUE(Get(a, &ticket).ok());
  EXPECT_EQ(ticket.assignment().connection(), "h:1");
  context.TryCancel();
}

TEST_F(OpenMatchTest, MatchFunctionsAreCalledByGrpcAlone) {
  auto rest = FetchRequest(1);
  rest.mutable_config()->set_type(wire::FunctionConfig::REST);
  EXPECT_EQ(Fetch(rest).status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(OpenMatchTest, TheErrorSaysThatTheMatchFunctionIsDown) {
  int port = 0;
  {
    port = FakeMmf(Proposing({})).port();
  }
  const Fetched fetched = Fetch(FetchRequest(port));
  EXPECT_EQ(fetched.status.error_code(), grpc::StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("UNAVAILABLE"));
}

TEST_F(OpenMatchTest, TwoProfilesThatCollideGetEachTicketOnce) {
  StartOnManualClock();
  const std::vector<std::string> ids = {Create(), Create(), Create()};
  const std::map<std::string, wire::Match> proposals = {
      {"one", Proposal("low", {ids[0], ids[1]}, 1)},
      {"two", Proposal("high", {ids[1], ids[2]}, 2)}};
  std::promise<void> ran[2];
  std::atomic<int> runs = 0;
  FakeMmf mmf([&](grpc::ServerContext*, const wire::MatchProfile& profile, auto* writer) {
    Write(writer, proposals.at(profile.name()));
    ran[runs++].set_value();
    return grpc::Status::OK;
  });
  const auto fetch = [&](const std::string& profile) {
    return std::async(std::launch::async,
                      [&, profile] { return Fetch(FetchRequest(mmf.port(), profile)); });
  };
  auto one = fetch("one"), two = fetch("two");
  for (auto& each : ran) each.get_future().wait();  // both are registered: one cycle
  clock_.Advance(milliseconds(250));
  const Fetched lower = one.get(), higher = two.get();
  EXPECT_TRUE(lower.status.ok()) << lower.status.error_message();
  EXPECT_TRUE(higher.status.ok()) << higher.status.error_message();
  EXPECT_THAT(higher.ids(), ElementsAre("high"));
  EXPECT_THAT(lower.ids(), IsEmpty());
  EXPECT_THAT(Query(), ElementsAre(ids[0]));
}

TEST_F(OpenMatchTest, PendingTicketsAreReleasedOnRequestAndAfterTheTimeout) {
  StartOnManualClock();
  const std::string a = Create(), b = Create();
  FakeMmf mmf(Proposing({Proposal("m", {a, b}, 1)}));
  auto fetched = std::async(std::launch::async, [&] { return Fetch(FetchRequest(mmf.port())); });
  clock_.WaitForTimers();
  clock_.Advance(milliseconds(250));
  ASSERT_THAT(fetched.get().ids(), ElementsAre("m"));
  EXPECT_THAT(Query(), IsEmpty());
  Release({b});
  EXPECT_THAT(Query(), ElementsAre(b));
  clock_.Advance(minutes(1));
  EXPECT_THAT(Query(), UnorderedElementsAre(a, b));
}

TEST_F(OpenMatchTest, AMatchFunctionThatIsTooSlowIsCancelled) {
  StartOnManualClock();
  std::promise<void> proposed;
  FakeMmf mmf([&](grpc::ServerContext* context, const wire::MatchProfile&, auto* writer) {
    Write(writer, Proposal("m", {"t1"}, 1));
    proposed.set_value();
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  auto fetch = std::async(std::launch::async, [&] { return Fetch(FetchRequest(mmf.port())); });
  proposed.get_future().wait();
  clock_.Advance(milliseconds(250) + seconds(20));
  const Fetched fetched = fetch.get();
  EXPECT_EQ(fetched.status.error_code(), grpc::StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("proposal window"));
}

TEST_F(OpenMatchTest, ACallerThatGoesAwayCancelsItsMatchFunction) {
  std::promise<void> running, cancelled;
  FakeMmf mmf([&](grpc::ServerContext* context, const wire::MatchProfile&, auto*) {
    running.set_value();
    while (!context->IsCancelled()) std::this_thread::yield();
    cancelled.set_value();
    return grpc::Status::CANCELLED;
  });
  grpc::ClientContext context;
  Limit(context);
  const auto reader = backend_->FetchMatches(&context, FetchRequest(mmf.port()));
  running.get_future().wait();
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  cancelled.get_future().wait();
}

}  // namespace
}  // namespace gsh::sandbox
