// The services over loopback sockets, called through generated stubs, with match functions of the
// tests.
#include "src/testing/sandbox/open_match/open_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/test_messages.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;
using grpc::StatusCode;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using When = SandboxFault::When;

// A match function that a test scripts.
class FakeMmf final : public wire::MatchFunction::Service {
 public:
  using Body = std::function<grpc::Status(grpc::ServerContext*, const wire::MatchProfile&,
                                          grpc::ServerWriter<wire::RunResponse>*)>;

  explicit FakeMmf(Body body) : body_(std::move(body)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeMmf() override { server_->Shutdown(std::chrono::system_clock::now()); }

  int port() const { return port_; }

  grpc::Status Run(grpc::ServerContext* context, const wire::RunRequest* request,
                   grpc::ServerWriter<wire::RunResponse>* writer) override {
    return body_(context, request->profile(), writer);
  }

 private:
  Body body_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

void Write(grpc::ServerWriter<wire::RunResponse>* writer, const wire::Match& proposal) {
  wire::RunResponse response;
  *response.mutable_proposal() = proposal;
  writer->Write(response);
}

// Proposes the same matches in every run.
FakeMmf::Body Proposing(std::vector<wire::Match> proposals, grpc::Status end = grpc::Status::OK) {
  return [=](grpc::ServerContext*, const wire::MatchProfile&, auto* writer) {
    for (const wire::Match& proposal : proposals) Write(writer, proposal);
    return end;
  };
}

struct Fetched {
  grpc::Status status;
  std::vector<wire::Match> matches;
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const wire::Match& match : matches) ids.push_back(match.match_id());
    return ids;
  }
};

class OpenMatchTest : public ::testing::Test {
 protected:
  void Start(testing::OpenMatchTimers timers, Clock* clock = nullptr) {
    OpenMatchServerOptions options;
    options.server_credentials = grpc::InsecureServerCredentials();
    options.mmf_credentials = grpc::InsecureChannelCredentials();
    options.timers = timers;
    options.faults = &faults_;
    options.clock = clock;
    options.rng = &rng_;
    auto started = OpenMatch::Start(options);
    ASSERT_THAT(started, gsh::testing::IsOk());
    open_match_ = *std::move(started);
    const OpenMatchEndpoints& endpoints = open_match_->endpoints();
    const auto channel = [](const std::string& endpoint) {
      return grpc::CreateChannel(endpoint, grpc::InsecureChannelCredentials());
    };
    frontend_ = wire::FrontendService::NewStub(channel(endpoints.frontend));
    backend_ = wire::BackendService::NewStub(channel(endpoints.backend));
    query_ = wire::QueryService::NewStub(channel(endpoints.query));
  }
  void SetUp() override { Start({.registration_interval = milliseconds(20)}); }
  // Again, with time that the test moves.
  void StartOnManualClock() {
    open_match_.reset();
    Start({}, &clock_);
  }

