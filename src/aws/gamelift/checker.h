// Checker: what in a request breaks the model's rules. A visitor of Fields.
#ifndef GSH_SRC_AWS_GAMELIFT_CHECKER_H_
#define GSH_SRC_AWS_GAMELIFT_CHECKER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"
#include "src/aws/gamelift/fields.h"
#include "src/core/mistakes.h"

namespace gsh::aws::gamelift {

// Values are never told: GameServerData is secret.
class Checker {
 public:
  void Begin(std::string_view) {}

  void Text(const char* name, const std::string& text, const TextShape& shape,
            bool required = false) {
    if (text.empty() && (!required || shape.min == 0)) return;
    if (text.empty()) return Mistake(name, "is required");
    CheckText(name, text, shape);
  }
  void Texts(const char* name, const std::vector<std::string>& texts, const ListShape& shape,
             const TextShape& element, bool required = false) {
    CheckSize(name, texts.size(), shape, required);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CheckText(name + Index(i), texts[i], element);
    }
  }
  void Integer(const char* name, std::int32_t number, const IntegerShape& shape) {
    if (number < shape.min) Mistake(name, "must be at least " + std::to_string(shape.min));
  }
  void Integer(const char* name, std::optional<std::int32_t> number, const IntegerShape& shape) {
    if (number) Integer(name, *number, shape);
  }
  void Number(const char* name, double number, double min);
  void Time(const char*, const std::optional<WallTime>&) {}

  template <typename T>
  void Structure(const char* name, const T& value, bool = false) {
    const std::string outer = path_;
    path_ += std::string(name) + ".";
    Fields(*this, value);
    path_ = outer;
  }
  template <typename T>
  void Structure(const char* name, const std::optional<T>& value, bool = false) {
    if (value) Structure(name, *value);
  }
  template <typename T>
  void Structures(const char* name, const std::vector<T>& values, const ListShape& shape,
                  bool required = false) {
    CheckSize(name, values.size(), shape, required);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Structure((name + Index(i)).c_str(), values[i]);
    }
  }

  // InvalidArgument that names them all.
  Status ToStatus(std::string_view operation) const;

 private:
  static std::string Index(std::size_t i) { return "[" + std::to_string(i) + "]"; }
  void CheckText(const std::string& name, const std::string& text, const TextShape& shape);
  void CheckSize(const char* name, std::size_t size, const ListShape& shape, bool required);
  void Mistake(const std::string& name, const std::string& what);

  std::string path_;
  internal::Mistakes mistakes_;
};

}  // namespace gsh::aws::gamelift

#endif  // GSH_SRC_AWS_GAMELIFT_CHECKER_H_
