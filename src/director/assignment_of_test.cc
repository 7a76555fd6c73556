#include "src/director/assignment_of.h"

#include <gmock/gmock.h>

#include "gsh/any.h"

namespace gsh::director {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

openmatch::Match WithTeams(const std::string& json) {
  openmatch::Match match{.id = "m \"1\""};
  match.extensions["gsh.teams"] = AnyString(json);
  return match;
}

TEST(AssignmentOfTest, ExtensionsTravelButTheEvaluatorsInput) {
  openmatch::Match match{.id = "m \"1\""};
  match.extensions = {{"evaluation_input", AnyDouble(1)}, {"map", AnyString("dunes")}};
  const auto assignment = AssignmentOf(match, "h:1", "us-east-1", "");
  EXPECT_EQ(assignment.connection, "h:1");
  EXPECT_THAT(
      assignment.extensions,
      UnorderedElementsAre(
          Pair("map", AnyString("dunes")),
          Pair("gsh.match", AnyString("{\"id\":\"m \\\"1\\\"\",\"region\":\"us-east-1\"}"))));
  EXPECT_EQ(StringOf(AssignmentOf(match, "h:1", "r", "red").extensions.at("gsh.match")),
            "{\"id\":\"m \\\"1\\\"\",\"region\":\"r\",\"team\":\"red\"}");
}

TEST(AssignmentOfTest, TeamsAreGroupsOfTickets) {
  EXPECT_THAT(
      TeamsOf(WithTeams("{\"red\":[\"a\",\"c\"],\"blue\":[\"b\",\"x\"]}"), {"a", "b", "c", "d"}),
      ElementsAre(Pair("", ElementsAre("d")), Pair("blue", ElementsAre("b")),
                  Pair("red", ElementsAre("a", "c"))));
}

TEST(AssignmentOfTest, NonsenseForTeamsIsOneTeam) {
  for (const char* json : {"", "[", "[1]", "{\"red\":5}", "{\"red\":[5,null]}", "null"}) {
    EXPECT_THAT(TeamsOf(WithTeams(json), {"a", "b"}), ElementsAre(Pair("", ElementsAre("a", "b"))))
        << json;
  }
}

}  // namespace
}  // namespace gsh::director
