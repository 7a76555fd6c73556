// InputCheck: what a request may look like, by the service's own model.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_INPUT_CHECK_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_INPUT_CHECK_H_

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::testing::aws {

using Json = nlohmann::json;

class InputCheck {
 public:
  // {"operations": {NAME: SHAPE}, "shapes": {SHAPE: {...}}}, shapes as in botocore's models.
  explicit InputCheck(std::string_view model);

  bool Knows(const std::string& operation) const { return operations_.contains(operation); }
  // InvalidRequestException in the service's words, with every violated constraint, or
  // SerializationException for a value of another type.
  Status Check(const std::string& operation, const Json& input) const;

 private:
  struct Findings;

  void CheckValue(const std::string& shape, const std::string& path, const Json& value,
                  Findings& findings) const;
  void CheckStructure(const Json& shape, const std::string& path, const Json& value,
                      Findings& findings) const;
  void CheckText(const Json& shape, const std::string& path, const std::string& text,
                 Findings& findings) const;

  const Json model_;
  const Json& operations_;
  const Json& shapes_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_INPUT_CHECK_H_
