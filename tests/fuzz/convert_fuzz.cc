// Open Match's messages from the wire: bytes to message to struct and back lose nothing, and the
// second way round changes nothing.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>

#include "src/openmatch/convert.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

// The same bytes for equal messages, whatever the order of their maps.
std::string BytesOf(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

void CheckKept(const wire_openmatch::Ticket& wire, const openmatch::Ticket& ticket) {
  Require(ticket.id == wire.id(), "ids are kept");
  Require(ticket.assignment.has_value() == wire.has_assignment(), "assignments are kept");
  Require(ticket.create_time.has_value() == wire.has_create_time(), "times are kept");
  const auto& fields = ticket.search_fields;
  const auto& wire_fields = wire.search_fields();
  Require(fields.tags.size() == static_cast<std::size_t>(wire_fields.tags_size()) &&
              fields.double_args.size() == wire_fields.double_args().size() &&
              fields.string_args.size() == wire_fields.string_args().size(),
          "search fields are kept");
  Require(ticket.extensions.size() == wire.extensions().size() &&
              ticket.persistent_field.size() == wire.persistent_field().size(),
          "extensions are kept");
}

void CheckKept(const wire_openmatch::Match& wire, const openmatch::Match& match) {
  Require(match.id == wire.match_id() && match.profile == wire.match_profile() &&
              match.function == wire.match_function(),
          "names are kept");
  Require(match.tickets.size() == static_cast<std::size_t>(wire.tickets_size()),
          "tickets are kept");
  Require(match.backfill.has_value() == wire.has_backfill() &&
              match.allocate_gameserver == wire.allocate_gameserver(),
          "the backfill is kept");
  for (int i = 0; i < wire.tickets_size(); ++i) {
    CheckKept(wire.tickets(i), match.tickets[static_cast<std::size_t>(i)]);
  }
}

void CheckKept(const wire_openmatch::Pool& wire, const openmatch::Pool& pool) {
  Require(pool.double_range_filters.size() ==
                  static_cast<std::size_t>(wire.double_range_filters_size()) &&
              pool.string_equals_filters.size() ==
                  static_cast<std::size_t>(wire.string_equals_filters_size()) &&
              pool.tags_present.size() == static_cast<std::size_t>(wire.tag_present_filters_size()),
          "filters are kept");
  Require(pool.created_before.has_value() == wire.has_created_before() &&
              pool.created_after.has_value() == wire.has_created_after(),
          "times are kept");
}

void CheckKept(const wire_openmatch::MatchProfile& wire, const openmatch::MatchProfile& profile) {
  Require(profile.pools.size() == static_cast<std::size_t>(wire.pools_size()), "pools are kept");
  for (int i = 0; i < wire.pools_size(); ++i) {
    CheckKept(wire.pools(i), profile.pools[static_cast<std::size_t>(i)]);
  }
}

void CheckKept(const wire_openmatch::Backfill& wire, const openmatch::Backfill& backfill) {
  Require(backfill.id == wire.id() && backfill.generation == wire.generation(), "id is kept");
}

void CheckKept(const wire_openmatch::Assignment& wire, const openmatch::Assignment& assignment) {
  Require(assignment.connection == wire.connection() &&
              assignment.extensions.size() == wire.extensions().size(),
          "assignments are kept");
}

template <typename Wire>
void CheckRoundTrip(std::string_view bytes) {
  Wire wire;
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  auto first = openmatch::FromWire(Wire(wire));
  CheckKept(wire, first);
  Wire once;
  openmatch::ToWire(std::move(first), once);
  const std::string once_bytes = BytesOf(once);
  Wire twice;
  openmatch::ToWire(openmatch::FromWire(std::move(once)), twice);
  Require(BytesOf(twice) == once_bytes, "a second way round changes nothing");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const std::size_t kind = input.TakeBelow(6);
  const std::string_view bytes = input.Rest();
  if (kind == 0) gsh::CheckRoundTrip<gsh::wire_openmatch::Ticket>(bytes);
  if (kind == 1) gsh::CheckRoundTrip<gsh::wire_openmatch::Match>(bytes);
  if (kind == 2) gsh::CheckRoundTrip<gsh::wire_openmatch::Pool>(bytes);
  if (kind == 3) gsh::CheckRoundTrip<gsh::wire_openmatch::MatchProfile>(bytes);
  if (kind == 4) gsh::CheckRoundTrip<gsh::wire_openmatch::Backfill>(bytes);
  if (kind == 5) gsh::CheckRoundTrip<gsh::wire_openmatch::Assignment>(bytes);
  return 0;
}
