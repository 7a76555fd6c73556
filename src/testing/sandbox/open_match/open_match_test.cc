// How the engine starts and stops.
#include "src/testing/sandbox/open_match/open_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using gsh::testing::StatusIs;

TEST(OpenMatchStartTest, SaysWhatIsMissingAndWhereItCannotListen) {
  FaultInjector faults;
  OpenMatchServerOptions options;
  EXPECT_THAT(OpenMatch::Start(options), StatusIs(gsh::StatusCode::kInvalidArgument));
  options.server_credentials = grpc::InsecureServerCredentials();
  options.mmf_credentials = grpc::InsecureChannelCredentials();
  options.faults = &faults;
  options.bind = "192.0.2.1";  // TEST-NET: not an address of this machine
  EXPECT_THAT(OpenMatch::Start(options), StatusIs(gsh::StatusCode::kUnavailable));
}

TEST_F(OpenMatchTest, StopEndsOpenStreams) {
  const std::string id = Create();
  std::promise<void> running;
  FakeMmf mmf([&](grpc::ServerContext* context, const wire::MatchProfile&, auto*) {
    running.set_value();
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  grpc::ClientContext watch_context, fetch_context;
  Limit(watch_context);
  Limit(fetch_context);
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  const auto watch = frontend_->WatchAssignments(&watch_context, request);
  const auto fetch = backend_->FetchMatches(&fetch_context, FetchRequest(mmf.port()));
  running.get_future().wait();
  open_match_->Stop();
  EXPECT_FALSE(watch->Finish().ok());
  EXPECT_FALSE(fetch->Finish().ok());
}

}  // namespace
}  // namespace gsh::sandbox
