// The sandbox with an evaluator on the network, as the real engine has one.
#include <future>
#include <thread>

#include "gsh/openmatch/evaluator.h"
#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Answers with these ids whatever it is asked, as soon as it is asked.
class RudeEvaluator final : public wire::Evaluator::Service {
 public:
  explicit RudeEvaluator(std::vector<std::string> ids) : ids_(std::move(ids)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~RudeEvaluator() override { server_->Shutdown(std::chrono::system_clock::now()); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  grpc::Status Evaluate(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<wire::EvaluateResponse, wire::EvaluateRequest>* stream) override {
    for (const std::string& id : ids_) {
      wire::EvaluateResponse response;
      response.set_match_id(id);
      stream->Write(response);
    }
    wire::EvaluateRequest request;
    while (stream->Read(&request)) {
    }
    return grpc::Status::OK;
  }

 private:
  const std::vector<std::string> ids_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class ExternalEvaluatorTest : public OpenMatchTest {
 protected:
  void SetUp() override {}
  void StartWith(const std::string& evaluator) {
    Start({.registration_interval = std::chrono::milliseconds(20)}, nullptr, evaluator);
  }
  void StartWith(openmatch::Evaluator function) {
    auto server = openmatch::StartEvaluatorServer(
        {.listen = "127.0.0.1:0", .tls = {.insecure = true}, .function = std::move(function)});
    ASSERT_THAT(server, gsh::testing::IsOk());
    evaluator_ = *std::move(server);
    StartWith("127.0.0.1:" + std::to_string(evaluator_->port()));
  }
  void ExpectCycleFails(const std::string& why) {
    const std::string ticket = Create();
    FakeMmf mmf(Proposing({Proposal("m", {ticket}, 1)}));
    const Fetched fetched = Fetch(FetchRequest(mmf.port()));
    EXPECT_EQ(fetched.status.error_code(), grpc::StatusCode::UNKNOWN);
    EXPECT_THAT(fetched.status.error_message(), HasSubstr(why));
    EXPECT_THAT(fetched.matches, IsEmpty());
    EXPECT_THAT(Query(), ElementsAre(ticket)) << "nobody holds its ticket";
  }

  std::unique_ptr<openmatch::EvaluatorServer> evaluator_;
};

TEST_F(ExternalEvaluatorTest, TheDefaultOneChoosesAsTheOneInside) {
  StartWith(openmatch::MakeDefaultEvaluator());
  const std::string a = Create(), b = Create();
  FakeMmf mmf(Proposing({Proposal("low", {a, b}, 1), Proposal("high", {b}, 2)}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.ids(), ElementsAre("high"));
  EXPECT_THAT(Query(), ElementsAre(a));
}

TEST_F(ExternalEvaluatorTest, SeesWholeProposalsOfAllCallers) {
  std::promise<std::vector<openmatch::Match>> seen;
  StartWith([&](const openmatch::EvaluationRequest& request, const openmatch::AcceptMatch& accept) {
    for (const openmatch::Match& match : request.proposals) accept(match.id);
    seen.set_value(request.proposals);
    return OkStatus();
  });
  const std::string a = Create();
  wire::Match proposal = Proposal("m", {a}, 1);
  proposal.set_allocate_gameserver(true);
  proposal.mutable_backfill()->mutable_search_fields()->add_tags("tag");
  FakeMmf mmf(Proposing({proposal}));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  ASSERT_THAT(fetched.matches, SizeIs(1));
  EXPECT_FALSE(fetched.matches[0].backfill().id().empty());
  const auto proposals = seen.get_future().get();
  ASSERT_THAT(proposals, SizeIs(1));
  EXPECT_EQ(proposals[0].tickets.at(0).id, a);
  EXPECT_TRUE(proposals[0].allocate_gameserver);
  EXPECT_THAT(proposals[0].backfill->search_fields.tags, ElementsAre("tag"));
}

TEST_F(ExternalEvaluatorTest, ManyProposalsComeThrough) {
  StartWith(openmatch::MakeDefaultEvaluator());
  std::vector<wire::Match> proposals;
  for (int i = 0; i < 2000; ++i) {
    const std::string n = std::to_string(i);
    proposals.push_back(Proposal("m" + n, {"t" + n}, i));
  }
  FakeMmf mmf(Proposing(proposals));
  const Fetched fetched = Fetch(FetchRequest(mmf.port()));
  ASSERT_THAT(fetched.matches, SizeIs(2000));
  EXPECT_EQ(fetched.matches[0].match_id(), "m1999");
}

TEST_F(ExternalEvaluatorTest, ItsErrorFailsTheCycle) {
  StartWith([](const openmatch::EvaluationRequest&, const openmatch::AcceptMatch&) {
    return FailedPreconditionError("not today");
  });
  ExpectCycleFails("not today");
}

TEST_F(ExternalEvaluatorTest, ThatNothingListensFailsTheCycle) {
  StartWith("127.0.0.1:1");
  ExpectCycleFails("evaluator: at 127.0.0.1:1");
}

TEST_F(ExternalEvaluatorTest, AnIdThatNobodyProposedFailsTheCycle) {
  const RudeEvaluator evaluator({"other"});
  StartWith(evaluator.address());
  ExpectCycleFails("\"other\", which nobody proposed");
}

TEST_F(ExternalEvaluatorTest, AnIdTwiceFailsTheCycle) {
  const RudeEvaluator evaluator({"m", "m"});
  StartWith(evaluator.address());
  ExpectCycleFails("\"m\" twice");
}

TEST_F(ExternalEvaluatorTest, OneThatHangsIsGivenUpWithItsLastCaller) {
  std::promise<void> asked, given_up;
  StartWith([&](const openmatch::EvaluationRequest& request, const openmatch::AcceptMatch&) {
    asked.set_value();
    std::promise<void> stopped;
    const std::stop_callback on_stop(request.stop, [&] { stopped.set_value(); });
    stopped.get_future().wait();
    given_up.set_value();
    return OkStatus();
  });
  FakeMmf mmf(Proposing({Proposal("m", {Create()}, 1)}));
  grpc::ClientContext context;
  Limit(context);
  const auto reader = backend_->FetchMatches(&context, FetchRequest(mmf.port()));
  asked.get_future().wait();
  context.TryCancel();
  given_up.get_future().wait();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace gsh::sandbox
