#include "src/matcher/json_reader.h"

#include <algorithm>
#include <limits>

namespace gsh::matcher {
Status ReadWhole(const Json& value, const std::string& path, int least, int most, int& whole) {
  if (!value.is_number_integer() || value < least || value > most) {
    return JsonMistake(path, "must be a whole number from " + std::to_string(least) + " to " +
                                 std::to_string(most));
  }
  whole = value.get<int>();
  return OkStatus();
}

Status ReadSwitch(const Json& value, const std::string& path, bool& on) {
  if (!value.is_boolean()) return JsonMistake(path, "must be true or false");
  on = value.get<bool>();
  return OkStatus();
}

Status ReadNumber(const Json& value, const std::string& path, bool open_end, float& number) {
  if (open_end && value.is_null()) {
    number = std::numeric_limits<float>::infinity();
    return OkStatus();
  }
  if (!value.is_number()) return JsonMistake(path, "must be a number");
  const double wide = value.get<double>();
  if (!(wide >= 0) || wide > static_cast<double>(std::numeric_limits<float>::max())) {
    return JsonMistake(path, "must be a number from 0 up");
  }
  number = static_cast<float>(wide);
  return OkStatus();
}

Status ReadNames(const Json& value, const std::string& path, std::size_t most,
                 std::vector<std::string>& names) {
  if (!value.is_array()) return JsonMistake(path, "must be a list of names");
  if (value.size() > most) return JsonMistake(path, "more than " + std::to_string(most) + " names");
  names.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_string()) return JsonMistake(At(path, i), "must be a name");
    const auto name = value[i].get<std::string>();
    if (name.empty()) return JsonMistake(At(path, i), "is empty");
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return JsonMistake(At(path, i), "repeats \"" + name + "\"");
    }
    names.push_back(name);
  }
  return OkStatus();
}

}  // namespace gsh::matcher
