#include "src/probe/table.h"

#include <algorithm>
#include <cstddef>

namespace gsh::probe {
namespace {

constexpr std::size_t kGap = 3;
constexpr char kNone[] = "<none>";

std::string Two(long long big, const char* big_unit, long long small, const char* small_unit) {
  std::string text = std::to_string(big) + big_unit;
  if (small > 0) text += std::to_string(small) + small_unit;
  return text;
}

}  // namespace

std::vector<std::string> FormatTable(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].empty() ? sizeof kNone - 1 : row[i].size());
    }
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& text = row[i].empty() ? kNone : row[i];
      line += text;
      if (i + 1 < row.size()) line.append(widths[i] + kGap - text.size(), ' ');
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string FormatAge(long long seconds) {
  seconds = std::max(seconds, 0LL);
  if (seconds < 120) return std::to_string(seconds) + "s";
  const long long minutes = seconds / 60;
  if (minutes < 10) return Two(minutes, "m", seconds % 60, "s");
  const long long hours = minutes / 60;
  if (hours < 3) return std::to_string(minutes) + "m";
  if (hours < 8) return Two(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  const long long days = hours / 24;
  if (days < 8) return Two(days, "d", hours % 24, "h");
  return std::to_string(days) + "d";
}

}  // namespace gsh::probe
