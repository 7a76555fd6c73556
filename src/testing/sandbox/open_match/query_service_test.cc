// The order and the pages in which the sandbox answers; tests/conformance has what a query finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/testing/sandbox/open_match/open_match_fixture.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(OpenMatchTest, QueryFiltersAndKeepsTheOrderOfCreation) {
  std::vector<std::string> wanted;
  for (int i = 0; i < 30; ++i) {
    const std::string id = Create(i);
    if (i >= 10 && i <= 19) wanted.push_back(id);
  }
  EXPECT_EQ(Query(LatencyPool(10, 19)), wanted);
  EXPECT_THAT(Query(LatencyPool(10, 19, "eu-west-1")), IsEmpty());
}

TEST_F(OpenMatchTest, QueryComesInPages) {
  open_match_.reset();
  Start({.query_page_size = 1});  // raised to the least, 10
  for (int i = 0; i < 25; ++i) Create();
  EXPECT_THAT(Query(), SizeIs(25));
  EXPECT_EQ(pages_, 3);

  grpc::ClientContext context;
  Limit(context);
  wire::QueryTicketIdsRequest request;
  *request.mutable_pool() = LatencyPool(0, 1000);
  const auto reader = query_->QueryTicketIds(&context, request);
  wire::QueryTicketIdsResponse page;
  std::vector<int> sizes;
  while (reader->Read(&page)) sizes.push_back(page.ids_size());
  EXPECT_THAT(sizes, ElementsAre(10, 10, 5));
}

}  // namespace
}  // namespace gsh::sandbox
