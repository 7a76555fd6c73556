// The evaluator's server, called as Open Match's synchronizer calls it.
#include "gsh/openmatch/evaluator.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/openmatch/convert.h"
#include "src/openmatch/default_evaluation.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;

Match Proposal(std::string id, std::vector<std::string> tickets,
               std::optional<double> score = std::nullopt, std::string backfill = {}) {
  Match match{.id = std::move(id)};
  for (std::string& ticket : tickets) match.tickets.push_back({.id = std::move(ticket)});
  if (score) {
    wire_openmatch::DefaultEvaluationCriteria criteria;
    criteria.set_score(*score);
    match.extensions[kEvaluationInput] = {
        .type_url = "type.googleapis.com/openmatch.DefaultEvaluationCriteria",
        .value = criteria.SerializeAsString()};
  }
  if (!backfill.empty()) match.backfill = Backfill{.id = std::move(backfill)};
  return match;
}

struct Result {
  std::vector<std::string> accepted;
  grpc::Status status;
};

class EvaluatorTest : public ::testing::Test {
 protected:
  using Stream =
      grpc::ClientReaderWriter<wire_openmatch::EvaluateRequest, wire_openmatch::EvaluateResponse>;

  void Start(EvaluatorServerOptions options) {
    options.listen = "127.0.0.1:0";
    options.tls = {.insecure = true};
    options.log = &log_;
    options.metrics = &metrics_;
    auto server = StartEvaluatorServer(std::move(options));
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = wire_openmatch::Evaluator::NewStub(channel_);
  }
  void Start(Evaluator function) { Start(EvaluatorServerOptions{.function = std::move(function)}); }

  static void Send(Stream& stream, std::vector<Match> proposals) {
    for (Match& proposal : proposals) {
      wire_openmatch::EvaluateRequest request;
      ToWire(std::move(proposal), *request.mutable_match());
      if (!stream.Write(request)) return;
    }
  }
  static Result Receive(Stream& stream) {
    Result result;
    wire_openmatch::EvaluateResponse response;
    while (stream.Read(&response)) result.accepted.push_back(response.match_id());
    result.status = stream.Finish();
    return result;
  }
  Result Evaluate(std::vector<Match> proposals) {
    grpc::ClientContext context;
    const auto stream = stub_->Evaluate(&context);
    Send(*stream, std::move(proposals));
    stream->WritesDone();
    return Receive(*stream);
  }
  int CodeOf(const Result& result) const { return static_cast<int>(result.status.error_code()); }

  testing::RecordingLog log_;
  testing::RecordingMetrics metrics_;
  std::unique_ptr<EvaluatorServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<wire_openmatch::Evaluator::Stub> stub_;
};

TEST_F(EvaluatorTest, TheDefaultOneTakesTheBestThatDoNotCollide) {
  Start(MakeDefaultEvaluator());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Match broken = Proposal("broken", {"z"}, 9);
  broken.extensions[kEvaluationInput].type_url = "type.googleapis.com/other";
  const Result result =
      Evaluate({Proposal("low", {"a", "b"}, 1), Proposal("none", {"c"}),
                Proposal("nan", {"d"}, nan), Proposal("high", {"b", "e"}, 3),
                Proposal("joins", {"f"}, 2, "x"), Proposal("joins too", {"g"}, 1, "x"), broken});
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_THAT(result.accepted, ElementsAre("high", "joins", "none", "nan"));
  EXPECT_EQ(metrics_.Value("gsh_evaluator_proposals_total"), 7);
  EXPECT_EQ(metrics_.Value("gsh_evaluator_accepted_total"), 4);
  EXPECT_EQ(metrics_.Value("gsh_evaluator_refused_total"), 2);
  EXPECT_EQ(metrics_.Value("gsh_evaluator_runs_total{code=OK}"), 1);
}

TEST_F(EvaluatorTest, ACycleWithoutProposals) {
  Start(MakeDefaultEvaluator());
  const Result result = Evaluate({});
  EXPECT_TRUE(result.status.ok());
  EXPECT_THAT(result.accepted, IsEmpty());
}

TEST_F(EvaluatorTest, ThousandsOfProposals) {
  Start(MakeDefaultEvaluator());
  std::vector<Match> proposals;
  for (int i = 0; i < 5000; ++i) {
    proposals.push_back(Proposal("m" + std::to_string(i), {"t" + std::to_string(i)}, i));
  }
  const Result result = Evaluate(std::move(proposals));
  ASSERT_EQ(result.accepted.size(), 5000u);
  EXPECT_EQ(result.accepted.front(), "m4999");
  EXPECT_EQ(result.accepted.back(), "m0");
}

