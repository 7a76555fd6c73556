#include "src/testing/sandbox/aws/input_check.h"

#include <cstdint>

#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

// "GameServerGroupName" is "gameServerGroupName" in the service's messages.
std::string Lowered(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] + 32);
  return name;
}

std::string ListOf(const Json& values) {
  std::string text = "[";
  for (const Json& value : values) {
    text += (text.size() > 1 ? ", " : "") + value.get<std::string>();
  }
  return text + "]";
}

// Characters, not bytes.
std::size_t LengthOf(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

struct InputCheck::Findings {
  std::vector<std::string> violations;
  bool wrong_type = false;

  void Add(const Json& shape, const std::string& path, const Json& value,
           const std::string& constraint) {
    std::string text = "Value ";
    if (value.is_null()) {
      text += "null ";
    } else if (value.is_string() && !shape.value("sensitive", false)) {
      text += "'" + value.get<std::string>() + "' ";
    } else if (value.is_number()) {
      text += "'" + value.dump() + "' ";
    }
    violations.push_back(text + "at '" + path + "' failed to satisfy constraint: " + constraint);
  }
  void AddLength(const Json& shape, const std::string& path, const Json& value, std::int64_t length,
                 const std::string& what) {
    if (shape.contains("max") && length > shape["max"].get<std::int64_t>()) {
      Add(shape, path, value,
          "Member must have " + what + " less than or equal to " + shape["max"].dump());
    }
    if (shape.contains("min") && length < shape["min"].get<std::int64_t>()) {
      Add(shape, path, value,
          "Member must have " + what + " greater than or equal to " + shape["min"].dump());
    }
  }
};

InputCheck::InputCheck(std::string_view model)
    : model_(Json::parse(model)), operations_(model_["operations"]), shapes_(model_["shapes"]) {
  for (const auto& [name, shape] : shapes_.items()) {
    const std::string pattern = shape.value("pattern", std::string());
    // std::regex works on bytes: ranges of code points are left to the length's check.
    if (pattern.empty() || pattern.find("\\u") != pattern.npos) continue;
    patterns_.emplace(name, std::regex(pattern, std::regex::ECMAScript | std::regex::optimize));
  }
}

Status InputCheck::Check(const std::string& operation, const Json& input) const {
  Findings findings;
  CheckValue(operations_[operation].get<std::string>(), "", input, findings);
  if (findings.wrong_type) {
    return ServiceError("SerializationException", "A value has another type than the model says");
  }
  if (findings.violations.empty()) return OkStatus();
  const std::size_t count = findings.violations.size();
  std::string text = std::to_string(count) + " validation error" + (count == 1 ? "" : "s");
  text += " detected: ";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : "; ") + findings.violations[i];
  return InvalidRequest(std::move(text));
}

void InputCheck::CheckValue(const std::string& name, const std::string& path, const Json& value,
                            Findings& findings) const {
  const Json& shape = shapes_[name];
  const std::string type = shape["type"].get<std::string>();
  if (type == "structure" && value.is_object()) {
    CheckStructure(shape, path, value, findings);
  } else if (type == "list" && value.is_array()) {
    findings.AddLength(shape, path, value, static_cast<std::int64_t>(value.size()), "length");
    for (std::size_t i = 0; i < value.size(); ++i) {
      CheckValue(shape["member"].get<std::string>(), path + "." + std::to_string(i + 1) + ".member",
                 value[i], findings);
    }
  } else if (type == "string" && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    CheckText(shape, path, text, findings);
    const auto pattern = patterns_.find(name);
    if (pattern != patterns_.end() && text.size() <= 2048 &&
        !std::regex_search(text, pattern->second)) {
      findings.Add(
          shape, path, value,
          "Member must satisfy regular expression pattern: " + shape["pattern"].get<std::string>());
    }
  } else if (type == "integer" && value.is_number_integer()) {
    findings.AddLength(shape, path, value, value.get<std::int64_t>(), "value");
  } else if (!(type == "double" && value.is_number())) {
    findings.wrong_type = true;
  }
}

void InputCheck::CheckStructure(const Json& shape, const std::string& path, const Json& value,
                                Findings& findings) const {
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const Json& name : shape.value("required", Json::array())) {
    const auto& text = name.get_ref<const std::string&>();
    if (value.contains(text) && !value[text].is_null()) continue;
    findings.Add(shape, prefix + Lowered(text), nullptr, "Member must not be null");
  }
  for (const auto& [name, member] : shape["members"].items()) {
    if (!value.contains(name) || value[name].is_null()) continue;
    CheckValue(member.get<std::string>(), prefix + Lowered(name), value[name], findings);
  }
}

void InputCheck::CheckText(const Json& shape, const std::string& path, const std::string& text,
                           Findings& findings) const {
  findings.AddLength(shape, path, text, static_cast<std::int64_t>(LengthOf(text)), "length");
  if (!shape.contains("enum")) return;
  for (const Json& value : shape["enum"]) {
    if (value == text) return;
  }
  findings.Add(shape, path, text, "Member must satisfy enum value set: " + ListOf(shape["enum"]));
}

}  // namespace gsh::testing::aws
