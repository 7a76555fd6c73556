// Extensions from outside: our reader of two well-known types against protobuf's own. Ours takes
// only what writers of these types write; it may be stricter, never different.
#include <google/protobuf/wrappers.pb.h>

#include <cstring>

#include "gsh/any.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

// BytesValue, for it differs from StringValue in protobuf's check for UTF-8 alone.
void CheckString(const std::string& bytes) {
  google::protobuf::BytesValue text;
  const bool parsed = text.ParseFromString(bytes);
  const auto read = StringOf({"type.googleapis.com/google.protobuf.StringValue", bytes});
  if (read) {
    Require(parsed && text.value() == *read, "StringOf reads what protobuf reads");
    Require(StringOf(AnyString(*read)) == read, "AnyString writes what StringOf reads");
  } else if (parsed) {
    google::protobuf::BytesValue known;  // without the fields that are none of the type's
    known.set_value(text.value());
    Require(known.SerializeAsString() != bytes, "StringOf reads what protobuf writes");
  }
}

void CheckDouble(const std::string& bytes) {
  google::protobuf::DoubleValue number;
  const bool parsed = number.ParseFromString(bytes);
  const auto read = DoubleOf({"type.googleapis.com/google.protobuf.DoubleValue", bytes});
  if (read) {
    const double want = number.value();
    Require(parsed && std::memcmp(&*read, &want, sizeof want) == 0, "DoubleOf reads the same bits");
  } else if (parsed) {
    google::protobuf::DoubleValue known;
    known.set_value(number.value());
    Require(known.SerializeAsString() != bytes, "DoubleOf reads what protobuf writes");
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(gsh::fuzz::TextOf(data, size));
  gsh::CheckString(bytes);
  gsh::CheckDouble(bytes);
  const auto other = gsh::StringOf({"type.googleapis.com/google.protobuf.Struct", bytes});
  gsh::fuzz::Require(!other, "the type counts");
  return 0;
}
