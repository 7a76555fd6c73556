// Mistakes: all that is wrong with a request, in one error, and the checks that AWS's requests
// need.
#ifndef GSH_SRC_AWS_CLIENT_MISTAKES_H_
#define GSH_SRC_AWS_CLIENT_MISTAKES_H_

#include <string>
#include <string_view>

#include "src/core/mistakes.h"

namespace gsh::aws {

class Mistakes : public internal::Mistakes {
 public:
  void Required(std::string_view value, const std::string& name) {
    Check(!value.empty(), name + " is required");
  }
  // Bytes; of texts that may be empty, `min` is 0.
  void Length(std::string_view value, std::size_t min, std::size_t max, const std::string& name) {
    Check(value.size() >= min && value.size() <= max,
          name + " must have " + std::to_string(min) + " to " + std::to_string(max) + " bytes");
  }
  void Range(double value, double min, double max, const std::string& name) {
    Check(value >= min && value <= max,
          name + " must be from " + Number(min) + " to " + Number(max));
  }

  Status ToStatus(std::string_view operation) const {
    return internal::Mistakes::ToStatus().WithContext(operation);
  }

 private:
  static std::string Number(double value) { return std::to_string(static_cast<long long>(value)); }
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_MISTAKES_H_
