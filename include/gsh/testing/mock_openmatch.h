// GoogleMock mocks of Open Match's ports. The blocking calls go through the *Async ones, so that
// expectations on these are enough:
//
//   EXPECT_CALL(frontend, GetTicketAsync("t1", _, _))
//       .WillOnce([](auto, auto, auto done) { done(NotFoundError("t1")); });
#ifndef GSH_TESTING_MOCK_OPENMATCH_H_
#define GSH_TESTING_MOCK_OPENMATCH_H_

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/query.h"

namespace gsh::testing {

class MockFrontend : public openmatch::Frontend {
 public:
  MOCK_METHOD(void, CreateTicketAsync,
              (openmatch::Ticket, CallOptions, Callback<openmatch::Ticket>), (override));
  MOCK_METHOD(void, DeleteTicketAsync, (std::string, CallOptions, DoneCallback), (override));
  MOCK_METHOD(void, GetTicketAsync, (std::string, CallOptions, Callback<openmatch::Ticket>),
              (override));
  MOCK_METHOD(void, WatchAssignmentsAsync,
              (std::string, CallOptions, std::function<bool(const openmatch::Assignment&)>,
               DoneCallback),
              (override));
  MOCK_METHOD(void, CreateBackfillAsync,
              (openmatch::Backfill, CallOptions, Callback<openmatch::Backfill>), (override));
  MOCK_METHOD(void, DeleteBackfillAsync, (std::string, CallOptions, DoneCallback), (override));
  MOCK_METHOD(void, GetBackfillAsync, (std::string, CallOptions, Callback<openmatch::Backfill>),
              (override));
  MOCK_METHOD(void, UpdateBackfillAsync,
              (openmatch::Backfill, CallOptions, Callback<openmatch::Backfill>), (override));
  MOCK_METHOD(void, AcknowledgeBackfillAsync,
              (std::string, openmatch::Assignment, CallOptions,
               Callback<openmatch::AcknowledgedBackfill>),
              (override));
};

class MockBackend : public openmatch::Backend {
 public:
  MOCK_METHOD(void, FetchMatchesAsync,
              (openmatch::FunctionConfig, openmatch::MatchProfile, CallOptions,
               std::function<void(openmatch::Match)>, DoneCallback),
              (override));
  MOCK_METHOD(void, AssignTicketsAsync,
              (std::vector<openmatch::AssignmentGroup>, CallOptions,
               std::function<void(StatusOr<std::vector<openmatch::AssignmentFailure>>)>),
              (override));
  MOCK_METHOD(void, ReleaseTicketsAsync, (std::vector<std::string>, CallOptions, DoneCallback),
              (override));
  MOCK_METHOD(void, ReleaseAllTicketsAsync, (CallOptions, DoneCallback), (override));
};

class MockQuery : public openmatch::Query {
 public:
  MOCK_METHOD(void, QueryTicketsAsync, (openmatch::Pool, CallOptions, Callback<openmatch::Ticket>),
              (override));
  MOCK_METHOD(void, QueryTicketIdsAsync, (openmatch::Pool, CallOptions, Callback<std::string>),
              (override));
  MOCK_METHOD(void, QueryBackfillsAsync,
              (openmatch::Pool, CallOptions, Callback<openmatch::Backfill>), (override));
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_MOCK_OPENMATCH_H_
