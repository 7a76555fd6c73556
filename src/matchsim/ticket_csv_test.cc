#include "src/matchsim/ticket_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "gsh/testing/matchers.h"
#include "src/matchsim/generator.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Arrivals Parsed(std::string_view text) {
  StatusOr<Arrivals> arrivals = ParseTicketCsv(text);
  EXPECT_THAT(arrivals, IsOk());
  return arrivals.ok() ? *arrivals : Arrivals{};
}

std::string MistakeIn(std::string_view text) {
  const StatusOr<Arrivals> arrivals = ParseTicketCsv(text);
  EXPECT_EQ(arrivals.status().code(), StatusCode::kInvalidArgument) << text;
  return arrivals.status().message();
}

TEST(TicketCsvTest, ReadsAllColumns) {
  const Arrivals arrivals = Parsed(
      "id,time,party,skill,latency-eu,latency-us\n"
      "anna,0.5,1,1520,12.5,31\n"
      "\"ben, \"\"b\"\"\",2.25,3,-4,48,\n");
  EXPECT_THAT(arrivals.regions, ElementsAre("eu", "us"));
  EXPECT_THAT(arrivals.time_s, ElementsAre(0.5, 2.25));
  EXPECT_THAT(arrivals.party_size, ElementsAre(1, 3));
  EXPECT_THAT(arrivals.skill, ElementsAre(1520, -4));
  EXPECT_EQ(arrivals.latency_ms[0], 12.5f);
  EXPECT_EQ(arrivals.latency_ms[2], 48.f);
  EXPECT_TRUE(std::isnan(arrivals.latency_ms[3]));
}

TEST(TicketCsvTest, WhatIsOptionalMayBeMissing) {
  const Arrivals arrivals = Parsed("time,latency-eu\n1,5\n");
  EXPECT_THAT(arrivals.party_size, IsEmpty());
  EXPECT_THAT(arrivals.skill, IsEmpty());
  EXPECT_EQ(arrivals.PartySize(0), 1);
  EXPECT_EQ(Parsed("time,latency-eu\n").size(), 0u);
}

TEST(TicketCsvTest, SortsByTimeAndKeepsRowsWhole) {
  const Arrivals arrivals =
      Parsed("latency-a,time,latency-b,party\n3,9,30,3\n1,2,10,1\n2,2,20,2\n");
  EXPECT_THAT(arrivals.time_s, ElementsAre(2, 2, 9));
  EXPECT_THAT(arrivals.latency_ms, ElementsAre(1, 10, 2, 20, 3, 30));
  EXPECT_THAT(arrivals.party_size, ElementsAre(1, 2, 3));
}

TEST(TicketCsvTest, AttributesAreInterned) {
  const Arrivals arrivals = Parsed(
      "time,attribute-mode,latency-a,attribute-build\n3,ranked,1,7\n2,casual,1,7\n1,ranked,1,\n");
  ASSERT_EQ(arrivals.attributes.size(), 2u);
  EXPECT_EQ(arrivals.attributes[0].name, "mode");
  EXPECT_THAT(arrivals.attributes[0].values, ElementsAre("ranked", "casual"));
  EXPECT_THAT(arrivals.attributes[0].index, ElementsAre(0, 1, 0));
  EXPECT_THAT(arrivals.attributes[1].values, ElementsAre("7", ""));
  EXPECT_THAT(arrivals.attributes[1].index, ElementsAre(1, 0, 0));
}

TEST(TicketCsvTest, KeysAreTheIds) {
  const Arrivals one = Parsed("id,time,latency-a\nx,0,1\ny,0,1\n");
  const Arrivals other = Parsed("id,time,latency-a\ny,0,1\nx,0,1\n");
  EXPECT_NE(one.key[0], one.key[1]);
  EXPECT_EQ(one.key[0], other.key[1]);
  const Arrivals none = Parsed("time,latency-a\n0,1\n0,1\n");
  EXPECT_NE(none.key[0], none.key[1]);
}

TEST(TicketCsvTest, OtherProgramsHabits) {
  const Arrivals arrivals = Parsed("\xef\xbb\xbftime,latency-eu\r\n\r\n1e1,NaN\r\n2,nan");
  EXPECT_THAT(arrivals.time_s, ElementsAre(2, 10));
  EXPECT_TRUE(std::isnan(arrivals.latency_ms[0]) && std::isnan(arrivals.latency_ms[1]));
}

TEST(TicketCsvTest, MistakesNameLineAndColumn) {
  const std::string header = "id,time,party,skill,latency-eu\n";
  EXPECT_EQ(MistakeIn(header + "a,x,1,1,1\n"),
            "line 2, column 2: time \"x\" is no time in seconds from 0 to 1e9");
  EXPECT_EQ(MistakeIn(header + "a,0,1,1,1\n\na,0,1,1,1\n"),
            "line 4, column 1: id \"a\" stands in line 2");
  EXPECT_EQ(MistakeIn(header + "a,0,0,1,1\n"),
            "line 2, column 3: party \"0\" is no number of players from 1 to 10000");
  EXPECT_THAT(MistakeIn(header + "a,0,1,high,1\n"), StartsWith("line 2, column 4: skill \"high\""));
  EXPECT_EQ(MistakeIn(header + "a,0,1,1,far\n"),
            "line 2, column 5: latency-eu \"far\" is no latency from 0 to 1e6 ms (nothing where a "
            "region is out of reach)");
  EXPECT_EQ(MistakeIn(header + "a,0,1\n"), "line 2, column 4: the line has 3 fields, the header 5");
  EXPECT_THAT(MistakeIn(header + "a,0,1,1,1,\n"), StartsWith("line 2, column 6: the line has 6"));
}

