// What of the frontend only the sandbox can be asked; tests/conformance has the rest.
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

using std::chrono::seconds;

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
    ASSERT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  auto stopped = std::make_shared<std::promise<void>>();
  std::thread([stopped, server = std::move(open_match_)]() mutable {
    server.reset();
    stopped->set_value();
  }).detach();  // a server that never stops cannot be joined either
  EXPECT_EQ(stopped->get_future().wait_for(seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace gsh::sandbox
