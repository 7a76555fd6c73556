#include "src/allocator_service/address_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"

namespace gsh::allocator_service {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

agones::Labels LabelsOf(const StatusOr<agones::AllocationRequest>& request) {
  EXPECT_THAT(request, IsOk());
  if (!request.ok() || request->selectors.size() != 1) return {{"?", "?"}};
  return request->selectors[0].match_labels;
}

TEST(AddressQueryTest, WithoutAQueryTheSelectionCounts) {
  const Selection selection{.ns = "games",
                            .fleet = "simple-udp",
                            .region = "us-east-1",
                            .labels = {{"mode", "duel"}},
                            .multicluster = true};
  const auto request = RequestFor(selection, "");
  EXPECT_THAT(LabelsOf(request), ElementsAre(Pair("agones.dev/fleet", "simple-udp"),
                                             Pair("mode", "duel"), Pair("region", "us-east-1")));
  EXPECT_EQ(request->ns, "games");
  EXPECT_TRUE(request->multicluster);
  EXPECT_THAT(LabelsOf(RequestFor({}, "")), IsEmpty());
}

TEST(AddressQueryTest, RegionAndLabelsOfTheQuery) {
  EXPECT_THAT(
      LabelsOf(RequestFor({.region = "us-east-1"},
                          "region=eu-west-2&label=mode=duel&&label=a.b%2Fmap=ice")),
      ElementsAre(Pair("a.b/map", "ice"), Pair("mode", "duel"), Pair("region", "eu-west-2")));
  EXPECT_THAT(LabelsOf(RequestFor({.region = "us-east-1"}, "region=")), IsEmpty())
      << "an empty region is any";
}

TEST(AddressQueryTest, AQueryCannotLeaveTheSelection) {
  const Selection selection{.fleet = "simple-udp", .labels = {{"mode", "duel"}}};
  for (const char* query : {"label=mode=race", "label=agones.dev/fleet=other"}) {
    EXPECT_THAT(RequestFor(selection, query), StatusIs(StatusCode::kInvalidArgument)) << query;
  }
  EXPECT_THAT(RequestFor(selection, "label=mode=duel"), IsOk());
  EXPECT_THAT(RequestFor({.labels = {{"region", "eu"}}}, "region=us"),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(RequestFor({}, "region=us&label=region=eu"), StatusIs(StatusCode::kInvalidArgument));
}

TEST(AddressQueryTest, RefusesNonsense) {
  std::string many;
  for (int i = 0; i < 17; ++i) many += "label=l" + std::to_string(i) + "=x&";
  for (const std::string& query :
       {std::string("regoin=eu"), std::string("region=a%20b"), std::string("region=%zz"),
        std::string("label=mode"), std::string("label==x"), std::string("label=a/=x"),
        std::string("label=/a=x"), std::string("label=a=-x"),
        std::string("region") + "=" + std::string(64, 'a'), std::string("label=A/b/c=x"), many}) {
    EXPECT_THAT(RequestFor({}, query), StatusIs(StatusCode::kInvalidArgument)) << query;
  }
}

TEST(AddressQueryTest, ChecksTheFlags) {
  EXPECT_THAT(CheckSelection({}), IsOk());
  EXPECT_THAT(CheckSelection({.ns = ""}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckSelection({.fleet = "a b"}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckSelection({.region = "-"}), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::allocator_service
