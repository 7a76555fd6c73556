// Serialised messages, read in place: no more than the wire format (protobuf.dev: encoding).
#ifndef GSH_SRC_OPENMATCH_WIRE_FIELDS_H_
#define GSH_SRC_OPENMATCH_WIRE_FIELDS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "src/proto/openmatch.h"

namespace gsh::openmatch {

inline constexpr std::uint32_t kWireVarint = 0;
inline constexpr std::uint32_t kWireFixed64 = 1;
inline constexpr std::uint32_t kWireText = 2;  // length-delimited: strings, bytes, messages
inline constexpr std::uint32_t kWireFixed32 = 5;

constexpr std::uint32_t WireTag(int field, std::uint32_t type) {
  return static_cast<std::uint32_t>(field) << 3 | type;
}

inline constexpr std::uint32_t kTicketIdTag =
    WireTag(wire_openmatch::Ticket::kIdFieldNumber, kWireText);
inline constexpr std::uint32_t kSearchFieldsTag =
    WireTag(wire_openmatch::Ticket::kSearchFieldsFieldNumber, kWireText);
inline constexpr std::uint32_t kCreateTimeTag =
    WireTag(wire_openmatch::Ticket::kCreateTimeFieldNumber, kWireText);
inline constexpr std::uint32_t kDoubleArgTag =
    WireTag(wire_openmatch::SearchFields::kDoubleArgsFieldNumber, kWireText);
inline constexpr std::uint32_t kStringArgTag =
    WireTag(wire_openmatch::SearchFields::kStringArgsFieldNumber, kWireText);
inline constexpr std::uint32_t kTagsTag =
    WireTag(wire_openmatch::SearchFields::kTagsFieldNumber, kWireText);
// The entry of a map is a message of key and value.
inline constexpr std::uint32_t kMapKeyTag = WireTag(1, kWireText);
inline constexpr std::uint32_t kDoubleValueTag = WireTag(2, kWireFixed64);
inline constexpr std::uint32_t kSecondsTag = WireTag(1, kWireVarint);  // of a Timestamp
inline constexpr std::uint32_t kNanosTag = WireTag(2, kWireVarint);
inline constexpr std::uint32_t kStringValueTag = WireTag(2, kWireText);

// The fields of one message, one after the other.
class WireFields {
 public:
  explicit WireFields(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

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
  // Of the present field: what it holds, without tag and length; empty for a varint.
  std::string_view value() const { return value_; }
  // Of the present field if it is a varint.
  std::uint64_t number() const { return number_; }

 private:
  bool Varint(std::uint64_t& value) {
    value = 0;
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
      case kWireVarint:
        value_ = {};
        return Varint(number_);
      case kWireFixed64:
        return Take(8);
      case kWireText:
        return Varint(number) && Take(number);
      case kWireFixed32:
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
  std::uint64_t number_ = 0;
};

// Of a kWireFixed64 field.
inline double WireDouble(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return std::bit_cast<double>(bits);
}

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_WIRE_FIELDS_H_
