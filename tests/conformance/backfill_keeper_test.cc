// openmatch::BackfillKeeper against the engine: what it relies on is so there too.
#include "gsh/openmatch/backfill_keeper.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "gsh/openmatch/frontend.h"
#include "tests/conformance/open_match_fixture.h"

namespace gsh::conformance {
namespace {

using openmatch::BackfillEvent;
using openmatch::BackfillKeeper;
using openmatch::Seats;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Kind = BackfillEvent::Kind;

// One team's open seats as text.
openmatch::SeatFormat OneNumber() {
  return {.read = [](const openmatch::Backfill& backfill) -> StatusOr<Seats> {
            const auto found = backfill.extensions.find("seats");
            if (found == backfill.extensions.end()) return NotFoundError("no seats");
            const auto text = StringOf(found->second);
            if (!text) return InvalidArgumentError("no text");
            return Seats{static_cast<std::uint32_t>(std::stoul(*text))};
          },
          .write =
              [](const Seats& open, openmatch::Backfill& backfill) {
                backfill.extensions["seats"] = AnyString(std::to_string(open.at(0)));
              }};
}

class BackfillKeeperTest : public OpenMatchTest {
 protected:
  void SetUp() override {
    OpenMatchTest::SetUp();
    auto frontend = openmatch::MakeFrontend(
        {.client = {.endpoint = OpenMatch().frontend, .tls = OpenMatchTls()}});
    ASSERT_TRUE(frontend.ok()) << frontend.status();
    client_ = *std::move(frontend);
  }
  void TearDown() override {
    if (keeper_ != nullptr) {
      EXPECT_TRUE(keeper_->Close().ok());
      keeper_.reset();
    }
    OpenMatchTest::TearDown();
  }

  openmatch::BackfillKeeperOptions Options() {
    openmatch::BackfillKeeperOptions options{.frontend = client_.get(),
                                             .format = OneNumber(),
                                             .free_seats = {3},
                                             .backfill = {.search_fields = {.tags = {tag_}}},
                                             .assignment = {.connection = "10.0.0.9:7000"},
                                             .acknowledge_interval = milliseconds(200)};
    options.on_event = [this](const BackfillEvent& event) {
      std::lock_guard lock(mutex_);
      events_.push_back(event);
    };
    return options;
  }
  void Start(openmatch::BackfillKeeperOptions options) {
    auto keeper = BackfillKeeper::Start(std::move(options));
    ASSERT_TRUE(keeper.ok()) << keeper.status();
    keeper_ = *std::move(keeper);
    ASSERT_TRUE(Eventually([this] { return Count(Kind::kOpened) > 0; }));
  }
  int Count(Kind kind) {
    std::lock_guard lock(mutex_);
    return static_cast<int>(std::ranges::count(events_, kind, &BackfillEvent::kind));
  }
  std::vector<std::string> Joined() {
    std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const BackfillEvent& event : events_) {
      for (const openmatch::Ticket& ticket : event.tickets) ids.push_back(ticket.id);
    }
    return ids;
  }
  wire::Backfill Stored() {
    wire::GetBackfillRequest request;
    request.set_backfill_id(keeper_->state().backfill_id);
    wire::Backfill backfill;
    Call(*frontend_, &FrontendStub::GetBackfill, request, &backfill);
    return backfill;
  }
  std::string SeatsOf(const wire::Backfill& backfill) {
    const auto found = backfill.extensions().find("seats");
    if (found == backfill.extensions().end()) return "none";
    return StringOf({found->second.type_url(), found->second.value()}).value_or("none");
  }
  // A match of `tickets` into the keeper's backfill, which leaves `seats` open.
  void Fill(const std::vector<std::string>& tickets, const std::string& seats) {
    wire::Match match = Proposal("m", tickets, 1);
    *match.mutable_backfill() = Stored();
    const Any left = AnyString(seats);
    auto& extension = (*match.mutable_backfill()->mutable_extensions())["seats"];
    extension.set_type_url(left.type_url);
    extension.set_value(left.value);
    ScriptedFunction function({match});
    const Fetched fetched = Fetch(function);
    EXPECT_TRUE(fetched.status.ok()) << fetched.status.error_message();
    EXPECT_THAT(fetched.matches, SizeIs(1));
  }

  std::unique_ptr<openmatch::Frontend> client_;
  std::unique_ptr<BackfillKeeper> keeper_;
  std::mutex mutex_;
  std::vector<BackfillEvent> events_;
};

TEST_F(BackfillKeeperTest, PlayersJoinAndTheirSeatsAreKept) {
  Start(Options());
  EXPECT_THAT(QueryBackfills(TaggedPool()), ElementsAre(keeper_->state().backfill_id));
  const std::string a = Create();
  Fill({a}, "2");
  EXPECT_TRUE(Eventually([this] { return !Joined().empty(); }));
  EXPECT_THAT(Joined(), ElementsAre(a));
  EXPECT_EQ(ConnectionOf(a), "10.0.0.9:7000");
  EXPECT_THAT(keeper_->state().open, ElementsAre(2));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(1));
  EXPECT_EQ(SeatsOf(Stored()), "2");
  EXPECT_EQ(Count(Kind::kUpdated), 0);
}

