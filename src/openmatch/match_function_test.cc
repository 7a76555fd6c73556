// The match function server, called as Open Match's backend calls it.
#include "gsh/openmatch/match_function.h"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/openmatch/convert.h"
#include "src/openmatch/wire_match_function.h"
#include "src/openmatch/wire_ticket.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::RecordingLog;
using testing::RecordingMetrics;
using testing::StatusIs;

// Gives each pool two tickets named after it, unless told otherwise.
class FakeQuery : public Query {
 public:
  void QueryTicketsAsync(Pool pool, CallOptions, Callback<Ticket> done) override {
    std::vector<std::function<void()>> ready;
    {
      std::lock_guard lock(mutex_);
      waiting_.emplace_back([this, pool, done = std::move(done)] {
        if (!failure_.ok()) return done(failure_);
        done(std::vector<Ticket>{{.id = pool.name + "-1"}, {.id = pool.name + "-2"}});
      });
      if (waiting_.size() < hold_until_) return;
      ready.swap(waiting_);
    }
    for (const auto& answer : ready) answer();
  }
  void QueryTicketIdsAsync(Pool, CallOptions, Callback<std::string> done) override {
    done(std::vector<std::string>{});
  }
  void QueryBackfillsAsync(Pool pool, CallOptions, Callback<Backfill> done) override {
    ++backfill_queries_;
    if (!backfill_failure_.ok()) return done(backfill_failure_);
    done(std::vector<Backfill>{{.id = pool.name + "-open", .generation = 2}});
  }

  Status failure_;
  Status backfill_failure_;
  std::atomic<int> backfill_queries_ = 0;
  std::size_t hold_until_ = 1;  // answers come only when so many queries wait

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
};

// Gives tickets serialised, too.
class FakeWireQuery final : public FakeQuery, public WireQuery {
 public:
  void QueryWireTicketsAsync(
      Pool pool, CallOptions,
      std::function<void(StatusOr<std::vector<std::string>>)> done) override {
    if (!failure_.ok()) return done(failure_);
    wire_openmatch::Ticket ticket;
    ticket.set_id(pool.name + "-wire");
    done(std::vector<std::string>{ticket.SerializeAsString()});
  }
};

// Proposes each pool as one match, and says which way it was run.
MatchFunction BothWays() {
  return DualMatchFunction{.on_tickets =
                               [](const MatchRequest& request, const EmitProposal& emit) {
                                 for (const auto& [pool, tickets] : request.pools) {
                                   emit({.id = "tickets of " + pool, .tickets = tickets});
                                 }
                                 return OkStatus();
                               },
                           .on_wire =
                               [](const WireMatchRequest& request, const EmitWireProposal& emit) {
                                 for (const auto& [pool, tickets] : request.pools) {
                                   const std::vector<std::string_view> views(tickets.begin(),
                                                                             tickets.end());
                                   emit(WireProposal({.id = "wire of " + pool}, views));
                                 }
                                 return OkStatus();
                               }};
}

Match Proposal(std::string id, std::vector<std::string> tickets) {
  Match match{.id = std::move(id)};
  for (std::string& ticket : tickets) match.tickets.push_back({.id = std::move(ticket)});
  return match;
}

// One Run call and what came of it.
struct RunResult {
  std::vector<std::string> ids;
  std::vector<std::string> tickets;  // of all of them
  grpc::Status status;
};

class MatchFunctionTest : public ::testing::Test {
 protected:
  void Start(MatchFunction function) {
    options_.listen = "127.0.0.1:0";
    options_.tls.insecure = true;
    if (options_.query == nullptr) options_.query = &query_;
    options_.function = std::move(function);
    options_.log = &log_;
    options_.metrics = &metrics_;
    auto server = StartMatchFunctionServer(options_);
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = wire_openmatch::MatchFunction::NewStub(channel_);
  }

