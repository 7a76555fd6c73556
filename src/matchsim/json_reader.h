// JSON that people write, read with the path of the first mistake: unknown, repeated and mistyped
// members are mistakes.
#ifndef GSH_SRC_MATCHSIM_JSON_READER_H_
#define GSH_SRC_MATCHSIM_JSON_READER_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::matchsim {

// InvalidArgument for what is no JSON, is longer than 1 MiB or nested more than 16 deep, or gives a
// member twice.
StatusOr<nlohmann::json> ParseJson(std::string_view text);

// A value and where it stands ("$.traffic.rate").
class JsonValue {
 public:
  JsonValue(const nlohmann::json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  Status Mistake(const std::string& what) const;

  Status Read(double& value) const;  // finite
  Status Read(std::uint64_t& value) const;
  Status Read(bool& value) const;
  Status Read(std::string& value) const;

  using Reader = std::function<Status(const JsonValue&)>;
  // Calls `member` for each member with its name; NotFound from it: there is no such member.
  Status ReadObject(
      const std::function<Status(const std::string& name, const JsonValue&)>& member) const;
  Status ReadArray(const Reader& element) const;

 private:
  const nlohmann::json* json_;
  std::string path_;
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_JSON_READER_H_
