#include "src/openmatch/wire_ticket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/openmatch/convert.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using ::testing::ElementsAre;

constexpr double kMissing = -77;  // what the caller put where nothing is read
const std::array<std::string, 3> kArgs = {"latency-a", "latency-b", "level"};

// Every kind of field, and one that this version does not know.
std::string FullTicket() {
  Ticket ticket{.id = "c9s0m1", .assignment = Assignment{.connection = "10.0.0.1:7000"}};
  ticket.search_fields = {.double_args = {{"latency-a", 12.5}, {"latency-c", 3}, {"level", -2}},
                          .string_args = {{"latency-b", "text"}},
                          .tags = {"mode.session", ""}};
  ticket.extensions["party"] = AnyString("four friends");
  ticket.persistent_field["season"] = AnyDouble(7);
  ticket.create_time = WallTime(std::chrono::seconds(1'767'225'600));
  wire_openmatch::Ticket message;
  ToWire(std::move(ticket), message);
  return message.SerializeAsString() + "\xa2\x06\x03new" + "\xa8\x06\x2a";
}

struct Read {
  bool ok = false;
  std::string id;
  std::size_t tags = 0;
  std::array<double, kArgs.size()> values{};
};

Read ReadFrom(std::string_view bytes) {
  Read read;
  WireTicket ticket;
  read.values.fill(kMissing);
  read.ok = ReadWireTicket(bytes, kArgs, read.values, ticket);
  read.id = std::string(ticket.id);
  read.tags = ticket.tags;
  return read;
}

TEST(WireTicketTest, ReadsIdTagsAndTheArgsAskedFor) {
  const Read read = ReadFrom(FullTicket());
  ASSERT_TRUE(read.ok);
  EXPECT_EQ(read.id, "c9s0m1");
  EXPECT_EQ(read.tags, 2u);
  EXPECT_EQ(read.values[0], 12.5);
  EXPECT_EQ(read.values[1], kMissing);  // a string arg of that name does not count
  EXPECT_EQ(read.values[2], -2);
}

TEST(WireTicketTest, NothingIsLeftOfTheTicketBefore) {
  WireTicket ticket{.id = "old", .tags = 3};
  std::array<double, 1> values = {5};
  ASSERT_TRUE(ReadWireTicket("", std::span(kArgs).first(1), values, ticket));
  EXPECT_EQ(ticket.id, "");
  EXPECT_EQ(ticket.tags, 0u);
  EXPECT_EQ(values[0], 5);
}

TEST(WireTicketTest, ReadsTheStringArgsAskedForAndTheTime) {
  const std::array<std::string, 2> names = {"latency-b", "mode"};
  std::array<std::string_view, 2> texts = {};
  std::optional<WallTime> created;
  const std::string full = FullTicket();  // what is read points into it
  ASSERT_TRUE(ReadWireTexts(full, names, texts, created));
  EXPECT_EQ(texts[0], "text");
  EXPECT_EQ(texts[1].data(), nullptr);
  EXPECT_EQ(created, WallTime(std::chrono::seconds(1'767'225'600)));

  // Without value: an empty text, which is not the same as none. Without time: none.
  ASSERT_TRUE(ReadWireTexts("\x22\x08\x12\x06\x0a\x04mode", names, texts, created));
  EXPECT_NE(texts[1].data(), nullptr);
  EXPECT_EQ(texts[1], "");
  EXPECT_EQ(created, std::nullopt);
  EXPECT_FALSE(ReadWireTexts("\x22\x02\x12\x05", names, texts, created));
  EXPECT_FALSE(ReadWireTexts("\x3a\x01\x08", names, texts, created));
}

TEST(WireTicketTest, TimesAreReadAsTheParserReadsThem) {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 62}) {
    wire_openmatch::Ticket message;
    message.mutable_create_time()->set_seconds(seconds);
    message.mutable_create_time()->set_nanos(-5);
    std::optional<WallTime> created;
    ASSERT_TRUE(ReadWireTexts(message.SerializeAsString(), {}, {}, created));
    EXPECT_EQ(created, FromWire(wire_openmatch::Ticket(message)).create_time) << seconds;
  }
}

TEST(WireTicketTest, TheLastOfSeveralCountsAndMessagesAreMerged) {
  wire_openmatch::Ticket first;
  first.set_id("first");
  (*first.mutable_search_fields()->mutable_double_args())["latency-a"] = 1;
  (*first.mutable_search_fields()->mutable_double_args())["latency-b"] = 2;
  first.mutable_search_fields()->add_tags("one");
  wire_openmatch::Ticket second;
  second.set_id("second");
  (*second.mutable_search_fields()->mutable_double_args())["latency-a"] = 3;
  second.mutable_search_fields()->add_tags("two");
  const std::string bytes = first.SerializeAsString() + second.SerializeAsString();
  wire_openmatch::Ticket merged;
  ASSERT_TRUE(merged.ParseFromString(bytes));
  const Read read = ReadFrom(bytes);
  EXPECT_EQ(read.id, merged.id());
  EXPECT_EQ(read.tags, static_cast<std::size_t>(merged.search_fields().tags_size()));
  EXPECT_EQ(read.values[0], merged.search_fields().double_args().at("latency-a"));
  EXPECT_EQ(read.values[1], merged.search_fields().double_args().at("latency-b"));
}

TEST(WireTicketTest, DefaultsThatTheWireLeavesOut) {
  // An arg without value is 0, one without key has an empty name.
  const std::string no_value = "\x22\x0d\x0a\x0b\x0a\x09latency-a";
  EXPECT_EQ(ReadFrom(no_value).values[0], 0);
  const std::string no_key("\x22\x0b\x0a\x09\x11\0\0\0\0\0\0\xf0\x3f", 13);
  const Read read = ReadFrom(no_key);
  EXPECT_TRUE(read.ok);
  for (const double value : read.values) EXPECT_EQ(value, kMissing);
}

// As far as it looks, it refuses what protobuf refuses.
TEST(WireTicketTest, ATicketThatIsCutShortIsRefusedUnlessItEndsWithAField) {
  const std::string whole = FullTicket();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    wire_openmatch::Ticket message;
    EXPECT_EQ(ReadFrom(whole.substr(0, size)).ok, message.ParseFromString(whole.substr(0, size)))
        << size << " of " << whole.size() << " bytes";
  }
}

TEST(WireTicketTest, WhatIsNoMessageIsRefused) {
  for (const std::string_view bytes :
       {std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),  // a tag without end
        std::string_view("\x02\x01x"),                                     // field 0
        std::string_view("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),      // longer than anything
        std::string_view("\x22\x02\x0a\x05"),          // search fields that are cut short
        std::string_view("\x22\x04\x0a\x02\x11\x01"),  // an arg that is
        std::string_view("\x0c"),                      // the end of a group
        std::string_view("\x0f")}) {                   // a type that does not exist
    EXPECT_FALSE(ReadFrom(bytes).ok);
  }
}

TEST(WireTicketTest, AProposalHoldsItsTicketsAsTheyCame) {
  Match match{.id = "m1", .profile = "joint", .function = "f", .tickets = {{.id = "own"}}};
  match.extensions["gsh.region"] = AnyString("us-east-1");
  match.backfill = Backfill{.id = "b", .generation = 3};
  Ticket large{.id = "large"};
  large.extensions["save"] = AnyString(std::string(100'000, 'x'));
  wire_openmatch::Ticket large_message;
  ToWire(Ticket(large), large_message);
  const std::string first = FullTicket();
  const std::string second = large_message.SerializeAsString();
  const std::vector<std::string_view> tickets = {first, second, ""};

  wire_openmatch::RunResponse response;
  ASSERT_TRUE(response.ParseFromString(WireProposal(match, tickets)));
  const auto& proposal = response.proposal();
  std::vector<std::string> ids;
  for (const auto& ticket : proposal.tickets()) ids.push_back(ticket.id());
  EXPECT_THAT(ids, ElementsAre("own", "c9s0m1", "large", ""));
  EXPECT_EQ(proposal.tickets(1).SerializeAsString().size(), first.size());
  Match read = FromWire(wire_openmatch::Match(proposal));
  EXPECT_EQ(read.tickets[2], large);
  read.tickets.resize(1);
  EXPECT_EQ(read, match);
}

TEST(WireTicketTest, AProposalWithoutTicketsOfItsOwn) {
  wire_openmatch::RunResponse response;
  ASSERT_TRUE(response.ParseFromString(WireProposal({}, {})));
  EXPECT_TRUE(response.has_proposal());
}

}  // namespace
}  // namespace gsh::openmatch