  static void Limit(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + seconds(20));  // a hang, not a wait
  }
  grpc::Status CreateTicket(const wire::CreateTicketRequest& request, wire::Ticket* response) {
    grpc::ClientContext context;
    Limit(context);
    return frontend_->CreateTicket(&context, request, response);
  }
  std::string Create(double latency = 10) {
    wire::CreateTicketRequest request;
    *request.mutable_ticket() = LatencyTicket(latency);
    wire::Ticket ticket;
    EXPECT_TRUE(CreateTicket(request, &ticket).ok());
    return ticket.id();
  }
  grpc::Status Get(const std::string& id, wire::Ticket* ticket) {
    grpc::ClientContext context;
    Limit(context);
    wire::GetTicketRequest request;
    request.set_ticket_id(id);
    return frontend_->GetTicket(&context, request, ticket);
  }
  grpc::Status Delete(const std::string& id) {
    grpc::ClientContext context;
    Limit(context);
    wire::DeleteTicketRequest request;
    request.set_ticket_id(id);
    google::protobuf::Empty response;
    return frontend_->DeleteTicket(&context, request, &response);
  }
  std::vector<std::string> Query(const wire::Pool& pool = LatencyPool(0, 1000)) {
    grpc::ClientContext context;
    Limit(context);
    wire::QueryTicketsRequest request;
    *request.mutable_pool() = pool;
    const auto reader = query_->QueryTickets(&context, request);
    std::vector<std::string> ids;
    wire::QueryTicketsResponse page;
    pages_ = 0;
    for (; reader->Read(&page); ++pages_) {
      for (const auto& ticket : page.tickets()) ids.push_back(ticket.id());
    }
    EXPECT_TRUE(reader->Finish().ok());
    return ids;
  }
  static wire::FetchMatchesRequest FetchRequest(int port, const std::string& profile = "profile") {
    wire::FetchMatchesRequest request;
    request.mutable_config()->set_host("127.0.0.1");
    request.mutable_config()->set_port(port);
    request.mutable_profile()->set_name(profile);
    return request;
  }
  Fetched Fetch(const wire::FetchMatchesRequest& request) {
    grpc::ClientContext context;
    Limit(context);
    const auto reader = backend_->FetchMatches(&context, request);
    Fetched fetched;
    wire::FetchMatchesResponse response;
    while (reader->Read(&response)) fetched.matches.push_back(response.match());
    fetched.status = reader->Finish();
    return fetched;
  }
  grpc::Status Assign(const wire::AssignTicketsRequest& request,
                      wire::AssignTicketsResponse* response) {
    grpc::ClientContext context;
    Limit(context);
    return backend_->AssignTickets(&context, request, response);
  }
  static wire::AssignTicketsRequest AssignRequest(std::vector<std::string> ids,
                                                  const std::string& connection) {
    wire::AssignTicketsRequest request;
    auto* group = request.add_assignments();
    group->mutable_assignment()->set_connection(connection);
    for (std::string& id : ids) group->add_ticket_ids(std::move(id));
    return request;
  }
  void Release(const std::vector<std::string>& ids) {
    grpc::ClientContext context;
    Limit(context);
    wire::ReleaseTicketsRequest request;
    for (const std::string& id : ids) request.add_ticket_ids(id);
    wire::ReleaseTicketsResponse response;
    EXPECT_TRUE(backend_->ReleaseTickets(&context, request, &response).ok());
  }

  FaultInjector faults_;
  gsh::testing::ManualClock clock_;
  gsh::testing::SeededRng rng_{1};
  std::unique_ptr<OpenMatch> open_match_;
  std::unique_ptr<wire::FrontendService::Stub> frontend_;
  std::unique_ptr<wire::BackendService::Stub> backend_;
  std::unique_ptr<wire::QueryService::Stub> query_;
  int pages_ = 0;  // of the last query
};

// ---- frontend

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

// ---- query

TEST_F(OpenMatchTest, QueryFiltersAndKeepsTheOrderOfCreation) {
  std::vector<std::string> wanted;
  for (int i = 0; i < 30; ++i) {
    const std::string id = Create(i);
    if (i >= 10 && i <= 19) wanted.push_back(id);
  }
  EXPECT_EQ(Query(LatencyPool(10, 19)), wanted);
  EXPECT_THAT(Query(LatencyPool(10, 19, "eu-west-1")), IsEmpty());
}

TEST_F(OpenMatchTest, QueryComesInPages) {
  open_match_.reset();
  Start({.query_page_size = 1});  // raised to the least, 10
  for (int i = 0; i < 25; ++i) Create();
  EXPECT_THAT(Query(), SizeIs(25));
  EXPECT_EQ(pages_, 3);

  grpc::ClientContext context;
  Limit(context);
  wire::QueryTicketIdsRequest request;
  *request.mutable_pool() = LatencyPool(0, 1000);
  const auto reader = query_->QueryTicketIds(&context, request);
  wire::QueryTicketIdsResponse page;
  std::vector<int> sizes;
  while (reader->Read(&page)) sizes.push_back(page.ids_size());
  EXPECT_THAT(sizes, ElementsAre(10, 10, 5));
}

