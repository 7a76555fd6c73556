// Columns of text, as kubectl prints them.
#ifndef GSH_SRC_PROBE_TABLE_H_
#define GSH_SRC_PROBE_TABLE_H_

#include <string>
#include <vector>

namespace gsh::probe {

using Row = std::vector<std::string>;

// One line a row, each column as wide as its widest text and three blanks; empty texts show as
// "<none>". No line ends in blanks.
std::vector<std::string> FormatTable(const std::vector<Row>& rows);

// "15s", "4m9s", "3h12m", "5d", as kubectl words an age.
std::string FormatAge(long long seconds);

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_TABLE_H_
