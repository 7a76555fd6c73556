// Any: a typed value that travels as bytes, as google.protobuf.Any does.
#ifndef GSH_ANY_H_
#define GSH_ANY_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/export.h"

namespace gsh {

struct Any {
  std::string type_url = {};  // "type.googleapis.com/google.protobuf.StringValue"
  std::string value = {};     // the serialised message

  friend bool operator==(const Any&, const Any&) = default;
};

using Extensions = std::map<std::string, Any>;

// A google.protobuf.StringValue, and a google.protobuf.DoubleValue.
GSH_EXPORT Any AnyString(std::string_view text);
GSH_EXPORT Any AnyDouble(double value);
// Empty if `any` is of another type or its bytes are not valid.
GSH_EXPORT std::optional<std::string> StringOf(const Any& any);
GSH_EXPORT std::optional<double> DoubleOf(const Any& any);

}  // namespace gsh

#endif  // GSH_ANY_H_