TEST_F(BackfillKeeperTest, WhoLeavesMakesRoomAndAFullMatchHasNoBackfill) {
  Start(Options());
  for (int i = 0; i < 2; ++i) keeper_->PlayerJoined();
  EXPECT_TRUE(Eventually([this] { return SeatsOf(Stored()) == "1"; }));
  const std::string a = Create();
  Fill({a}, "0");
  EXPECT_TRUE(Eventually([this] { return Count(Kind::kClosed) == 1; }));
  EXPECT_THAT(QueryBackfills(TaggedPool()), IsEmpty());
  EXPECT_THAT(Joined(), ElementsAre(a));
  keeper_->PlayerJoined();  // a
  keeper_->PlayerLeft();
  EXPECT_TRUE(Eventually([this] { return QueryBackfills(TaggedPool()).size() == 1; }));
  EXPECT_TRUE(Eventually([this] { return SeatsOf(Stored()) == "1"; }));
}

TEST_F(BackfillKeeperTest, AnUpdateSendsWhoWaitsBackToTheQueue) {
  auto options = Options();
  options.acknowledge_interval = seconds(40);
  Start(std::move(options));
  const std::string a = Create();
  Fill({a}, "2");
  EXPECT_THAT(Query(), IsEmpty());
  keeper_->PlayerJoined();
  EXPECT_TRUE(Eventually([this] { return Count(Kind::kUpdated) == 1; }));
  EXPECT_THAT(Query(), ElementsAre(a));
  EXPECT_EQ(SeatsOf(Stored()), "2");
  EXPECT_EQ(Stored().generation(), 3);
}

TEST_F(BackfillKeeperTest, KeepsTheBackfillThatAMatchBrought) {
  const std::string a = Create();
  wire::Match match = Proposal("m", {a}, 1);
  match.set_allocate_gameserver(true);
  match.mutable_backfill()->mutable_search_fields()->add_tags(tag_);
  const Any two = AnyString("2");
  auto& extension = (*match.mutable_backfill()->mutable_extensions())["seats"];
  extension.set_type_url(two.type_url);
  extension.set_value(two.value);
  ScriptedFunction function({match});
  const Fetched fetched = Fetch(function);
  ASSERT_THAT(fetched.matches, SizeIs(1));
  EXPECT_TRUE(fetched.matches[0].allocate_gameserver());
  // The director assigns; the server's acknowledgement assigns once more.
  wire::AssignTicketsResponse assigned;
  ASSERT_TRUE(Assign(AssignRequest({a}, "director:1"), &assigned).ok());
  auto options = Options();
  options.backfill_id = fetched.matches[0].backfill().id();
  Start(std::move(options));
  EXPECT_TRUE(Eventually([this] { return !Joined().empty(); }));
  EXPECT_THAT(Joined(), ElementsAre(a));
  EXPECT_EQ(ConnectionOf(a), "10.0.0.9:7000");
  EXPECT_THAT(keeper_->state().open, ElementsAre(2));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(1));
}

TEST_F(BackfillKeeperTest, OutlivesTheExpiryAndReplacesWhatExpired) {
  const Duration expiry = OpenMatch().pending_release_timeout / 5 * 4;
  if (expiry > seconds(8)) GTEST_SKIP() << "the engine's pendingReleaseTimeout is too long";
  Start(Options());
  const std::string kept = keeper_->state().backfill_id;
  SystemClock().SleepFor(expiry * 2);
  EXPECT_EQ(keeper_->state().backfill_id, kept);
  EXPECT_THAT(QueryBackfills(TaggedPool()), ElementsAre(kept));
  EXPECT_TRUE(keeper_->Close().ok());
  EXPECT_THAT(QueryBackfills(TaggedPool()), IsEmpty());

  auto careless = Options();
  careless.acknowledge_interval = expiry + milliseconds(500);
  careless.expiry = expiry + milliseconds(600);
  Start(std::move(careless));
  const std::string lost = keeper_->state().backfill_id;
  EXPECT_TRUE(Eventually([this] { return Count(Kind::kLost) > 0; }));
  EXPECT_TRUE(Eventually([&] {
    const std::string now = keeper_->state().backfill_id;
    return !now.empty() && now != lost;
  }));
  wire::GetBackfillRequest request;
  request.set_backfill_id(lost);
  wire::Backfill backfill;
  EXPECT_EQ(CodeOf(Call(*frontend_, &FrontendStub::GetBackfill, request, &backfill)),
            grpc::StatusCode::NOT_FOUND)
      << "it is deleted, so that its tickets need not wait";
}

}  // namespace
}  // namespace gsh::conformance
