// One line of CSV and where it stands.
#ifndef GSH_SRC_MATCHSIM_CSV_LINE_H_
#define GSH_SRC_MATCHSIM_CSV_LINE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::matchsim {

// Splits at commas; a field in double quotes may hold commas and doubled quotes. InvalidArgument
// for a quote that is not closed, or stands inside a field, or has text behind it.
StatusOr<std::vector<std::string>> SplitCsvLine(std::string_view line, std::size_t number);

// "line 3, column 2: what".
Status CsvMistake(std::size_t line, std::size_t column, std::string_view what);

// The lines of a text, without their ends (LF or CR LF) and a byte order mark.
class CsvLines {
 public:
  explicit CsvLines(std::string_view text);
  // False at the end. Empty lines are left out.
  bool Next(std::string_view& line);
  std::size_t number() const { return number_; }  // of the last line, from 1

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_CSV_LINE_H_
