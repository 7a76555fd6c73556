#include "src/openmatch/wire_ticket.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "src/openmatch/convert.h"
#include "src/openmatch/wire_fields.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using google::protobuf::io::CodedOutputStream;

bool ReadDoubleArg(std::string_view bytes, std::span<const std::string> names,
                   std::span<double> values) {
  std::string_view key;
  double value = 0;
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kMapKeyTag) key = fields.value();
    if (fields.tag() == kDoubleValueTag) value = WireDouble(fields.value());
  }
  const auto found = std::ranges::find(names, key);
  if (found != names.end()) values[static_cast<std::size_t>(found - names.begin())] = value;
  return fields.ok();
}

bool ReadSearchFields(std::string_view bytes, std::span<const std::string> double_args,
                      std::span<double> values, WireTicket& ticket) {
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kTagsTag) ++ticket.tags;
    if (fields.tag() == kDoubleArgTag && !ReadDoubleArg(fields.value(), double_args, values)) {
      return false;
    }
  }
  return fields.ok();
}

bool ReadStringArg(std::string_view bytes, std::span<const std::string> names,
                   std::span<std::string_view> values) {
  std::string_view key;
  std::string_view value = "";  // there, if only as the default that the wire leaves out
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kMapKeyTag) key = fields.value();
    if (fields.tag() == kStringValueTag) value = fields.value();
  }
  const auto found = std::ranges::find(names, key);
  if (found != names.end()) values[static_cast<std::size_t>(found - names.begin())] = value;
  return fields.ok();
}

bool ReadStringArgs(std::string_view bytes, std::span<const std::string> names,
                    std::span<std::string_view> values) {
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kStringArgTag && !ReadStringArg(fields.value(), names, values)) {
      return false;
    }
  }
  return fields.ok();
}

bool ReadTime(std::string_view bytes, google::protobuf::Timestamp& time) {
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kSecondsTag) time.set_seconds(static_cast<std::int64_t>(fields.number()));
    if (fields.tag() == kNanosTag) time.set_nanos(static_cast<std::int32_t>(fields.number()));
  }
  return fields.ok();
}

// Appends a length-delimited field's tag and length.
void AppendHead(std::uint32_t tag, std::size_t length, std::string& to) {
  std::uint8_t bytes[10];
  std::uint8_t* end = CodedOutputStream::WriteTagToArray(tag, bytes);
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(length), end);
  to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(end - bytes));
}

}  // namespace

bool ReadWireTicket(std::string_view bytes, std::span<const std::string> double_args,
                    std::span<double> values, WireTicket& ticket) {
  ticket = {};
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kTicketIdTag) ticket.id = fields.value();
    // A message field that comes twice is one field, put together.
    if (fields.tag() == kSearchFieldsTag &&
        !ReadSearchFields(fields.value(), double_args, values, ticket)) {
      return false;
    }
  }
  return fields.ok();
}

bool ReadWireTexts(std::string_view bytes, std::span<const std::string> string_args,
                   std::span<std::string_view> values, std::optional<WallTime>& create_time) {
  create_time.reset();
  google::protobuf::Timestamp time;
  bool has_time = false;
  WireFields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kSearchFieldsTag && !string_args.empty() &&
        !ReadStringArgs(fields.value(), string_args, values)) {
      return false;
    }
    if (fields.tag() == kCreateTimeTag) {
      has_time = true;
      if (!ReadTime(fields.value(), time)) return false;
    }
  }
  if (has_time) create_time = TimeFromWire(time);
  return fields.ok();
}

std::string WireProposal(Match proposal, std::span<const std::string_view> tickets) {
  constexpr std::uint32_t kProposalTag =
      WireTag(wire_openmatch::RunResponse::kProposalFieldNumber, kWireText);
  constexpr std::uint32_t kTicketsTag =
      WireTag(wire_openmatch::Match::kTicketsFieldNumber, kWireText);
  constexpr std::size_t kMostHead = 6;
  wire_openmatch::Match head;
  ToWire(std::move(proposal), head);
  std::size_t size = head.ByteSizeLong();
  for (const std::string_view ticket : tickets) {
    const auto length = static_cast<std::uint32_t>(ticket.size());
    size += 1 + CodedOutputStream::VarintSize32(length) + ticket.size();
  }
  std::string bytes;
  bytes.reserve(size + kMostHead);
  AppendHead(kProposalTag, size, bytes);
  head.AppendToString(&bytes);
  for (const std::string_view ticket : tickets) {
    AppendHead(kTicketsTag, ticket.size(), bytes);
    bytes.append(ticket);
  }
  return bytes;
}

}  // namespace gsh::openmatch