TEST(TicketCsvTest, HostileNumbers) {
  for (const char* number : {"-1", "inf", "-inf", "1e7", "1e999", "0x10", "1 ", " 1", "+1", "1,5",
                             "--1", "1e", "\x01"}) {
    EXPECT_THAT(MistakeIn("time,latency-eu\n0," + std::string(number) + "\n"),
                StartsWith("line 2, column "))
        << number;
  }
  EXPECT_THAT(MistakeIn("time,latency-eu\n-0.1,1\n"), StartsWith("line 2, column 1: time"));
  EXPECT_THAT(MistakeIn("time,latency-eu\nnan,1\n"), StartsWith("line 2, column 1: time"));
  EXPECT_THAT(MistakeIn("time,party,latency-eu\n0,4294967297,1\n"), HasSubstr("column 2: party"));
  EXPECT_THAT(MistakeIn("time,party,latency-eu\n0,1.5,1\n"), HasSubstr("column 2: party"));
}

TEST(TicketCsvTest, HostileHeaders) {
  EXPECT_EQ(MistakeIn(""), "line 1, column 1: no header: the file is empty");
  EXPECT_EQ(MistakeIn("latency-eu\n"), "line 1, column 1: the header names no column \"time\"");
  EXPECT_EQ(MistakeIn("time,party\n"),
            "line 1, column 1: the header names no column \"latency-REGION\"");
  EXPECT_EQ(MistakeIn("time,time,latency-eu\n"), "line 1, column 2: \"time\" is there twice");
  EXPECT_EQ(MistakeIn("time,colour,latency-eu\n"),
            "line 1, column 2: \"colour\" is none of time, id, party, skill, attribute-NAME, "
            "latency-REGION");
  EXPECT_THAT(MistakeIn("time,latency-\n"), StartsWith("line 1, column 2: \"latency-\" is none"));
  EXPECT_THAT(MistakeIn("\x7f\x45LF\x01\x02"), StartsWith("line 1, column 1: \"?ELF??\" is none"));
  std::string many = "time";
  for (int i = 0; i <= 256; ++i) many += ",latency-r" + std::to_string(i);
  EXPECT_THAT(MistakeIn(many), HasSubstr("column 258: \"latency-r256\" too many regions"));
  EXPECT_THAT(MistakeIn("time," + std::string(100'000, 'x')), HasSubstr("xxx...\" is none"));
}

TEST(TicketCsvTest, HostileQuotes) {
  EXPECT_EQ(MistakeIn("time,latency-eu\n0,\"1\n"),
            "line 2, column 2: the quotation mark is not closed");
  EXPECT_EQ(MistakeIn("time,latency-eu\n0,1\"2\"\n"),
            "line 2, column 2: a quotation mark inside a field");
  EXPECT_EQ(MistakeIn("time,latency-eu\n\"0\"1,1\n"),
            "line 2, column 1: text behind the closing quotation mark");
}

TEST(TicketCsvTest, WhatIsWrittenReadsBackTheSame) {
  const StatusOr<Arrivals> made =
      GenerateArrivals({.tickets = 500,
                        .rate = 3,
                        .party_sizes = {2, 1},
                        .skill_deviation = 100,
                        .attributes = {{"mode", {{"a,b", 1}}}}},
                       {{.name = "us-east-1"}, {.name = "a,\"b\"", .place = Place{1, 2}}}, 4);
  ASSERT_THAT(made, IsOk());
  Arrivals arrivals = *made;
  arrivals.latency_ms[7] = NAN;
  const Arrivals read = Parsed(WriteTicketCsv(arrivals));
  EXPECT_EQ(read.regions, arrivals.regions);
  EXPECT_EQ(read.time_s, arrivals.time_s);
  EXPECT_EQ(read.party_size, arrivals.party_size);
  EXPECT_EQ(read.skill, arrivals.skill);
  ASSERT_EQ(read.attributes.size(), 1u);
  EXPECT_EQ(read.attributes[0].values, arrivals.attributes[0].values);
  EXPECT_EQ(read.attributes[0].index, arrivals.attributes[0].index);
  for (std::size_t i = 0; i < read.latency_ms.size(); ++i) {
    if (i == 7) continue;
    EXPECT_EQ(read.latency_ms[i], arrivals.latency_ms[i]) << i;
  }
  EXPECT_TRUE(std::isnan(read.latency_ms[7]));
}

}  // namespace
}  // namespace gsh::matchsim
