#include "tools/aws/output.h"

#include "src/core/utc_time.h"

namespace gsh::aws_tool {
namespace {

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// In one line and without tabs, so that columns stay columns.
std::string Cell(const Json& json) {
  std::string text = json.is_string() ? json.get<std::string>() : Dump(json, -1);
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

std::string Row(const Json& json) {
  if (!json.is_object()) return Cell(json);
  std::string row;
  for (const auto& [name, value] : json.items()) row += (row.empty() ? "" : "\t") + Cell(value);
  return row;
}

}  // namespace

void Add(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

void Add(Json& object, const char* name, const std::optional<WallTime>& time) {
  if (time) object[name] = internal::FormatUtcTime(*time);
}

Status Print(std::ostream& out, const StatusOr<Json>& answer, const std::string& format) {
  if (!answer.ok()) return answer.status();
  const Json& json = *answer;
  if (format == "json") {
    out << Dump(json, 2) << '\n';
  } else if (json.is_array()) {
    for (const Json& item : json) out << Row(item) << '\n';
  } else if (json.is_object()) {
    for (const auto& [name, value] : json.items()) out << name << '\t' << Cell(value) << '\n';
  } else {
    out << (json.is_string() ? json.get<std::string>() : Cell(json)) << '\n';
  }
  out.flush();
  return out ? OkStatus() : UnknownError("the answer could not be written to standard output");
}

}  // namespace gsh::aws_tool
