#include "src/testing/sandbox/open_match/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "src/testing/sandbox/open_match/test_messages.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Accepted(const std::vector<wire_openmatch::Match>& proposals) {
  std::vector<serialised::Match> serialised;
  for (const auto& proposal : proposals) serialised.push_back(Serialised(proposal));
  std::vector<Candidate> candidates;
  for (const auto& proposal : serialised) candidates.push_back(ReadCandidate(proposal));
  std::vector<std::string> ids;
  for (const std::size_t i : Evaluate(candidates)) ids.push_back(proposals[i].match_id());
  return ids;
}

wire_openmatch::Match WithBackfill(wire_openmatch::Match match, const std::string& id) {
  match.mutable_backfill()->set_id(id);
  return match;
}

TEST(EvaluatorTest, TakesEverythingThatDoesNotCollideBestFirst) {
  EXPECT_THAT(Accepted({Proposal("low", {"a"}, 1), Proposal("high", {"b"}, 3),
                        Proposal("middle", {"c"}, 2)}),
              ElementsAre("high", "middle", "low"));
}

TEST(EvaluatorTest, DropsTheLowerScoreOfACollision) {
  EXPECT_THAT(Accepted({Proposal("low", {"a", "b"}, 1), Proposal("high", {"b", "c"}, 2)}),
              ElementsAre("high"));
}

TEST(EvaluatorTest, ADroppedProposalBlocksNobody) {
  EXPECT_THAT(Accepted({Proposal("first", {"a", "b"}, 3), Proposal("dropped", {"b", "c"}, 2),
                        Proposal("last", {"c", "d"}, 1)}),
              ElementsAre("first", "last"));
}

TEST(EvaluatorTest, EqualScoresKeepTheirOrder) {
  EXPECT_THAT(Accepted({Proposal("1", {"a"}, 5), Proposal("2", {"a"}, 5), Proposal("3", {"b"}, 5)}),
              ElementsAre("1", "3"));
}

TEST(EvaluatorTest, WithoutInputComesAfterEveryScore) {
  EXPECT_THAT(Accepted({Proposal("none", {"a"}), Proposal("worst", {"a"}, -1e308)}),
              ElementsAre("worst"));
  EXPECT_THAT(Accepted({Proposal("none", {"a"})}), ElementsAre("none"));
}

TEST(EvaluatorTest, RejectsAnInputThatIsNoScore) {
  auto other = Proposal("other type", {"a"}, 1);
  (*other.mutable_extensions())["evaluation_input"].set_type_url(
      "type.googleapis.com/google.protobuf.StringValue");
  auto broken = Proposal("broken bytes", {"b"}, 1);
  (*broken.mutable_extensions())["evaluation_input"].set_value("\x09\x01");
  EXPECT_THAT(Accepted({other, broken}), IsEmpty());
}

TEST(EvaluatorTest, NaNSortsLast) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(Accepted({Proposal("nan", {"a"}, nan), Proposal("low", {"a"}, -5),
                        Proposal("nan2", {"b"}, nan)}),
              ElementsAre("low", "nan2"));
}

TEST(EvaluatorTest, OneMatchForABackfillButAnyNumberOfNewOnes) {
  EXPECT_THAT(
      Accepted(
          {WithBackfill(Proposal("1", {"a"}, 1), "bf"), WithBackfill(Proposal("2", {"b"}, 2), "bf"),
           WithBackfill(Proposal("3", {"c"}, 3), ""), WithBackfill(Proposal("4", {"d"}, 4), "")}),
      ElementsAre("4", "3", "2"));
}

TEST(EvaluatorTest, AMatchThatListsATicketTwiceIsAccepted) {
  EXPECT_THAT(Accepted({Proposal("twice", {"a", "a"}, 1)}), ElementsAre("twice"));
}

}  // namespace
}  // namespace gsh::sandbox