TEST_F(OpenMatchTest, QueryNeedsAPoolOfValidTimes) {
  wire::QueryTicketsRequest none, broken;
  broken.mutable_pool()->mutable_created_after()->set_nanos(-1);
  for (const auto& request : {none, broken}) {
    grpc::ClientContext context;
    Limit(context);
    EXPECT_EQ(query_->QueryTickets(&context, request)->Finish().error_code(),
              StatusCode::INVALID_ARGUMENT);
  }
  grpc::ClientContext ids, backfills;
  EXPECT_EQ(query_->QueryTicketIds(&ids, {})->Finish().error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(query_->QueryBackfills(&backfills, {})->Finish().error_code(),
            StatusCode::INVALID_ARGUMENT);
}

// ---- backend

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

TEST_F(OpenMatchTest, FetchNeedsConfigAndProfileAndGrpc) {
  wire::FetchMatchesRequest no_config, no_profile;
  no_config.mutable_profile();
  no_profile.mutable_config();
  auto rest = FetchRequest(1);
  rest.mutable_config()->set_type(wire::FunctionConfig::REST);
  EXPECT_EQ(Fetch(no_config).status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Fetch(no_profile).status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Fetch(rest).status.error_code(), StatusCode::UNIMPLEMENTED);
}

TEST_F(OpenMatchTest, AMatchIdTwiceFailsTheCall) {
  FakeMmf mmf(Proposing({Proposal("m", {"t1"}, 1), Proposal("m", {"t2"}, 1)}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  EXPECT_EQ(fetched.status.error_code(), StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("twice"));
  EXPECT_THAT(fetched.matches, IsEmpty());
}

TEST_F(OpenMatchTest, AMatchFunctionThatIsDownIsUnknown) {
  int port = 0;
  {
    port = FakeMmf(Proposing({})).port();
  }
  const Fetched fetched = Fetch(FetchRequest(port));
  EXPECT_EQ(fetched.status.error_code(), StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("UNAVAILABLE"));
}

TEST_F(OpenMatchTest, MatchesBeforeTheMatchFunctionsErrorStillCome) {
  FakeMmf mmf(Proposing({Proposal("m", {"t1"}, 1)}, {StatusCode::INTERNAL, "broke down"}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  EXPECT_THAT(fetched.ids(), ElementsAre("m"));
  EXPECT_EQ(fetched.status.error_code(), StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("broke down"));
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

TEST_F(OpenMatchTest, ReleaseAllBringsEveryPendingTicketBack) {
  const std::string a = Create(), b = Create();
  FakeMmf mmf(Proposing({Proposal("m", {a, b}, 1)}));
  ASSERT_TRUE(Fetch(FetchRequest(mmf.port())).status.ok());
  EXPECT_THAT(Query(), IsEmpty());
  grpc::ClientContext context;
  wire::ReleaseAllTicketsResponse response;
  ASSERT_TRUE(backend_->ReleaseAllTickets(&context, {}, &response).ok());
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
  EXPECT_EQ(fetched.status.error_code(), StatusCode::UNKNOWN);
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
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
  cancelled.get_future().wait();
}

TEST_F(OpenMatchTest, AMatchMayOpenABackfillAndFillIt) {
  const std::string a = Create(), b = Create(), c = Create();
  auto opening = Proposal("open", {a}, 1);
  opening.mutable_backfill()->mutable_search_fields()->add_tags("x");
  // All three stay to the end: one that took over the port of one that is gone would meet a
  // connection of Open Match's that is still in its back-off.
  FakeMmf first(Proposing({opening}));
  const Fetched opened = Fetch(FetchRequest(first.port()));
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  ASSERT_THAT(opened.matches, SizeIs(1));
  const wire::Backfill backfill = opened.matches[0].backfill();
  EXPECT_EQ(backfill.generation(), 1);

  auto filling = Proposal("fill", {b}, 1);
  *filling.mutable_backfill() = backfill;
  FakeMmf second(Proposing({filling}));
  const Fetched filled = Fetch(FetchRequest(second.port()));
  EXPECT_TRUE(filled.status.ok()) << filled.status.error_message();
  EXPECT_THAT(filled.ids(), ElementsAre("fill"));
  // Now the backfill is of another generation: the match is dropped, its ticket free again.
  auto stale = Proposal("stale", {c}, 1);
  *stale.mutable_backfill() = backfill;
  FakeMmf third(Proposing({stale}));
  const Fetched dropped = Fetch(FetchRequest(third.port()));
  EXPECT_TRUE(dropped.status.ok()) << dropped.status.error_message();
  EXPECT_THAT(dropped.matches, IsEmpty());
  EXPECT_THAT(Query(), ElementsAre(c));

  grpc::ClientContext context;
  wire::AcknowledgeBackfillRequest request;
  request.set_backfill_id(backfill.id());
  request.mutable_assignment()->set_connection("h:1");
  wire::AcknowledgeBackfillResponse response;
  ASSERT_TRUE(frontend_->AcknowledgeBackfill(&context, request, &response).ok());
  ASSERT_EQ(response.tickets_size(), 2);
  EXPECT_EQ(response.tickets(1).assignment().connection(), "h:1");
}

TEST_F(OpenMatchTest, AssignTicketsChecksTheWholeRequest) {
  const std::string id = Create();
  wire::AssignTicketsResponse response;
  auto twice = AssignRequest({id, id}, "h:1");
  auto empty = AssignRequest({}, "h:1");
  auto none = AssignRequest({id}, "h:1");
  none.mutable_assignments(0)->clear_assignment();
  for (const auto& request : {twice, empty, none}) {
    EXPECT_EQ(Assign(request, &response).error_code(), StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_TRUE(Assign({}, &response).ok());
  EXPECT_THAT(Query(), ElementsAre(id));
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

// ---- faults

TEST_F(OpenMatchTest, AFaultBeforeTheCallHasNoEffectAndOneAfterItHas) {
  const SandboxFault fault{
      .method = "CreateTicket", .when = When::kBefore, .status = UnavailableError("injected")};
  faults_.Inject(fault);
  wire::CreateTicketRequest request;
  *request.mutable_ticket() = LatencyTicket(10);
  wire::Ticket ticket;
  EXPECT_EQ(CreateTicket(request, &ticket).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(open_match_->ticket_count(), 0u);
  auto after = fault;
  after.when = When::kAfter;
  faults_.Inject(after);
  EXPECT_EQ(CreateTicket(request, &ticket).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(open_match_->ticket_count(), 1u);
  EXPECT_TRUE(CreateTicket(request, &ticket).ok());
}

TEST_F(OpenMatchTest, ADelayHoldsTheCallBack) {
  StartOnManualClock();
  faults_.Inject({.method = "CreateTicket", .status = {}, .delay = seconds(5)});
  auto created = std::async(std::launch::async, [&] { return Create(); });
  clock_.WaitForTimers();
  EXPECT_EQ(open_match_->ticket_count(), 0u);
  clock_.Advance(seconds(5));
  EXPECT_THAT(created.get(), SizeIs(20));
}

TEST_F(OpenMatchTest, ACancelledCallDoesNotWaitForItsDelay) {
  StartOnManualClock();
  faults_.Inject({.method = "", .status = {}, .delay = seconds(5), .times = -1});
  grpc::ClientContext create_context, query_context, fetch_context, watch_context;
  auto create = std::async(std::launch::async, [&] {
    wire::CreateTicketRequest request;
    request.mutable_ticket();
    wire::Ticket ticket;
    return frontend_->CreateTicket(&create_context, request, &ticket);
  });
  const auto query = query_->QueryTickets(&query_context, {});
  const auto fetch = backend_->FetchMatches(&fetch_context, FetchRequest(1));
  const auto watch = frontend_->WatchAssignments(&watch_context, {});
  clock_.WaitForTimers(4);
  open_match_.reset();  // waits for every call
  EXPECT_FALSE(create.get().ok());
  EXPECT_FALSE(query->Finish().ok());
  EXPECT_FALSE(fetch->Finish().ok());
  EXPECT_FALSE(watch->Finish().ok());
  clock_.Advance(seconds(5));  // late timers find nothing to do
}

TEST_F(OpenMatchTest, StreamsSufferFaultsToo) {
  const std::string id = Create();
  const auto fault = [](const char* method) {
    return SandboxFault{.method = method, .when = When::kAfter, .status = AbortedError("injected")};
  };
  faults_.Inject(fault("QueryTickets"));
  grpc::ClientContext query_context, watch_context;
  wire::QueryTicketsRequest query;
  *query.mutable_pool() = LatencyPool(0, 1000);
  const auto queried = query_->QueryTickets(&query_context, query);
  wire::QueryTicketsResponse page;
  EXPECT_TRUE(queried->Read(&page));
  EXPECT_FALSE(queried->Read(&page));
  EXPECT_EQ(queried->Finish().error_code(), StatusCode::ABORTED);

  faults_.Inject(fault("FetchMatches"));
  FakeMmf mmf(Proposing({Proposal("m", {id}, 1)}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  EXPECT_THAT(fetched.ids(), ElementsAre("m"));
  EXPECT_EQ(fetched.status.error_code(), StatusCode::ABORTED);

  faults_.Inject(fault("WatchAssignments"));
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({id}, "h:1"), &assigned).ok());
  wire::WatchAssignmentsRequest request;
  request.set_ticket_id(id);
  const auto watch = frontend_->WatchAssignments(&watch_context, request);
  wire::WatchAssignmentsResponse response;
  EXPECT_TRUE(watch->Read(&response));
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), StatusCode::ABORTED);
}

// ---- start

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

}  // namespace
}  // namespace gsh::sandbox
