// Tickets and proposals that make no sense, over real sockets: refused before they are sent, left
// out with a reason, or used once; everybody else's match comes about all the same.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/director/director.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/run_log.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/openmatch/convert.h"
#include "src/proto/openmatch.h"
#include "src/testing/temporary_directory.h"

namespace gsh {
namespace {

using openmatch::Match;
using openmatch::Ticket;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Sandbox;
using testing::StatusIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMebibyte = std::size_t{1} << 20;

Ticket Player(double latency) {
  return {
      .search_fields = {.double_args = {{"latency-us-east-1", latency}}, .tags = {"mode.session"}}};
}

Ticket WithTags(std::size_t count) {
  Ticket ticket = Player(20);
  ticket.search_fields.tags.resize(count, "mode.session");
  return ticket;
}

Ticket WithExtension(std::size_t bytes) {
  Ticket ticket = Player(20);
  ticket.extensions["save"] = {.type_url = "type.example.com/Save",
                               .value = std::string(bytes, 'x')};
  return ticket;
}

// Somebody else's match function, which says what it is told to.
class ForeignMatchFunction final : public wire_openmatch::MatchFunction::Service {
 public:
  ForeignMatchFunction() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  int port() const { return port_; }

  grpc::Status Run(grpc::ServerContext*, const wire_openmatch::RunRequest*,
                   grpc::ServerWriter<wire_openmatch::RunResponse>* writer) override {
    for (const Match& match : proposals) {
      wire_openmatch::RunResponse response;
      openmatch::ToWire(Match(match), *response.mutable_proposal());
      writer->Write(response);
    }
    return grpc::Status::OK;
  }

  std::vector<Match> proposals;  // set before the round

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class BadTicketsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox =
        Sandbox::Start({.dir = dir_.string(),
                        .insecure = true,
                        .regions = {"us-east-1"},
                        .replicas = 3,
                        .open_match = {.registration_interval = std::chrono::milliseconds(20)},
                        .allocation_batch_wait = Duration::zero()});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    channel_ =
        grpc::CreateChannel(sandbox_->endpoints().frontend, grpc::InsecureChannelCredentials());
    auto frontend = openmatch::MakeFrontend({.client = Client(sandbox_->endpoints().frontend)});
    ASSERT_THAT(frontend, IsOk());
    frontend_ = *std::move(frontend);
  }
  void TearDown() override {
    server_.reset();
    sandbox_.reset();
  }

  static ClientOptions Client(const std::string& endpoint) {
    return {.endpoint = endpoint, .tls = {.insecure = true}};
  }

  // As a client in another language would, which checks nothing.
  StatusOr<Ticket> CreateUnchecked(const Ticket& ticket) {
    wire_openmatch::CreateTicketRequest request;
    openmatch::ToWire(Ticket(ticket), *request.mutable_ticket());
    wire_openmatch::Ticket created;
    grpc::ClientContext context;
    const auto stub = wire_openmatch::FrontendService::NewStub(channel_);
    const grpc::Status status = stub->CreateTicket(&context, request, &created);
    if (status.ok()) return openmatch::FromWire(std::move(created));
    return Status(static_cast<StatusCode>(status.error_code()), status.error_message());
  }

  std::vector<Ticket> CreatePlayers(int count) {
    std::vector<Ticket> players;
    for (int i = 0; i < count; ++i) {
      auto created = frontend_->CreateTicket(Player(10 + i));
      EXPECT_THAT(created, IsOk());
      players.push_back(*std::move(created));
    }
    return players;
  }

  void StartOurMatchFunction() {
    auto query = openmatch::MakeQuery({.client = Client(sandbox_->endpoints().query)});
    ASSERT_THAT(query, IsOk());
    query_ = *std::move(query);
    mmf::LatencyMatchFunctionOptions options;
    options.on_run = [this](const mmf::RunReport& run) {
      run_log_.Record(run, SystemClock().Now());
    };
    auto server = openmatch::StartMatchFunctionServer(
        {.listen = "127.0.0.1:0",
         .tls = {.insecure = true},
         .query = query_.get(),
         .function = mmf::MakeLatencyMatchFunction(std::move(options))});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }

  director::RoundReport RunRound(int function_port) {
    auto backend = openmatch::MakeBackend({.client = Client(sandbox_->endpoints().backend)});
    auto allocator =
        agones::MakeAllocator({.client = Client(sandbox_->endpoints().allocators.at("us-east-1"))});
    EXPECT_THAT(backend, IsOk());
    EXPECT_THAT(allocator, IsOk());
    auto director = director::Director::Make({
        .backend = backend->get(),
        .allocator = allocator->get(),
        .function = {.host = "127.0.0.1", .port = function_port},
        .regions = {"us-east-1"},
        .profile_mode = director::ProfileMode::kJoint,
        .log = &log_,
    });
    EXPECT_THAT(director, IsOk());
    const auto report = (*director)->RunRound();
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *report : director::RoundReport{};
  }

  bool IsAssigned(const std::string& ticket) {
    const auto found = frontend_->GetTicket(ticket);
    return found.ok() && found->assignment.has_value();
  }

  std::string LogText() const {
    std::string text;
    for (const auto& [level, line] : log_.lines()) text += line + "\n";
    return text;
  }

  int AllocatedServers() const {
    int count = 0;
    for (const auto& server : sandbox_->game_servers()) count += server.state == "Allocated";
    return count;
  }

  std::string ReasonOf(const std::string& ticket) const {
    const auto runs = run_log_.Find(ticket);
    return runs.empty() ? "unknown" : std::string(matcher::UnmatchedName(runs.front().reason));
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<Sandbox> sandbox_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<openmatch::Frontend> frontend_;
  std::unique_ptr<openmatch::Query> query_;
  mmf::RunLog run_log_;
  std::unique_ptr<openmatch::MatchFunctionServer> server_;
  testing::RecordingLog log_;
};

TEST_F(BadTicketsTest, TheFrontendRefusesThemBeforeTheyAreSent) {
  EXPECT_THAT(frontend_->CreateTicket(Player(kNan)),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("\"latency-us-east-1\""), HasSubstr("NaN"))));
  EXPECT_THAT(frontend_->CreateTicket(Player(-1)),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("\"latency-us-east-1\""), HasSubstr("is -1"))));
  EXPECT_THAT(frontend_->CreateTicket(WithTags(10'000)),
              StatusIs(StatusCode::kInvalidArgument,
                       HasSubstr("search_fields.tags: 10000 tags, at most 256 are allowed")));
  EXPECT_THAT(frontend_->CreateTicket(WithExtension(5 * kMebibyte)),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("extensions and persistent_field: 52429"),
                             HasSubstr("bytes, at most 1048576 are allowed"))));
  EXPECT_EQ(sandbox_->ticket_count(), 0u);
}