  RunResult Call(const std::vector<std::string>& pools = {"a"}) {
    grpc::ClientContext context;
    return Call(context, pools);
  }
  RunResult Call(grpc::ClientContext& context, const std::vector<std::string>& pools = {"a"}) {
    wire_openmatch::RunRequest request;
    request.mutable_profile()->set_name("profile");
    for (const std::string& pool : pools) request.mutable_profile()->add_pools()->set_name(pool);
    const auto reader = stub_->Run(&context, request);
    RunResult run;
    wire_openmatch::RunResponse response;
    while (reader->Read(&response)) {
      run.ids.push_back(response.proposal().match_id());
      for (const auto& ticket : response.proposal().tickets()) run.tickets.push_back(ticket.id());
    }
    run.status = reader->Finish();
    return run;
  }
  static int CodeOf(const RunResult& run) { return static_cast<int>(run.status.error_code()); }

  // grpc.health.v1.Health/Check without its generated code: the status (1: SERVING), or minus the
  // gRPC code.
  int Health() {
    grpc::ClientContext context;
    const grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check", nullptr,
                                           grpc::internal::RpcMethod::NORMAL_RPC);
    const google::protobuf::Empty request;  // no service named: the server as a whole
    google::protobuf::Int32Value response;  // field 1 is a number, as in HealthCheckResponse
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall(channel_.get(), method, &context, request, &response);
    return status.ok() ? response.value() : -static_cast<int>(status.error_code());
  }

  FakeQuery query_;
  RecordingLog log_;
  RecordingMetrics metrics_;
  MatchFunctionServerOptions options_;
  std::unique_ptr<MatchFunctionServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<wire_openmatch::MatchFunction::Stub> stub_;
};

TEST_F(MatchFunctionTest, GivesTheFunctionItsPoolsAndStreamsItsProposals) {
  Start([](const MatchRequest& request, const EmitProposal& emit) {
    EXPECT_EQ(request.profile.name, "profile");
    EXPECT_EQ(request.pools.size(), 2u);
    for (const auto& [pool, tickets] : request.pools) {
      EXPECT_TRUE(emit(Proposal("match-" + pool, {tickets[0].id, tickets[1].id})));
    }
    return OkStatus();
  });
  const RunResult run = Call({"a", "b"});
  EXPECT_TRUE(run.status.ok());
  EXPECT_THAT(run.ids, ElementsAre("match-a", "match-b"));
  EXPECT_EQ(metrics_.Value("gsh_match_function_runs_total{code=OK}"), 1);
  EXPECT_EQ(metrics_.Value("gsh_match_function_proposals_total"), 2);
}

TEST_F(MatchFunctionTest, PoolsAreQueriedTogether) {
  query_.hold_until_ = 3;  // one after the other would wait for ever
  Start([](const MatchRequest& request, const EmitProposal&) {
    EXPECT_EQ(request.pools.size(), 3u);
    return OkStatus();
  });
  EXPECT_TRUE(Call({"a", "b", "c"}).status.ok());
}

TEST_F(MatchFunctionTest, AFailedQueryEndsTheRunAndNamesThePool) {
  query_.failure_ = UnavailableError("query service down");
  Start([](const MatchRequest&, const EmitProposal&) {
    ADD_FAILURE() << "ran without its tickets";
    return OkStatus();
  });
  const RunResult run = Call();
  EXPECT_EQ(CodeOf(run), 14);
  EXPECT_THAT(run.status.error_message(), HasSubstr("pool \"a\": query service down"));
}

TEST_F(MatchFunctionTest, ManyProposalsComeInOrder) {
  Start([](const MatchRequest&, const EmitProposal& emit) {
    for (int i = 0; i < 2000; ++i) {
      const std::string n = std::to_string(i);
      if (!emit(Proposal("m" + n, {"t" + n}))) return InternalError("refused");
    }
    return OkStatus();
  });
  const RunResult run = Call();
  EXPECT_TRUE(run.status.ok());
  ASSERT_EQ(run.ids.size(), 2000u);
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(run.ids[static_cast<std::size_t>(i)], "m" + std::to_string(i));
  }
}

