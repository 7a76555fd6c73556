// How gsh-aws shows what it got.
#ifndef GSH_TOOLS_AWS_OUTPUT_H_
#define GSH_TOOLS_AWS_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>

#include "gsh/clock.h"
#include "gsh/status.h"

namespace gsh::aws_tool {

using Json = nlohmann::ordered_json;

// Adds what is not empty.
void Add(Json& object, const char* name, const std::string& text);
void Add(Json& object, const char* name, const std::optional<WallTime>& time);

// "json": indented. "text": an object as lines of name and value, a list as a line for each item,
// its values with tabs between them. The answer's error, or that `out` does not take it.
Status Print(std::ostream& out, const StatusOr<Json>& answer, const std::string& format);

}  // namespace gsh::aws_tool

#endif  // GSH_TOOLS_AWS_OUTPUT_H_