TEST_F(EvaluatorTest, WhatWouldFailTheCycleIsNotSent) {
  Start([](const EvaluationRequest& request, const AcceptMatch& accept) {
    EXPECT_EQ(request.proposals.size(), 3u);
    EXPECT_FALSE(accept("unknown"));
    EXPECT_TRUE(accept("b"));
    EXPECT_FALSE(accept("b"));
    EXPECT_FALSE(accept("a")) << "it shares a ticket";
    EXPECT_TRUE(accept("c"));
    return OkStatus();
  });
  EXPECT_THAT(
      Evaluate({Proposal("a", {"1", "2"}), Proposal("b", {"2"}), Proposal("c", {"3"})}).accepted,
      ElementsAre("b", "c"));
  EXPECT_EQ(metrics_.Value("gsh_evaluator_refused_total"), 3);
}

TEST_F(EvaluatorTest, ErrorsAndExceptionsEndTheCallAlone) {
  int runs = 0;
  Start([&runs](const EvaluationRequest&, const AcceptMatch&) -> Status {
    if (++runs == 1) throw std::runtime_error("oops");
    return runs == 2 ? FailedPreconditionError("not today") : OkStatus();
  });
  Result result = Evaluate({});
  EXPECT_EQ(CodeOf(result), 13);
  EXPECT_THAT(result.status.error_message(), HasSubstr("the evaluator threw: oops"));
  result = Evaluate({});
  EXPECT_EQ(CodeOf(result), 9);
  EXPECT_TRUE(Evaluate({}).status.ok());
  EXPECT_EQ(log_.Count("evaluator run failed"), 2);
}

TEST_F(EvaluatorTest, ProposalsAreBounded) {
  Start({.function = MakeDefaultEvaluator(), .max_bytes = 100});
  EXPECT_TRUE(Evaluate({Proposal("m", {"t"})}).status.ok());
  EXPECT_EQ(CodeOf(Evaluate({Proposal("m", {std::string(200, 't')})})), 8);
  EXPECT_EQ(
      CodeOf(Evaluate({Proposal(std::string(60, 'm'), {}), Proposal(std::string(60, 'n'), {})})),
      8);
}

TEST_F(EvaluatorTest, ACallThatIsGivenUpAsksTheFunctionToStop) {
  std::promise<void> begun, stopped;
  Start([&](const EvaluationRequest& request, const AcceptMatch& accept) {
    begun.set_value();
    std::promise<void> stop;
    const std::stop_callback on_stop(request.stop, [&] { stop.set_value(); });
    stop.get_future().wait();
    EXPECT_FALSE(accept("m"));
    stopped.set_value();
    return OkStatus();
  });
  grpc::ClientContext context;
  const auto stream = stub_->Evaluate(&context);
  Send(*stream, {Proposal("m", {"t"})});
  stream->WritesDone();
  begun.get_future().wait();
  context.TryCancel();
  stopped.get_future().wait();
  EXPECT_EQ(CodeOf(Receive(*stream)), 1);
}

TEST_F(EvaluatorTest, ACallThatIsGivenUpWhileItSendsIsNotRun) {
  std::atomic<int> runs = 0;
  Start([&](const EvaluationRequest&, const AcceptMatch&) {
    ++runs;
    return OkStatus();
  });
  grpc::ClientContext context;
  const auto stream = stub_->Evaluate(&context);
  Send(*stream, {Proposal("m", {"t"})});
  context.TryCancel();
  EXPECT_EQ(CodeOf(Receive(*stream)), 1);
  server_->Stop();  // waits for it
  EXPECT_EQ(runs, 0);
}

TEST_F(EvaluatorTest, OneRunTooManyIsRefusedAndStopWaitsForTheRest) {
  std::promise<void> begun, go_on;
  Start({.function =
             [&](const EvaluationRequest&, const AcceptMatch& accept) {
               begun.set_value();
               go_on.get_future().wait();
               accept("m");
               return OkStatus();
             },
         .max_concurrent_runs = 1});
  auto first = std::async(std::launch::async, [&] { return Evaluate({Proposal("m", {"t"})}); });
  begun.get_future().wait();
  EXPECT_EQ(CodeOf(Evaluate({})), 8);
  auto stopping = std::async(std::launch::async, [&] { server_->Stop(); });
  // New calls are refused once it has begun to stop.
  while (CodeOf(Evaluate({})) == 8) std::this_thread::yield();
  EXPECT_EQ(CodeOf(Evaluate({})), 14);
  go_on.set_value();
  stopping.get();
  const Result result = first.get();
  EXPECT_TRUE(result.status.ok());
  EXPECT_THAT(result.accepted, ElementsAre("m"));
}

TEST(EvaluatorServerTest, BadOptionsAreAllNamed) {
  const auto server = StartEvaluatorServer({.listen = "nowhere", .max_concurrent_runs = 0});
  EXPECT_THAT(server, StatusIs(StatusCode::kInvalidArgument));
  for (const char* mistake : {"listen", "function", "max_concurrent_runs"}) {
    EXPECT_THAT(server.status().message(), HasSubstr(mistake));
  }
  EXPECT_THAT(StartEvaluatorServer({.listen = "127.0.0.1:0",
                                    .tls = {.cert_file = "/none.crt", .key_file = "/none.key"},
                                    .function = MakeDefaultEvaluator()}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("none")));
}

}  // namespace
}  // namespace gsh::openmatch