struct BadProposal {
  std::string name;
  std::vector<Match> proposals;
  std::string error;
};

class BadProposalTest : public MatchFunctionTest,
                        public ::testing::WithParamInterface<BadProposal> {};

TEST_P(BadProposalTest, FailsTheRun) {
  Start([](const MatchRequest&, const EmitProposal& emit) {
    const std::vector<Match>& proposals = GetParam().proposals;
    for (std::size_t i = 0; i + 1 < proposals.size(); ++i) EXPECT_TRUE(emit(proposals[i]));
    EXPECT_FALSE(emit(proposals.back()));
    EXPECT_FALSE(emit(Proposal("fine", {"unused"})));  // the run is lost
    return OkStatus();
  });
  const RunResult run = Call();
  EXPECT_EQ(CodeOf(run), 3);
  EXPECT_THAT(run.status.error_message(), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, BadProposalTest,
    ::testing::Values(BadProposal{"NoId", {Proposal("", {"t1"})}, "no match id"},
                      BadProposal{"IdIsNoText", {Proposal("\xff", {"t1"})}, "not UTF-8"},
                      BadProposal{
                          "IdTwice", {Proposal("m", {"t1"}), Proposal("m", {"t2"})}, "match id m"},
                      BadProposal{"TicketTwice", {Proposal("m", {"t1", "t1"})}, "ticket t1"},
                      BadProposal{"TicketInTwo",
                                  {Proposal("m", {"t1"}), Proposal("n", {"t2", "t1"})},
                                  "proposal n holds ticket t1"}),
    [](const auto& param) { return param.param.name; });

TEST_F(MatchFunctionTest, TheNextRunMayUseTheSameTickets) {
  Start([](const MatchRequest&, const EmitProposal& emit) {
    EXPECT_TRUE(emit(Proposal("m", {"t1"})));
    return OkStatus();
  });
  EXPECT_TRUE(Call().status.ok());
  EXPECT_TRUE(Call().status.ok());
}

TEST_F(MatchFunctionTest, TheFunctionsErrorIsTheRuns) {
  Start([](const MatchRequest&, const EmitProposal&) { return AbortedError("no rules"); });
  const RunResult run = Call();
  EXPECT_EQ(CodeOf(run), 10);
  EXPECT_EQ(run.status.error_message(), "no rules");
  EXPECT_EQ(log_.Count("match function run failed"), 1);
}

TEST_F(MatchFunctionTest, AnExceptionIsAnError) {
  Start([](const MatchRequest&, const EmitProposal&) -> Status {
    throw std::runtime_error("out of luck");
  });
  const RunResult run = Call();
  EXPECT_EQ(CodeOf(run), 13);
  EXPECT_THAT(run.status.error_message(), HasSubstr("out of luck"));
}

TEST_F(MatchFunctionTest, TheFunctionLearnsThatTheCallerIsGone) {
  std::promise<void> running;
  std::promise<bool> listened;
  Start([&](const MatchRequest& request, const EmitProposal& emit) {
    std::promise<void> stopped;
    std::stop_callback on_stop(request.stop, [&] { stopped.set_value(); });
    running.set_value();
    stopped.get_future().wait();
    listened.set_value(emit(Proposal("late", {"t1"})));
    return OkStatus();
  });
  grpc::ClientContext context;
  std::thread caller([&] { EXPECT_FALSE(Call(context).status.ok()); });
  running.get_future().wait();
  context.TryCancel();
  EXPECT_FALSE(listened.get_future().get());
  caller.join();
}

TEST_F(MatchFunctionTest, RunsBeyondTheLimitAreRefused) {
  options_.max_concurrent_runs = 2;
  std::promise<void> leave;
  const std::shared_future<void> gate = leave.get_future().share();
  std::atomic<int> inside = 0;
  std::promise<void> both;
  Start([&](const MatchRequest&, const EmitProposal&) {
    if (++inside == 2) both.set_value();
    gate.wait();
    return OkStatus();
  });
  auto first = std::async(std::launch::async, [&] { return Call(); });
  auto second = std::async(std::launch::async, [&] { return Call(); });
  both.get_future().wait();
  const RunResult third = Call();
  EXPECT_EQ(CodeOf(third), 8);
  leave.set_value();
  EXPECT_TRUE(first.get().status.ok());
  EXPECT_TRUE(second.get().status.ok());
}

TEST_F(MatchFunctionTest, StopLetsARunFinish) {
  std::promise<void> running;
  std::promise<void> leave;
  Start([&](const MatchRequest&, const EmitProposal& emit) {
    running.set_value();
    leave.get_future().wait();
    EXPECT_TRUE(emit(Proposal("m", {"t1"})));
    return OkStatus();
  });
  auto run = std::async(std::launch::async, [&] { return Call(); });
  running.get_future().wait();
  std::thread stopper([&] { server_->Stop(); });
  leave.set_value();
  stopper.join();
  const RunResult result = run.get();
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_THAT(result.ids, ElementsAre("m"));
}

TEST_F(MatchFunctionTest, StopCancelsARunThatDoesNotFinish) {
  options_.drain_timeout = Duration(1);
  std::promise<void> running;
  Start([&](const MatchRequest& request, const EmitProposal&) {
    std::promise<void> stopped;
    std::stop_callback on_stop(request.stop, [&] { stopped.set_value(); });
    running.set_value();
    stopped.get_future().wait();
    return CancelledError("stopped");
  });
  auto run = std::async(std::launch::async, [&] { return Call(); });
  running.get_future().wait();
  server_->Stop();
  EXPECT_FALSE(run.get().status.ok());
  server_->Stop();  // again: nothing
}

TEST_F(MatchFunctionTest, SerialisedTicketsGoToAFunctionThatKnowsThem) {
  FakeWireQuery query;
  options_.query = &query;
  Start(BothWays());
  const RunResult run = Call({"a", "b"});
  EXPECT_TRUE(run.status.ok()) << run.status.error_message();
  EXPECT_THAT(run.ids, ElementsAre("wire of a", "wire of b"));
  EXPECT_THAT(run.tickets, ElementsAre("a-wire", "b-wire"));
}

TEST_F(MatchFunctionTest, WithoutAQueryThatGivesThemItGetsTickets) {
  Start(BothWays());
  const RunResult run = Call({"a"});
  EXPECT_THAT(run.ids, ElementsAre("tickets of a"));
  EXPECT_THAT(run.tickets, ElementsAre("a-1", "a-2"));
}

TEST_F(MatchFunctionTest, AFailedQueryOfSerialisedTicketsEndsTheRun) {
  FakeWireQuery query;
  query.failure_ = UnavailableError("no query service");
  options_.query = &query;
  Start(BothWays());
  const RunResult run = Call({"a"});
  EXPECT_EQ(run.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(run.status.error_message(), HasSubstr("pool \"a\""));
  EXPECT_THAT(run.ids, ElementsAre());
}

// Gives the ids of the pools' backfills as proposals.
MatchFunction BackfillIds() {
  const auto emit_ids = [](const auto& request, const auto& emit) {
    for (const auto& [pool, backfills] : request.backfills) {
      for (const Backfill& backfill : backfills) emit(pool + " " + backfill.id);
    }
    return OkStatus();
  };
  return DualMatchFunction{.on_tickets =
                               [=](const MatchRequest& request, const EmitProposal& emit) {
                                 return emit_ids(request,
                                                 [&](std::string id) { emit(Proposal(id, {id})); });
                               },
                           .on_wire =
                               [=](const WireMatchRequest& request, const EmitWireProposal& emit) {
                                 return emit_ids(request, [&](std::string id) {
                                   emit(WireProposal({.id = "wire " + std::move(id)}, {}));
                                 });
                               }};
}

TEST_F(MatchFunctionTest, PoolsAreAskedForBackfillsIfWanted) {
  options_.query_backfills = true;
  Start(BackfillIds());
  const RunResult run = Call({"a", "b"});
  EXPECT_TRUE(run.status.ok()) << run.status.error_message();
  EXPECT_THAT(run.ids, ElementsAre("a a-open", "b b-open"));
}

TEST_F(MatchFunctionTest, BackfillsComeWithSerialisedTicketsToo) {
  FakeWireQuery query;
  options_.query = &query;
  options_.query_backfills = true;
  Start(BackfillIds());
  EXPECT_THAT(Call({"a"}).ids, ElementsAre("wire a a-open"));
}

TEST_F(MatchFunctionTest, NobodyAsksForBackfillsOtherwise) {
  Start(BackfillIds());
  EXPECT_THAT(Call({"a"}).ids, ElementsAre());
  EXPECT_EQ(query_.backfill_queries_, 0);
}

TEST_F(MatchFunctionTest, ARunGoesOnWithoutBackfillsThatCannotBeHad) {
  query_.backfill_failure_ = Status(StatusCode::kUnimplemented, "an older Open Match");
  options_.query_backfills = true;
  Start(BothWays());
  const RunResult run = Call({"a"});
  EXPECT_TRUE(run.status.ok()) << run.status.error_message();
  EXPECT_THAT(run.ids, ElementsAre("tickets of a"));
  EXPECT_EQ(log_.Count("goes on without backfills profile=profile"), 1);
  EXPECT_EQ(metrics_.Value("gsh_match_function_runs_without_backfills_total"), 1);
}

TEST_F(MatchFunctionTest, ManyProposalsArriveWholeAndInOrder) {
  constexpr int kMany = 2000;  // more than wait for the network at a time
  Start([](const MatchRequest&, const EmitProposal& emit) {
    for (int i = 0; i < kMany; ++i) emit(Proposal(std::to_string(i), {"t" + std::to_string(i)}));
    return OkStatus();
  });
  const RunResult run = Call();
  ASSERT_EQ(run.ids.size(), std::size_t{kMany});
  for (int i = 0; i < kMany; ++i)
    EXPECT_EQ(run.ids[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(MatchFunctionTest, HealthIsServed) {
  Start([](const MatchRequest&, const EmitProposal&) { return OkStatus(); });
  EXPECT_EQ(Health(), 1);
  server_->Stop();
  EXPECT_LT(Health(), 0);
}

TEST_F(MatchFunctionTest, APortThatIsTakenIsAnError) {
  Start([](const MatchRequest&, const EmitProposal&) { return OkStatus(); });
  options_.listen = "127.0.0.1:" + std::to_string(server_->port());
  EXPECT_THAT(StartMatchFunctionServer(options_),
              StatusIs(StatusCode::kUnavailable, HasSubstr(options_.listen)));
}

TEST(StartMatchFunctionServer, BadOptionsAreNamed) {
  const auto server = StartMatchFunctionServer(
      {.listen = "nowhere", .max_concurrent_runs = 0, .query_timeout = Duration(0)});
  EXPECT_EQ(server.status().code(), StatusCode::kInvalidArgument);
  for (const char* name : {"listen", "query", "function", "max_concurrent_runs", "query_timeout"}) {
    EXPECT_THAT(server.status().message(), HasSubstr(name));
  }
  FakeQuery query;
  EXPECT_THAT(
      StartMatchFunctionServer(
          {.listen = "127.0.0.1:0",
           .query = &query,
           .function = [](const MatchRequest&, const EmitProposal&) { return OkStatus(); }}),
      StatusIs(StatusCode::kInvalidArgument, HasSubstr("cert_file")));
}

}  // namespace
}  // namespace gsh::openmatch
