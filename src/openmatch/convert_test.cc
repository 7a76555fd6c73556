#include "src/openmatch/convert.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace gsh::openmatch {
namespace {

const WallTime kTime = WallTime(std::chrono::seconds(1'790'000'000)) + std::chrono::nanoseconds(7);

Ticket FullTicket(const std::string& id) {
  return {.id = id,
          .assignment = Assignment{.connection = "10.0.0.1:7000",
                                   .extensions = {{"token", AnyString("secret")}}},
          .search_fields = {.double_args = {{"latency-us-east-1", 12.5}, {"skill", -3}},
                            .string_args = {{"mode", "ctf"}},
                            .tags = {"mode.session", "beta"}},
          .extensions = {{"party", AnyString("red")}, {"size", AnyDouble(3)}},
          .persistent_field = {{"kept", {"type.example/x", std::string("\0\xff", 2)}}},
          .create_time = kTime};
}

Backfill FullBackfill() {
  return {.id = "b1",
          .search_fields = {.tags = {"open"}},
          .extensions = {{"slots", AnyDouble(2)}},
          .persistent_field = {{"kept", AnyString("p")}},
          .create_time = kTime,
          .generation = 41};
}

Pool FullPool() {
  return {.name = "all",
          .double_range_filters =
              {{.double_arg = "latency-us-east-1", .max = 50, .min = 25, .exclude = Exclude::kMax},
               {.double_arg = "skill", .exclude = Exclude::kBoth}},
          .string_equals_filters = {{.string_arg = "mode", .value = "ctf"}},
          .tags_present = {"mode.session", "beta"},
          .created_before = kTime,
          .created_after = kTime - std::chrono::hours(1)};
}

// To the wire's bytes and back.
template <typename Wire, typename T>
T RoundTrip(T value) {
  Wire wire;
  ToWire(std::move(value), wire);
  Wire parsed;
  EXPECT_TRUE(parsed.ParseFromString(wire.SerializeAsString()));
  return FromWire(std::move(parsed));
}

TEST(Convert, TicketKeepsEveryField) {
  EXPECT_EQ(RoundTrip<wire_openmatch::Ticket>(FullTicket("t1")), FullTicket("t1"));
  EXPECT_EQ(RoundTrip<wire_openmatch::Ticket>(Ticket{}), Ticket{});
}

TEST(Convert, BackfillKeepsEveryField) {
  EXPECT_EQ(RoundTrip<wire_openmatch::Backfill>(FullBackfill()), FullBackfill());
  EXPECT_EQ(RoundTrip<wire_openmatch::Backfill>(Backfill{}), Backfill{});
}

TEST(Convert, ProfileKeepsEveryField) {
  const MatchProfile profile{.name = "joint",
                             .pools = {FullPool(), Pool{.name = "empty"}},
                             .extensions = {{"gsh.rules", AnyString("{}")}}};
  EXPECT_EQ(RoundTrip<wire_openmatch::MatchProfile>(profile), profile);
}

TEST(Convert, MatchKeepsEveryField) {
  const Match match{.id = "m1",
                    .profile = "joint",
                    .function = "basic-matchfunction",
                    .tickets = {FullTicket("t1"), Ticket{.id = "t2"}},
                    .extensions = {{"gsh.region", AnyString("us-east-1")}},
                    .backfill = FullBackfill(),
                    .allocate_gameserver = true};
  EXPECT_EQ(RoundTrip<wire_openmatch::Match>(match), match);
  EXPECT_EQ(RoundTrip<wire_openmatch::Match>(Match{}), Match{});
}

TEST(Convert, EveryExcludeModeIsTheWires) {
  for (const Exclude exclude : {Exclude::kNone, Exclude::kMin, Exclude::kMax, Exclude::kBoth}) {
    wire_openmatch::Pool wire;
    ToWire(Pool{.double_range_filters = {{.exclude = exclude}}}, wire);
    EXPECT_EQ(static_cast<int>(wire.double_range_filters(0).exclude()), static_cast<int>(exclude));
  }
}

TEST(Convert, EmptyFieldsAreUnsetOnTheWire) {
  wire_openmatch::Ticket ticket;
  ToWire(Ticket{}, ticket);
  EXPECT_EQ(ticket.ByteSizeLong(), 0u);  // an assignment or a creation time would be refused
  wire_openmatch::Pool pool;
  ToWire(Pool{}, pool);
  EXPECT_EQ(pool.ByteSizeLong(), 0u);
}

TEST(Convert, AnAssignmentWithoutConnectionIsStillOne) {
  const Ticket ticket{.assignment = Assignment{}};
  EXPECT_EQ(RoundTrip<wire_openmatch::Ticket>(ticket), ticket);
}

TEST(Convert, TimesBeforeTheEpochAndOutsideWallTime) {
  const Ticket early{.create_time = WallTime(-std::chrono::nanoseconds(1))};
  wire_openmatch::Ticket wire;
  ToWire(Ticket(early), wire);
  EXPECT_EQ(wire.create_time().seconds(), -1);
  EXPECT_EQ(wire.create_time().nanos(), 999'999'999);
  EXPECT_EQ(RoundTrip<wire_openmatch::Ticket>(early), early);
  wire.mutable_create_time()->set_seconds(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(FromWire(wire_openmatch::Ticket(wire)).create_time, WallTime::max());
  wire.mutable_create_time()->set_seconds(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(FromWire(wire_openmatch::Ticket(wire)).create_time, WallTime::min());
}

TEST(Convert, TheFirstAndLastMomentsSurvive) {
  for (const WallTime time : {WallTime::min(), WallTime::max()}) {
    const Ticket ticket{.create_time = time};
    EXPECT_EQ(RoundTrip<wire_openmatch::Ticket>(ticket), ticket);
  }
}

TEST(Convert, NanosecondsStayInTheirSecond) {
  wire_openmatch::Ticket wire;
  wire.mutable_create_time()->set_seconds(9'223'372'035);  // a second before WallTime's last one
  wire.mutable_create_time()->set_nanos(std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(FromWire(wire_openmatch::Ticket(wire)).create_time,
            WallTime(std::chrono::nanoseconds(9'223'372'035'999'999'999)));
  wire.mutable_create_time()->set_seconds(-9'223'372'035);
  wire.mutable_create_time()->set_nanos(-1);
  EXPECT_EQ(FromWire(wire_openmatch::Ticket(wire)).create_time,
            WallTime(-std::chrono::seconds(9'223'372'035)));
}

TEST(Convert, FunctionConfigIsGrpcUnlessAsked) {
  wire_openmatch::FunctionConfig wire;
  ToWire(FunctionConfig{.host = "mmf", .port = 7}, wire);
  EXPECT_EQ(wire.host(), "mmf");
  EXPECT_EQ(wire.port(), 7);
  EXPECT_EQ(wire.type(), wire_openmatch::FunctionConfig::GRPC);
  ToWire(FunctionConfig{.type = FunctionConfig::Type::kRest}, wire);
  EXPECT_EQ(wire.type(), wire_openmatch::FunctionConfig::REST);
}

}  // namespace
}  // namespace gsh::openmatch
