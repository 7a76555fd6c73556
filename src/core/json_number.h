// A float as JSON.
#ifndef GSH_SRC_CORE_JSON_NUMBER_H_
#define GSH_SRC_CORE_JSON_NUMBER_H_

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace gsh::internal {

// The shortest decimal that reads back as the same float: 0.1, not 0.10000000149011612. Null for
// what is not finite, which JSON cannot say.
inline nlohmann::json JsonNumber(float number) {
  if (!std::isfinite(number)) return nullptr;
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof(text), number).ptr;
  double wide = 0;
  std::from_chars(text, end, wide);
  return wide;
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_JSON_NUMBER_H_
