#include "src/openmatch/convert.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gsh::openmatch {
namespace {

using WireExtensions = google::protobuf::Map<std::string, google::protobuf::Any>;

void ExtensionsToWire(Extensions&& from, WireExtensions& to) {
  for (auto& [key, any] : from) {
    google::protobuf::Any& wire = to[key];
    wire.set_type_url(std::move(any.type_url));
    wire.set_value(std::move(any.value));
  }
}

Extensions ExtensionsFromWire(WireExtensions& from) {
  Extensions to;
  for (auto& [key, wire] : from) {
    to.emplace(key, Any{std::move(*wire.mutable_type_url()), std::move(*wire.mutable_value())});
  }
  return to;
}

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// In whole numbers: durations would overflow where WallTime ends.
void TimeToWire(WallTime from, google::protobuf::Timestamp& to) {
  using std::chrono::nanoseconds;
  const auto since = std::chrono::duration_cast<nanoseconds>(from.time_since_epoch()).count();
  const std::int64_t nanos = since % kNanosPerSecond;  // negative before 1970
  to.set_seconds(since / kNanosPerSecond - (nanos < 0 ? 1 : 0));
  to.set_nanos(static_cast<std::int32_t>(nanos < 0 ? nanos + kNanosPerSecond : nanos));
}

void SearchFieldsToWire(SearchFields&& from, wire_openmatch::SearchFields& to) {
  for (const auto& [key, value] : from.double_args) (*to.mutable_double_args())[key] = value;
  for (auto& [key, value] : from.string_args) (*to.mutable_string_args())[key] = std::move(value);
  to.mutable_tags()->Reserve(static_cast<int>(from.tags.size()));
  for (std::string& tag : from.tags) to.add_tags(std::move(tag));
}

SearchFields SearchFieldsFromWire(wire_openmatch::SearchFields& from) {
  SearchFields to;
  to.double_args.insert(from.double_args().begin(), from.double_args().end());
  for (auto& [key, value] : *from.mutable_string_args())
    to.string_args.emplace(key, std::move(value));
  to.tags.reserve(static_cast<std::size_t>(from.tags_size()));
  for (std::string& tag : *from.mutable_tags()) to.tags.push_back(std::move(tag));
  return to;
}

bool IsEmpty(const SearchFields& fields) {
  return fields.double_args.empty() && fields.string_args.empty() && fields.tags.empty();
}

// What tickets and backfills have in common.
template <typename From, typename To>
void CommonToWire(From& from, To& to) {
  to.set_id(std::move(from.id));
  if (!IsEmpty(from.search_fields)) {
    SearchFieldsToWire(std::move(from.search_fields), *to.mutable_search_fields());
  }
  ExtensionsToWire(std::move(from.extensions), *to.mutable_extensions());
  ExtensionsToWire(std::move(from.persistent_field), *to.mutable_persistent_field());
  if (from.create_time) TimeToWire(*from.create_time, *to.mutable_create_time());
}

template <typename From, typename To>
void CommonFromWire(From& from, To& to) {
  to.id = std::move(*from.mutable_id());
  if (from.has_search_fields())
    to.search_fields = SearchFieldsFromWire(*from.mutable_search_fields());
  to.extensions = ExtensionsFromWire(*from.mutable_extensions());
  to.persistent_field = ExtensionsFromWire(*from.mutable_persistent_field());
  if (from.has_create_time()) to.create_time = TimeFromWire(from.create_time());
}

}  // namespace

WallTime TimeFromWire(const google::protobuf::Timestamp& from) {
  constexpr auto kLast =
      std::chrono::floor<std::chrono::seconds>(WallTime::max()).time_since_epoch();
  const std::chrono::seconds seconds(from.seconds());
  if (seconds >= kLast) return WallTime::max();
  if (seconds <= -kLast) return WallTime::min();
  const auto nanos = std::clamp<std::int64_t>(from.nanos(), 0, kNanosPerSecond - 1);
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(seconds + std::chrono::nanoseconds(nanos)));
}

void ToWire(Ticket&& from, wire_openmatch::Ticket& to) {
  CommonToWire(from, to);
  if (from.assignment) ToWire(std::move(*from.assignment), *to.mutable_assignment());
}

Ticket FromWire(wire_openmatch::Ticket&& from) {
  Ticket to;
  CommonFromWire(from, to);
  if (from.has_assignment()) to.assignment = FromWire(std::move(*from.mutable_assignment()));
  return to;
}

void ToWire(Backfill&& from, wire_openmatch::Backfill& to) {
  CommonToWire(from, to);
  to.set_generation(from.generation);
}

Backfill FromWire(wire_openmatch::Backfill&& from) {
  Backfill to;
  CommonFromWire(from, to);
  to.generation = from.generation();
  return to;
}