// Open Match checks none of it; what is larger than gRPC's default of 4 MiB never reaches it.
TEST_F(BadTicketsTest, TheSandboxTakesWhatTheEngineTakes) {
  EXPECT_THAT(CreateUnchecked(Player(kNan)), IsOk());
  EXPECT_THAT(CreateUnchecked(Player(-1)), IsOk());
  EXPECT_THAT(CreateUnchecked(WithTags(10'000)), IsOk());
  EXPECT_THAT(CreateUnchecked(WithExtension(3 * kMebibyte)), IsOk());
  EXPECT_THAT(CreateUnchecked(WithExtension(5 * kMebibyte)),
              StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(sandbox_->ticket_count(), 4u);
}

TEST_F(BadTicketsTest, TheMatchFunctionLeavesThemOutAndTheOthersPlay) {
  StartOurMatchFunction();
  struct {
    Ticket ticket;
    const char* reason;
  } const bad[] = {{Player(kNan), "unreachable"},
                   {Player(-1), "unreachable"},
                   {WithTags(10'000), "refused"},
                   {WithExtension(3 * kMebibyte), "refused"}};
  std::vector<std::string> ids;
  for (const auto& [ticket, reason] : bad) {
    const auto created = CreateUnchecked(ticket);
    ASSERT_THAT(created, IsOk());
    ids.push_back(created->id);
  }
  const std::vector<Ticket> players = CreatePlayers(4);
  EXPECT_EQ(RunRound(server_->port()).assigned_tickets, 4u);
  for (const Ticket& player : players) EXPECT_TRUE(IsAssigned(player.id));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_FALSE(IsAssigned(ids[i]));
    EXPECT_EQ(ReasonOf(ids[i]), bad[i].reason);
  }
  EXPECT_EQ(AllocatedServers(), 1);
}

Match Proposal(std::string id, std::vector<Ticket> tickets) {
  Match match{.id = std::move(id), .profile = "joint", .function = "foreign"};
  match.tickets = std::move(tickets);
  match.extensions[mmf::kRegionExtension] = AnyString("us-east-1");
  return match;
}

TEST_F(BadTicketsTest, AMatchFunctionThatStreamsATicketTwiceDisturbsNobody) {
  const std::vector<Ticket> players = CreatePlayers(6);
  ForeignMatchFunction foreign;
  foreign.proposals = {Proposal("twice", {players[0], players[0], players[1]}),
                       Proposal("shared", {players[1], players[2]}),
                       Proposal("good", {players[4], players[5]})};
  const director::RoundReport report = RunRound(foreign.port());
  EXPECT_TRUE(IsAssigned(players[4].id));
  EXPECT_TRUE(IsAssigned(players[5].id));
  EXPECT_EQ(AllocatedServers(), static_cast<int>(report.assigned_matches));
  int assigned = 0;
  for (const Ticket& player : players) assigned += IsAssigned(player.id) ? 1 : 0;
  EXPECT_EQ(static_cast<int>(report.assigned_tickets), assigned);

  // Whoever was not assigned plays in the next round.
  std::vector<Ticket> rest;
  for (const Ticket& player : players) {
    if (!IsAssigned(player.id)) rest.push_back(player);
  }
  ASSERT_FALSE(rest.empty());
  foreign.proposals = {Proposal("rest", rest)};
  EXPECT_EQ(RunRound(foreign.port()).assigned_tickets, rest.size());
}

TEST_F(BadTicketsTest, AMatchIdTwiceIsAnErrorThatNamesItAndLaterRoundsAreFine) {
  const std::vector<Ticket> players = CreatePlayers(2);
  ForeignMatchFunction foreign;
  foreign.proposals = {Proposal("same", {players[0]}), Proposal("same", {players[1]})};
  auto backend = openmatch::MakeBackend({.client = Client(sandbox_->endpoints().backend)});
  ASSERT_THAT(backend, IsOk());
  const auto matches = (*backend)->FetchMatches({.host = "127.0.0.1", .port = foreign.port()},
                                                {.name = "joint", .pools = {{.name = "all"}}});
  EXPECT_FALSE(matches.ok());
  EXPECT_THAT(matches.status().message(), HasSubstr("same"));
  ASSERT_THAT((*backend)->ReleaseAllTickets(), IsOk());
  foreign.proposals = {Proposal("other", players)};
  // The first of the two may win once more, if the next round joins the cycle that it was sent to.
  std::size_t assigned = 0;
  for (int round = 0; assigned == 0 && round < 10; ++round) {
    assigned = RunRound(foreign.port()).assigned_tickets;
  }
  EXPECT_EQ(assigned, 2u) << LogText();
}

// No server can be found in a region that nobody knows: the players' own latencies say where to
// look next, and without them the tickets wait on.
TEST_F(BadTicketsTest, AnUnknownRegionTakesNoServerButTheNextBestOneDoes) {
  const std::vector<Ticket> players = CreatePlayers(2);
  ForeignMatchFunction foreign;
  Match lost = Proposal("lost", {players[0]});
  lost.tickets[0].search_fields.double_args.clear();
  lost.extensions[mmf::kRegionExtension] = AnyString("mars");
  Match found = Proposal("found", {players[1]});
  found.extensions[mmf::kRegionExtension] = AnyString("mars");
  foreign.proposals = {lost, found};
  const director::RoundReport report = RunRound(foreign.port());
  EXPECT_EQ(report.assigned_tickets, 1u);
  EXPECT_TRUE(IsAssigned(players[1].id));
  EXPECT_FALSE(IsAssigned(players[0].id));
  EXPECT_EQ(AllocatedServers(), 1);
  EXPECT_GT(log_.Count("mars"), 0);
}

}  // namespace
}  // namespace gsh
