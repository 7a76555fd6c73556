#include "src/testing/sandbox/open_match/wire_pool.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "src/openmatch/double_range.h"
#include "src/openmatch/wire_fields.h"
#include "src/testing/sandbox/open_match/timestamps.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

// What a backfill has of what filters ask for.
class MessageFields {
 public:
  explicit MessageFields(const wire::SearchFields& fields) : fields_(fields) {}

  std::optional<double> Double(const std::string& name) const {
    const auto found = fields_.double_args().find(name);
    if (found == fields_.double_args().end()) return std::nullopt;
    return found->second;
  }
  std::optional<std::string_view> String(const std::string& name) const {
    const auto found = fields_.string_args().find(name);
    if (found == fields_.string_args().end()) return std::nullopt;
    return found->second;
  }
  bool HasTag(const std::string& tag) const {
    return std::ranges::find(fields_.tags(), tag) != fields_.tags().end();
  }

 private:
  const wire::SearchFields& fields_;
};

// The same of serialised search fields. They are the store's own: each name is there once.
class SerialisedFields {
 public:
  explicit SerialisedFields(std::string_view bytes) : bytes_(bytes) {}

  std::optional<double> Double(const std::string& name) const {
    const auto value = Entry(openmatch::kDoubleArgTag, openmatch::kDoubleValueTag, name);
    if (!value) return std::nullopt;
    return openmatch::WireDouble(*value);
  }
  std::optional<std::string_view> String(const std::string& name) const {
    return Entry(openmatch::kStringArgTag, openmatch::kStringValueTag, name);
  }
  bool HasTag(const std::string& tag) const {
    openmatch::WireFields fields(bytes_);
    while (fields.Next()) {
      if (fields.tag() == openmatch::kTagsTag && fields.value() == tag) return true;
    }
    return false;
  }

 private:
  // The value of the entry `name` in the map with this tag; empty if the wire left it out.
  std::optional<std::string_view> Entry(std::uint32_t map_tag, std::uint32_t value_tag,
                                        const std::string& name) const {
    openmatch::WireFields fields(bytes_);
    while (fields.Next()) {
      if (fields.tag() != map_tag) continue;
      std::string_view key;
      std::string_view value;
      openmatch::WireFields entry(fields.value());
      while (entry.Next()) {
        if (entry.tag() == openmatch::kMapKeyTag) key = entry.value();
        if (entry.tag() == value_tag) value = entry.value();
      }
      if (key == name) return value;
    }
    return std::nullopt;
  }

  const std::string_view bytes_;
};

template <typename Fields>
bool Passes(const wire::DoubleRangeFilter& filter, const Fields& fields) {
  const std::optional<double> value = fields.Double(filter.double_arg());
  return value && openmatch::InDoubleRange(static_cast<openmatch::Exclude>(filter.exclude()),
                                           filter.min(), filter.max(), *value);
}

template <typename Fields>
bool Passes(const wire::StringEqualsFilter& filter, const Fields& fields) {
  return fields.String(filter.string_arg()) == filter.value();
}

template <typename Fields>
bool Passes(const wire::TagPresentFilter& filter, const Fields& fields) {
  return fields.HasTag(filter.tag());
}

template <typename Fields>
bool PassesAll(const wire::Pool& pool, const Fields& fields) {
  const auto passes = [&](const auto& filter) { return Passes(filter, fields); };
  return std::ranges::all_of(pool.tag_present_filters(), passes) &&
         std::ranges::all_of(pool.double_range_filters(), passes) &&
         std::ranges::all_of(pool.string_equals_filters(), passes);
}

bool CreatedIn(const wire::Pool& pool, const google::protobuf::Timestamp& create_time) {
  if (pool.has_created_before() && Compare(create_time, pool.created_before()) >= 0) return false;
  return !pool.has_created_after() || Compare(create_time, pool.created_after()) > 0;
}

}  // namespace

Status CheckWirePool(const wire::Pool& pool) {
  if (pool.has_created_before() && !IsValid(pool.created_before())) {
    return InvalidArgumentError("pool.created_before is not a valid time");
  }
  if (pool.has_created_after() && !IsValid(pool.created_after())) {
    return InvalidArgumentError("pool.created_after is not a valid time");
  }
  return OkStatus();
}

bool InWirePool(const wire::Pool& pool, const wire::Backfill& backfill) {
  if (backfill.has_create_time() && !CreatedIn(pool, backfill.create_time())) return false;
  return PassesAll(pool, MessageFields(backfill.search_fields()));
}

bool InWirePool(const wire::Pool& pool, std::string_view serialised_ticket) {
  std::string_view search_fields;
  openmatch::WireFields fields(serialised_ticket);
  while (fields.Next()) {
    if (fields.tag() == openmatch::kSearchFieldsTag) search_fields = fields.value();
    if (fields.tag() == openmatch::kCreateTimeTag &&
        (pool.has_created_before() || pool.has_created_after())) {
      google::protobuf::Timestamp create_time;
      create_time.ParseFromArray(fields.value().data(), static_cast<int>(fields.value().size()));
      if (!CreatedIn(pool, create_time)) return false;
    }
  }
  return PassesAll(pool, SerialisedFields(search_fields));
}

}  // namespace gsh::sandbox