void ToWire(Assignment&& from, wire_openmatch::Assignment& to) {
  to.set_connection(std::move(from.connection));
  ExtensionsToWire(std::move(from.extensions), *to.mutable_extensions());
}

Assignment FromWire(wire_openmatch::Assignment&& from) {
  Assignment to;
  to.connection = std::move(*from.mutable_connection());
  to.extensions = ExtensionsFromWire(*from.mutable_extensions());
  return to;
}

void ToWire(Pool&& from, wire_openmatch::Pool& to) {
  to.set_name(std::move(from.name));
  for (DoubleRangeFilter& filter : from.double_range_filters) {
    auto& wire = *to.add_double_range_filters();
    wire.set_double_arg(std::move(filter.double_arg));
    wire.set_min(filter.min);
    wire.set_max(filter.max);
    wire.set_exclude(static_cast<wire_openmatch::DoubleRangeFilter::Exclude>(filter.exclude));
  }
  for (StringEqualsFilter& filter : from.string_equals_filters) {
    auto& wire = *to.add_string_equals_filters();
    wire.set_string_arg(std::move(filter.string_arg));
    wire.set_value(std::move(filter.value));
  }
  for (std::string& tag : from.tags_present) to.add_tag_present_filters()->set_tag(std::move(tag));
  if (from.created_before) TimeToWire(*from.created_before, *to.mutable_created_before());
  if (from.created_after) TimeToWire(*from.created_after, *to.mutable_created_after());
}

Pool FromWire(wire_openmatch::Pool&& from) {
  Pool to{.name = std::move(*from.mutable_name())};
  for (auto& wire : *from.mutable_double_range_filters()) {
    to.double_range_filters.push_back({.double_arg = std::move(*wire.mutable_double_arg()),
                                       .max = wire.max(),
                                       .min = wire.min(),
                                       .exclude = static_cast<Exclude>(wire.exclude())});
  }
  for (auto& wire : *from.mutable_string_equals_filters()) {
    to.string_equals_filters.push_back({.string_arg = std::move(*wire.mutable_string_arg()),
                                        .value = std::move(*wire.mutable_value())});
  }
  for (auto& wire : *from.mutable_tag_present_filters()) {
    to.tags_present.push_back(std::move(*wire.mutable_tag()));
  }
  if (from.has_created_before()) to.created_before = TimeFromWire(from.created_before());
  if (from.has_created_after()) to.created_after = TimeFromWire(from.created_after());
  return to;
}

void ToWire(MatchProfile&& from, wire_openmatch::MatchProfile& to) {
  to.set_name(std::move(from.name));
  for (Pool& pool : from.pools) ToWire(std::move(pool), *to.add_pools());
  ExtensionsToWire(std::move(from.extensions), *to.mutable_extensions());
}

MatchProfile FromWire(wire_openmatch::MatchProfile&& from) {
  MatchProfile to{.name = std::move(*from.mutable_name())};
  for (auto& pool : *from.mutable_pools()) to.pools.push_back(FromWire(std::move(pool)));
  to.extensions = ExtensionsFromWire(*from.mutable_extensions());
  return to;
}

void ToWire(Match&& from, wire_openmatch::Match& to) {
  to.set_match_id(std::move(from.id));
  to.set_match_profile(std::move(from.profile));
  to.set_match_function(std::move(from.function));
  for (Ticket& ticket : from.tickets) ToWire(std::move(ticket), *to.add_tickets());
  ExtensionsToWire(std::move(from.extensions), *to.mutable_extensions());
  if (from.backfill) ToWire(std::move(*from.backfill), *to.mutable_backfill());
  to.set_allocate_gameserver(from.allocate_gameserver);
}

Match FromWire(wire_openmatch::Match&& from) {
  Match to;
  to.id = std::move(*from.mutable_match_id());
  to.profile = std::move(*from.mutable_match_profile());
  to.function = std::move(*from.mutable_match_function());
  to.tickets.reserve(static_cast<std::size_t>(from.tickets_size()));
  for (auto& ticket : *from.mutable_tickets()) to.tickets.push_back(FromWire(std::move(ticket)));
  to.extensions = ExtensionsFromWire(*from.mutable_extensions());
  if (from.has_backfill()) to.backfill = FromWire(std::move(*from.mutable_backfill()));
  to.allocate_gameserver = from.allocate_gameserver();
  return to;
}

void ToWire(FunctionConfig&& from, wire_openmatch::FunctionConfig& to) {
  to.set_host(std::move(from.host));
  to.set_port(from.port);
  to.set_type(from.type == FunctionConfig::Type::kRest ? wire_openmatch::FunctionConfig::REST
                                                       : wire_openmatch::FunctionConfig::GRPC);
}

}  // namespace gsh::openmatch
