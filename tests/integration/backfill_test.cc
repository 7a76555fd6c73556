// A running match with open slots: players join it through Open Match (the sandbox), our match
// function and our director; no further game server is allocated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/director/director.h"
#include "gsh/mmf/backfill_slots.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/run_log.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"

namespace gsh {
namespace {

using openmatch::Backfill;
using openmatch::Ticket;
using testing::IsOk;
using testing::Sandbox;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kRegion[] = "us-east-1";

class BackfillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox =
        Sandbox::Start({.dir = dir_,
                        .insecure = true,
                        .regions = {kRegion},
                        .replicas = 3,
                        .open_match = {.registration_interval = std::chrono::milliseconds(20)},
                        .allocation_batch_wait = Duration::zero()});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    auto frontend = openmatch::MakeFrontend({.client = Client(sandbox_->endpoints().frontend)});
    ASSERT_THAT(frontend, IsOk());
    frontend_ = *std::move(frontend);
    auto query = openmatch::MakeQuery({.client = Client(sandbox_->endpoints().query)});
    ASSERT_THAT(query, IsOk());
    query_ = *std::move(query);
    auto server = openmatch::StartMatchFunctionServer(
        {.listen = "127.0.0.1:0",
         .tls = {.insecure = true},
         .query = query_.get(),
         .function = mmf::MakeLatencyMatchFunction(
             {.on_run =
                  [this](const mmf::RunReport& run) { runs_.Record(run, SystemClock().Now()); }}),
         .query_backfills = true});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  void TearDown() override {
    server_.reset();
    sandbox_.reset();
    std::filesystem::remove_all(dir_);
  }

  static ClientOptions Client(const std::string& endpoint) {
    return {.endpoint = endpoint, .tls = {.insecure = true}};
  }

  std::vector<std::string> CreatePlayers(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      const auto created =
          frontend_->CreateTicket({.search_fields = {.double_args = {{"latency-us-east-1", 10 + i}},
                                                     .tags = {"mode.session"}}});
      EXPECT_THAT(created, IsOk());
      ids.push_back(created->id);
    }
    return ids;
  }

  StatusOr<Backfill> CreateBackfill(std::uint32_t open_slots) {
    Backfill backfill{.search_fields = {.tags = {"mode.session"}}};
    backfill.extensions[mmf::kBackfillExtension] =
        mmf::BackfillSlotsToAny({.region = kRegion,
                                 .open_slots = {open_slots},
                                 .lowest_latency_ms = 15,
                                 .highest_latency_ms = 25});
    return frontend_->CreateBackfill(backfill);
  }

  director::RoundReport RunRound() {
    auto backend = openmatch::MakeBackend({.client = Client(sandbox_->endpoints().backend)});
    auto allocator =
        agones::MakeAllocator({.client = Client(sandbox_->endpoints().allocators.at(kRegion))});
    EXPECT_THAT(backend, IsOk());
    EXPECT_THAT(allocator, IsOk());
    // The joint profile's pool has no range, so that backfills are in it.
    auto director = director::Director::Make({
        .backend = backend->get(),
        .allocator = allocator->get(),
        .function = {.host = "127.0.0.1", .port = server_->port()},
        .regions = {kRegion},
        .profile_mode = director::ProfileMode::kJoint,
    });
    EXPECT_THAT(director, IsOk());
    const auto report = (*director)->RunRound();
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *report : director::RoundReport{};
  }

  int AllocatedServers() const {
    int count = 0;
    for (const auto& server : sandbox_->game_servers()) count += server.state == "Allocated";
    return count;
  }

  const std::string dir_ = ::testing::TempDir() + "gsh-backfill-" + std::to_string(getpid());
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<openmatch::Frontend> frontend_;
  std::unique_ptr<openmatch::Query> query_;
  mmf::RunLog runs_;
  std::unique_ptr<openmatch::MatchFunctionServer> server_;
};

TEST_F(BackfillTest, PlayersJoinAMatchThatRuns) {
  const auto backfill = CreateBackfill(3);
  ASSERT_THAT(backfill, IsOk());
  const std::vector<std::string> players = CreatePlayers(2);
  const director::RoundReport report = RunRound();
  EXPECT_EQ(report.joining_tickets, 2u);
  EXPECT_EQ(report.assigned_tickets, 0u);
  EXPECT_EQ(AllocatedServers(), 0);
  const auto explained = runs_.Find(players[0]);
  ASSERT_THAT(explained, SizeIs(1));
  EXPECT_EQ(explained[0].backfill, backfill->id);

  // The game server acknowledges: it learns who comes, and they learn its address.
  const auto joined = frontend_->AcknowledgeBackfill(backfill->id, {.connection = "10.0.0.9:7000"});
  ASSERT_THAT(joined, IsOk());
  std::vector<std::string> ids;
  for (const Ticket& ticket : joined->tickets) ids.push_back(ticket.id);
  EXPECT_THAT(ids, UnorderedElementsAre(players[0], players[1]));
  const auto slots = mmf::BackfillSlotsOf(joined->backfill);
  ASSERT_THAT(slots, IsOk());
  EXPECT_THAT(slots->open_slots, ::testing::ElementsAre(1));
  EXPECT_EQ(slots->lowest_latency_ms, 10);
  EXPECT_EQ(slots->highest_latency_ms, 25);
  for (const std::string& player : players) {
    const auto ticket = frontend_->GetTicket(player);
    ASSERT_THAT(ticket, IsOk());
    ASSERT_TRUE(ticket->assignment.has_value());
    EXPECT_EQ(ticket->assignment->connection, "10.0.0.9:7000");
  }
}

TEST_F(BackfillTest, OpenSlotsFirstThenANewMatch) {
  const auto backfill = CreateBackfill(1);
  ASSERT_THAT(backfill, IsOk());
  CreatePlayers(5);
  const director::RoundReport report = RunRound();
  EXPECT_EQ(report.joining_tickets, 1u);
  EXPECT_EQ(report.assigned_tickets, 4u);
  EXPECT_EQ(AllocatedServers(), 1);
  // It is full: nobody else is sent there.
  CreatePlayers(1);
  EXPECT_EQ(RunRound().joining_tickets, 0u);
}

}  // namespace
}  // namespace gsh
