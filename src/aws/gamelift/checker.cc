#include "src/aws/gamelift/checker.h"

#include <algorithm>
#include <cmath>

#include "src/rpc/common/utf8.h"

namespace gsh::aws::gamelift {
namespace {

std::string Bounds(std::size_t min, std::size_t max) {
  if (max == TextShape{}.max) return "at least " + std::to_string(min);
  if (min == max) return std::to_string(min);
  return std::to_string(min) + " to " + std::to_string(max);
}

std::string Choices(std::span<const std::string_view> values) {
  constexpr std::size_t kShown = 8;
  std::string text = "must be one of ";
  for (const std::string_view value : values.first(std::min(values.size(), kShown))) {
    text += std::string(value) + ", ";
  }
  text.resize(text.size() - 2);
  const std::size_t rest = values.size() - std::min(values.size(), kShown);
  return rest == 0 ? text : text + " and " + std::to_string(rest) + " more";
}

}  // namespace

void Checker::Mistake(const std::string& name, const std::string& what) {
  mistakes_.Add(path_ + name + " " + what);
}

void Checker::Number(const char* name, double number, double min) {
  if (!std::isfinite(number) || number < min) {
    Mistake(name, "must be a number of at least " + std::to_string(static_cast<int>(min)));
  }
}

void Checker::CheckText(const std::string& name, const std::string& text, const TextShape& shape) {
  if (!rpc::IsUtf8(text)) return Mistake(name, "is not UTF-8");
  if (!shape.values.empty()) {
    if (std::ranges::find(shape.values, text) == shape.values.end()) {
      Mistake(name, Choices(shape.values));
    }
    return;
  }
  const std::size_t size = rpc::CharactersIn(text);
  if (size < shape.min || size > shape.max) {
    Mistake(name, "must have " + Bounds(shape.min, shape.max) + " characters, but has " +
                      std::to_string(size));
  }
  if (shape.matches != nullptr && !shape.matches(text)) {
    Mistake(name, "must match " + std::string(shape.pattern));
  }
}

void Checker::CheckSize(const char* name, std::size_t size, const ListShape& shape, bool required) {
  if (size == 0) {
    if (required) Mistake(name, "is required");
  } else if (size < shape.min || size > shape.max) {
    Mistake(name, "must have " + Bounds(shape.min, shape.max) + " elements, but has " +
                      std::to_string(size));
  }
}

Status Checker::ToStatus(std::string_view operation) const {
  return mistakes_.ToStatus().WithContext(operation);
}

}  // namespace gsh::aws::gamelift
