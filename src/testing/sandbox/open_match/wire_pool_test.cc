#include "src/testing/sandbox/open_match/wire_pool.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "gsh/openmatch/pool_filter.h"
#include "gsh/testing/matchers.h"
#include "src/testing/sandbox/open_match/test_messages.h"
#include "src/testing/sandbox/open_match/timestamps.h"

namespace gsh::sandbox {
namespace {

// A pool or ticket in both forms: on the wire, and as the library's struct.
struct PoolPair {
  wire_openmatch::Pool wire;
  openmatch::Pool plain;
};
struct TicketPair {
  wire_openmatch::Ticket wire;
  openmatch::Ticket plain;
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  // Few names and values, so that bounds are hit exactly and keys are missing often.
  std::string Name() { return std::string(1, static_cast<char>('a' + Below(3))); }
  double Value() {
    static constexpr double kValues[] = {-1,
                                         0,
                                         1,
                                         2,
                                         3,
                                         std::numeric_limits<double>::infinity(),
                                         std::numeric_limits<double>::quiet_NaN()};
    return kValues[Below(7)];
  }
  WallTime Time() {
    return WallTime(std::chrono::seconds(1000) + std::chrono::nanoseconds(Below(3)));
  }
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  PoolPair Pool() {
    PoolPair pool;
    for (int n = Below(3); n > 0; --n) AddRange(pool);
    for (int n = Below(2); n > 0; --n) {
      const std::string name = Name(), value = Name();
      auto* filter = pool.wire.add_string_equals_filters();
      filter->set_string_arg(name);
      filter->set_value(value);
      pool.plain.string_equals_filters.push_back({name, value});
    }
    for (int n = Below(3); n > 0; --n) {
      const std::string tag = Name();
      pool.wire.add_tag_present_filters()->set_tag(tag);
      pool.plain.tags_present.push_back(tag);
    }
    if (Below(4) == 0) {
      pool.plain.created_before = Time();
      *pool.wire.mutable_created_before() = ToTimestamp(*pool.plain.created_before);
    }
    if (Below(4) == 0) {
      pool.plain.created_after = Time();
      *pool.wire.mutable_created_after() = ToTimestamp(*pool.plain.created_after);
    }
    return pool;
  }

  TicketPair Ticket() {
    TicketPair ticket;
    auto& fields = *ticket.wire.mutable_search_fields();
    for (int n = Below(4); n > 0; --n) {
      const std::string name = Name();
      ticket.plain.search_fields.double_args[name] = (*fields.mutable_double_args())[name] =
          Value();
    }
    for (int n = Below(3); n > 0; --n) {
      const std::string name = Name();
      ticket.plain.search_fields.string_args[name] = (*fields.mutable_string_args())[name] = Name();
    }
    for (int n = Below(4); n > 0; --n) {
      ticket.plain.search_fields.tags.push_back(Name());
      fields.add_tags(ticket.plain.search_fields.tags.back());
    }
    if (Below(4) != 0) {
      ticket.plain.create_time = Time();
      *ticket.wire.mutable_create_time() = ToTimestamp(*ticket.plain.create_time);
    }
    return ticket;
  }

 private:
  void AddRange(PoolPair& pool) {
    const openmatch::DoubleRangeFilter range{.double_arg = Name(),
                                             .max = Value(),
                                             .min = Value(),
                                             .exclude = static_cast<openmatch::Exclude>(Below(4))};
    pool.plain.double_range_filters.push_back(range);
    auto* filter = pool.wire.add_double_range_filters();
    filter->set_double_arg(range.double_arg);
    filter->set_max(range.max);
    filter->set_min(range.min);
    filter->set_exclude(
        static_cast<wire_openmatch::DoubleRangeFilter::Exclude>(static_cast<int>(range.exclude)));
  }

  std::mt19937 random_;
};

wire_openmatch::Backfill BackfillLike(const wire_openmatch::Ticket& ticket) {
  wire_openmatch::Backfill backfill;
  *backfill.mutable_search_fields() = ticket.search_fields();
  if (ticket.has_create_time()) *backfill.mutable_create_time() = ticket.create_time();
  return backfill;
}

TEST(WirePoolTest, AgreesWithTheLibrarysFilter) {
  Generator generator(7);
  int in = 0;
  for (int round = 0; round < 500; ++round) {
    const PoolPair pool = generator.Pool();
    for (int i = 0; i < 100; ++i) {
      const TicketPair ticket = generator.Ticket();
      const bool expected = openmatch::InPool(pool.plain, ticket.plain);
      ASSERT_EQ(InWirePool(pool.wire, ticket.wire.SerializeAsString()), expected)
          << "round " << round << ", " << i;
      ASSERT_EQ(InWirePool(pool.wire, BackfillLike(ticket.wire)), expected);
      in += expected;
    }
  }
  EXPECT_GT(in, 1000);  // both answers occurred
  EXPECT_LT(in, 49000);
}

TEST(WirePoolTest, RefusesBoundsThatAreNoTimes) {
  wire_openmatch::Pool pool;
  EXPECT_THAT(CheckWirePool(pool), gsh::testing::IsOk());
  pool.mutable_created_after()->set_nanos(-1);
  EXPECT_THAT(CheckWirePool(pool), gsh::testing::StatusIs(StatusCode::kInvalidArgument));
  pool.clear_created_after();
  pool.mutable_created_before()->set_seconds(253402300800);
  EXPECT_THAT(CheckWirePool(pool), gsh::testing::StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::sandbox
