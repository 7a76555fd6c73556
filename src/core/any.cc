#include "gsh/any.h"

#include <bit>
#include <cstdint>
#include <cstring>

// The two messages have one field each, with number 1, so their bytes are written here rather than
// with protobuf: core stands on the standard library (protobuf.dev: programming-guides/encoding).
namespace gsh {
namespace {

constexpr std::string_view kStringType = "google.protobuf.StringValue";
constexpr std::string_view kDoubleType = "google.protobuf.DoubleValue";
constexpr char kStringTag = 0x0a;  // field 1, length-delimited
constexpr char kDoubleTag = 0x09;  // field 1, 64 bits

std::string TypeUrl(std::string_view type) {
  return std::string("type.googleapis.com/").append(type);
}

// As Any's own rule: what follows the last slash names the type.
bool HasType(const Any& any, std::string_view type) {
  const std::string_view url = any.type_url;
  const std::size_t slash = url.rfind('/');
  return slash != std::string_view::npos && url.substr(slash + 1) == type;
}

void AppendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
}

std::optional<std::uint64_t> TakeVarint(std::string_view& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

}  // namespace

Any AnyString(std::string_view text) {
  Any any{.type_url = TypeUrl(kStringType)};
  if (text.empty()) return any;  // proto3 leaves out a field with its default
  any.value += kStringTag;
  AppendVarint(any.value, text.size());
  any.value += text;
  return any;
}

Any AnyDouble(double value) {
  Any any{.type_url = TypeUrl(kDoubleType)};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (bits == 0) return any;
  any.value += kDoubleTag;
  for (int i = 0; i < 8; ++i) any.value += static_cast<char>(bits >> (8 * i));
  return any;
}

std::optional<std::string> StringOf(const Any& any) {
  if (!HasType(any, kStringType)) return std::nullopt;
  std::string_view in = any.value;
  if (in.empty()) return std::string();
  if (in.front() != kStringTag) return std::nullopt;
  in.remove_prefix(1);
  const auto size = TakeVarint(in);
  if (!size || *size != in.size()) return std::nullopt;
  return std::string(in);
}

std::optional<double> DoubleOf(const Any& any) {
  if (!HasType(any, kDoubleType)) return std::nullopt;
  const std::string_view in = any.value;
  if (in.empty()) return 0.0;
  if (in.size() != 9 || in.front() != kDoubleTag) return std::nullopt;
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) {
    bits |=
        static_cast<std::uint64_t>(static_cast<unsigned char>(in[1 + static_cast<std::size_t>(i)]))
        << (8 * i);
  }
  return std::bit_cast<double>(bits);
}

}  // namespace gsh
