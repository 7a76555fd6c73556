#include "src/matchsim/csv_line.h"

#include <algorithm>

namespace gsh::matchsim {
namespace {

// A field in quotes, from its opening quote on; `at` is moved behind the closing one. False if
// there is none.
bool TakeQuoted(std::string_view line, std::size_t& at, std::string& field) {
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"') {
      field += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      field += line[++at];
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

}  // namespace

Status CsvMistake(std::size_t line, std::size_t column, std::string_view what) {
  return InvalidArgumentError("line " + std::to_string(line) + ", column " +
                              std::to_string(column) + ": " + std::string(what));
}

StatusOr<std::vector<std::string>> SplitCsvLine(std::string_view line, std::size_t number) {
  std::vector<std::string> fields;
  for (std::size_t at = 0;;) {
    std::string field;
    if (at < line.size() && line[at] == '"') {
      if (!TakeQuoted(line, at, field)) {
        return CsvMistake(number, fields.size() + 1, "the quotation mark is not closed");
      }
      if (at < line.size() && line[at] != ',') {
        return CsvMistake(number, fields.size() + 1, "text behind the closing quotation mark");
      }
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      field = line.substr(at, end - at);
      at = end;
      if (field.find('"') != std::string::npos) {
        return CsvMistake(number, fields.size() + 1, "a quotation mark inside a field");
      }
    }
    fields.push_back(std::move(field));
    if (at >= line.size()) return fields;
    ++at;
  }
}

CsvLines::CsvLines(std::string_view text) : rest_(text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

bool CsvLines::Next(std::string_view& line) {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) return true;
  }
  return false;
}

}  // namespace gsh::matchsim
