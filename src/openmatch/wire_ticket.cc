#include "src/openmatch/wire_ticket.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

#include "src/openmatch/convert.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using WireMessage = wire_openmatch::Ticket;

constexpr std::uint32_t TagOf(int field, WireFormatLite::WireType type) {
  return WireFormatLite::MakeTag(field, type);
}

constexpr auto kText = WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
constexpr std::uint32_t kIdTag = TagOf(WireMessage::kIdFieldNumber, kText);
constexpr std::uint32_t kFieldsTag = TagOf(WireMessage::kSearchFieldsFieldNumber, kText);
constexpr std::uint32_t kDoubleArgTag =
    TagOf(wire_openmatch::SearchFields::kDoubleArgsFieldNumber, kText);
constexpr std::uint32_t kTagsTag = TagOf(wire_openmatch::SearchFields::kTagsFieldNumber, kText);
// The entry of a map is a message of key and value.
constexpr std::uint32_t kKeyTag = TagOf(1, kText);
constexpr std::uint32_t kDoubleValueTag = TagOf(2, WireFormatLite::WIRETYPE_FIXED64);

// The fields of one message, one after the other.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  // False at the end, and at bytes that are no field.
  bool Next() {
    if (at_ == end_) return false;
    std::uint64_t tag = 0;
    ok_ = Varint(tag) && tag >> 3 != 0 && tag <= std::numeric_limits<std::uint32_t>::max();
    tag_ = static_cast<std::uint32_t>(tag);
    ok_ = ok_ && Value();
    return ok_;
  }
  bool ok() const { return ok_; }
  std::uint32_t tag() const { return tag_; }
  // Of the present field: what it holds, without tag and length.
  std::string_view value() const { return value_; }

 private:
  bool Varint(std::uint64_t& value) {
    for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool Take(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) return false;
    value_ = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  // Groups, which proto3 does not have, count as a mistake.
  bool Value() {
    std::uint64_t number = 0;
    switch (tag_ & 7) {
      case WireFormatLite::WIRETYPE_VARINT:
        value_ = {};
        return Varint(number);
      case WireFormatLite::WIRETYPE_FIXED64:
        return Take(8);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return Varint(number) && Take(number);
      case WireFormatLite::WIRETYPE_FIXED32:
        return Take(4);
      default:
        return false;
    }
  }

  const char* at_;
  const char* const end_;
  bool ok_ = true;
  std::uint32_t tag_ = 0;
  std::string_view value_;
};

double LittleEndianDouble(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return std::bit_cast<double>(bits);
}

bool ReadDoubleArg(std::string_view bytes, std::span<const std::string> names,
                   std::span<double> values) {
  std::string_view key;
  double value = 0;
  Fields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kKeyTag) key = fields.value();
    if (fields.tag() == kDoubleValueTag) value = LittleEndianDouble(fields.value());
  }
  const auto found = std::ranges::find(names, key);
  if (found != names.end()) values[static_cast<std::size_t>(found - names.begin())] = value;
  return fields.ok();
}

bool ReadSearchFields(std::string_view bytes, std::span<const std::string> double_args,
                      std::span<double> values, WireTicket& ticket) {
  Fields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kTagsTag) ++ticket.tags;
    if (fields.tag() == kDoubleArgTag && !ReadDoubleArg(fields.value(), double_args, values)) {
      return false;
    }
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
  std::ranges::fill(values, std::numeric_limits<double>::quiet_NaN());
  Fields fields(bytes);
  while (fields.Next()) {
    if (fields.tag() == kIdTag) ticket.id = fields.value();
    // A message field that comes twice is one field, put together.
    if (fields.tag() == kFieldsTag &&
        !ReadSearchFields(fields.value(), double_args, values, ticket)) {
      return false;
    }
  }
  return fields.ok();
}

std::string WireProposal(Match proposal, std::span<const std::string_view> tickets) {
  constexpr std::uint32_t kProposalTag =
      TagOf(wire_openmatch::RunResponse::kProposalFieldNumber, kText);
  constexpr std::uint32_t kTicketsTag = TagOf(wire_openmatch::Match::kTicketsFieldNumber, kText);
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
