// Open Match's query service and pool filters (open-match v1.8: internal/app/query,
// internal/filter).
#include "gsh/openmatch/query.h"

#include <cmath>

#include "gsh/testing/matchers.h"
#include "tests/conformance/open_match_fixture.h"

namespace gsh::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;
using Filter = wire::DoubleRangeFilter;

class QueryTest : public OpenMatchTest {
 protected:
  std::string CreateWith(double level) {
    wire::Ticket ticket = NewTicket();
    (*ticket.mutable_search_fields()->mutable_double_args())["level"] = level;
    return Create(ticket);
  }

  wire::Pool Levels(double min, double max, Filter::Exclude exclude = Filter::NONE) const {
    wire::Pool pool = TaggedPool();
    Filter& filter = *pool.add_double_range_filters();
    filter.set_double_arg("level");
    filter.set_min(min);
    filter.set_max(max);
    filter.set_exclude(exclude);
    return pool;
  }

  google::protobuf::Timestamp CreateTimeOf(const std::string& id) {
    wire::Ticket ticket;
    EXPECT_TRUE(Get(id, &ticket).ok());
    return ticket.create_time();
  }
};

TEST_F(QueryTest, RangesIncludeOrExcludeTheirEnds) {
  const std::string low = CreateWith(10), middle = CreateWith(15), high = CreateWith(20);
  CreateWith(9.999);
  CreateWith(20.001);
  EXPECT_THAT(Query(Levels(10, 20, Filter::NONE)), UnorderedElementsAre(low, middle, high));
  EXPECT_THAT(Query(Levels(10, 20, Filter::MIN)), UnorderedElementsAre(middle, high));
  EXPECT_THAT(Query(Levels(10, 20, Filter::MAX)), UnorderedElementsAre(low, middle));
  EXPECT_THAT(Query(Levels(10, 20, Filter::BOTH)), UnorderedElementsAre(middle));
  EXPECT_THAT(Query(Levels(20, 10)), IsEmpty());
}

TEST_F(QueryTest, NanAndMissingNumbersFitNoRange) {
  const std::string nan = CreateWith(std::nan("")), missing = Create(), zero = CreateWith(0);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto exclude : {Filter::NONE, Filter::MIN, Filter::MAX, Filter::BOTH}) {
    EXPECT_THAT(Query(Levels(-infinity, infinity, exclude)), ElementsAre(zero));
  }
  EXPECT_THAT(Query(Levels(std::nan(""), infinity)), IsEmpty());
  EXPECT_THAT(Query(), UnorderedElementsAre(nan, missing, zero));
}

TEST_F(QueryTest, InfinityFitsAnOpenRange) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string id = CreateWith(infinity);
  EXPECT_THAT(Query(Levels(0, infinity)), ElementsAre(id));
  EXPECT_THAT(Query(Levels(0, infinity, Filter::MAX)), IsEmpty());
}

TEST_F(QueryTest, StringsMustBeThereAndEqual) {
  wire::Ticket ticket = NewTicket();
  (*ticket.mutable_search_fields()->mutable_string_args())["mode"] = "ctf";
  (*ticket.mutable_search_fields()->mutable_string_args())["empty"] = "";
  const std::string id = Create(ticket);
  const auto with = [&](const char* arg, const char* value) {
    wire::Pool pool = TaggedPool();
    pool.add_string_equals_filters()->set_string_arg(arg);
    pool.mutable_string_equals_filters(0)->set_value(value);
    return pool;
  };
  EXPECT_THAT(Query(with("mode", "ctf")), ElementsAre(id));
  EXPECT_THAT(Query(with("mode", "CTF")), IsEmpty());
  EXPECT_THAT(Query(with("empty", "")), ElementsAre(id));
  EXPECT_THAT(Query(with("missing", "")), IsEmpty());
}

TEST_F(QueryTest, EveryFilterMustPass) {
  wire::Ticket ticket = NewTicket();
  ticket.mutable_search_fields()->add_tags("second");
  const std::string both = Create(ticket);
  Create();
  wire::Pool pool = TaggedPool();
  pool.add_tag_present_filters()->set_tag("second");
  EXPECT_THAT(Query(pool), ElementsAre(both));
  pool.add_tag_present_filters()->set_tag("third");
  EXPECT_THAT(Query(pool), IsEmpty());
}

TEST_F(QueryTest, TimesAreStrict) {
  const std::string id = Create();
  const google::protobuf::Timestamp created = CreateTimeOf(id);
  wire::Pool before = TaggedPool(), after = TaggedPool();
  *before.mutable_created_before() = created;
  *after.mutable_created_after() = created;
  EXPECT_THAT(Query(before), IsEmpty());
  EXPECT_THAT(Query(after), IsEmpty());
  before.mutable_created_before()->set_seconds(created.seconds() + 1);
  after.mutable_created_after()->set_seconds(created.seconds() - 1);
  EXPECT_THAT(Query(before), ElementsAre(id));
  EXPECT_THAT(Query(after), ElementsAre(id));
}

TEST_F(QueryTest, IdsAreThoseOfTheTickets) {
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i) ids.push_back(Create());
  EXPECT_THAT(Query(), UnorderedElementsAreArray(ids));
  grpc::ClientContext context;
  Limit(context);
  wire::QueryTicketIdsRequest request;
  *request.mutable_pool() = TaggedPool();
  const auto reader = query_->QueryTicketIds(&context, request);
  std::vector<std::string> answered;
  wire::QueryTicketIdsResponse page;
  while (reader->Read(&page)) answered.insert(answered.end(), page.ids().begin(), page.ids().end());
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_THAT(answered, UnorderedElementsAreArray(ids));
}

TEST_F(QueryTest, APoolIsNeededAndItsTimesMustBeValid) {
  wire::QueryTicketsRequest none, broken;
  broken.mutable_pool()->mutable_created_after()->set_nanos(-1);
  for (const auto& request : {none, broken}) {
    grpc::ClientContext context;
    Limit(context);
    EXPECT_EQ(CodeOf(query_->QueryTickets(&context, request)->Finish()),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  grpc::ClientContext ids, backfills;
  EXPECT_EQ(CodeOf(query_->QueryTicketIds(&ids, {})->Finish()), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf(query_->QueryBackfills(&backfills, {})->Finish()),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(QueryTest, AssignedTicketsAreNotFoundByQueries) {
  const std::string assigned = Create(), waiting = Create();
  wire::AssignTicketsResponse response;
  ASSERT_TRUE(Assign(AssignRequest({assigned}, "h:1"), &response).ok());
  EXPECT_THAT(Query(), ElementsAre(waiting));
}

// The library's own client.
TEST_F(QueryTest, TheClientAsksForTheSame) {
  const auto client =
      openmatch::MakeQuery({.client = {.endpoint = OpenMatch().query, .tls = OpenMatchTls()}});
  ASSERT_THAT(client, gsh::testing::IsOk());
  const std::string id = CreateWith(15);
  CreateWith(25);
  openmatch::Pool pool{.name = "pool", .tags_present = {tag_}};
  pool.double_range_filters.push_back({.double_arg = "level", .max = 20, .min = 10});
  const auto ids = (*client)->QueryTicketIds(pool);
  ASSERT_THAT(ids, gsh::testing::IsOk());
  EXPECT_THAT(*ids, ElementsAre(id));
  const auto tickets = (*client)->QueryTickets(pool);
  ASSERT_THAT(tickets, gsh::testing::IsOk());
  ASSERT_EQ(tickets->size(), 1u);
  EXPECT_EQ(tickets->front().search_fields.double_args.at("level"), 15);
}

}  // namespace
}  // namespace gsh::conformance
