#include "src/matchsim/ticket_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/core/quoted.h"
#include "src/matchsim/chance.h"
#include "src/matchsim/csv_line.h"

namespace gsh::matchsim {
namespace {

constexpr std::string_view kLatencyPrefix = "latency-";
constexpr std::string_view kAttributePrefix = "attribute-";

// Where in a line each of a ticket's values stands.
struct Header {
  std::vector<std::string> names;  // of all columns
  std::optional<std::size_t> id;
  std::optional<std::size_t> time;
  std::optional<std::size_t> party;
  std::optional<std::size_t> skill;
  std::vector<std::size_t> attributes;
  std::vector<std::size_t> latencies;  // one a region
};

Status AddColumn(const std::string& name, std::size_t column, Header& header, Arrivals& arrivals) {
  if (std::ranges::find(header.names, name) != header.names.end()) {
    return InvalidArgumentError("is there twice");
  }
  header.names.push_back(name);
  if (name == "id") {
    header.id = column;
  } else if (name == "time") {
    header.time = column;
  } else if (name == "party") {
    header.party = column;
  } else if (name == "skill") {
    header.skill = column;
  } else if (name.starts_with(kAttributePrefix) && name.size() > kAttributePrefix.size()) {
    if (header.attributes.size() == kMaxAttributes) return InvalidArgumentError("too many");
    header.attributes.push_back(column);
    arrivals.attributes.push_back({.name = name.substr(kAttributePrefix.size())});
  } else if (name.starts_with(kLatencyPrefix) && name.size() > kLatencyPrefix.size()) {
    if (header.latencies.size() == kMaxRegions) return InvalidArgumentError("too many regions");
    header.latencies.push_back(column);
    arrivals.regions.push_back(name.substr(kLatencyPrefix.size()));
  } else {
    return InvalidArgumentError(
        "is none of time, id, party, skill, attribute-NAME, latency-REGION");
  }
  return OkStatus();
}

StatusOr<Header> ReadHeader(std::string_view line, std::size_t number, Arrivals& arrivals) {
  const StatusOr<std::vector<std::string>> names = SplitCsvLine(line, number);
  if (!names.ok()) return names.status();
  Header header;
  for (std::size_t i = 0; i < names->size(); ++i) {
    if (const Status status = AddColumn((*names)[i], i, header, arrivals); !status.ok()) {
      return CsvMistake(number, i + 1, internal::Quoted((*names)[i]) + " " + status.message());
    }
  }
  if (!header.time) {
    return CsvMistake(number, 1, "the header names no column \"time\"");
  }
  if (header.latencies.empty()) {
    return CsvMistake(number, 1, "the header names no column \"latency-REGION\"");
  }
  return header;
}

std::optional<double> Number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool IsNan(std::string_view text) { return text == "nan" || text == "NaN" || text == "NAN"; }

// Reads the tickets' lines into the arrays, in the file's order.
class RowReader {
 public:
  RowReader(Header header, Arrivals& arrivals)
      : header_(std::move(header)), arrivals_(arrivals), values_(arrivals.attributes.size()) {}

  Status Read(std::string_view line, std::size_t number) {
    StatusOr<std::vector<std::string>> fields = SplitCsvLine(line, number);
    if (!fields.ok()) return fields.status();
    if (fields->size() != header_.names.size()) {
      return CsvMistake(number, std::min(fields->size(), header_.names.size()) + 1,
                        "the line has " + std::to_string(fields->size()) + " fields, the header " +
                            std::to_string(header_.names.size()));
    }
    if (arrivals_.size() == kMaxTickets) {
      return CsvMistake(number, 1, "more than " + std::to_string(kMaxTickets) + " tickets");
    }
    fields_ = std::move(*fields);
    line_ = number;
    Status status = ReadTime();
    if (status.ok()) status = ReadId();
    if (status.ok()) status = ReadParty();
    if (status.ok()) status = ReadSkill();
    if (status.ok()) status = ReadLatencies();
    if (status.ok()) ReadAttributes();
    return status;
  }

 private:
  Status Mistake(std::size_t column, const std::string& what) const {
    return CsvMistake(line_, column + 1,
                      header_.names[column] + " " + internal::Quoted(fields_[column]) + " " + what);
  }

  Status ReadTime() {
    const std::optional<double> time = Number(fields_[*header_.time]);
    if (!time || !(*time >= 0 && *time <= kMaxTimeS)) {
      return Mistake(*header_.time, "is no time in seconds from 0 to 1e9");
    }
    arrivals_.time_s.push_back(*time);
    return OkStatus();
  }

  Status ReadId() {
    if (!header_.id) {
      arrivals_.key.push_back(Mix(arrivals_.key.size() + 1));
      return OkStatus();
    }
    const std::string& id = fields_[*header_.id];
    if (id.empty()) return Mistake(*header_.id, "is empty");
    const auto [known, is_new] = ids_.try_emplace(id, line_);
    if (!is_new) return Mistake(*header_.id, "stands in line " + std::to_string(known->second));
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    arrivals_.key.push_back(Mix(hash));
    return OkStatus();
  }

  Status ReadParty() {
    if (!header_.party) return OkStatus();
    const std::string& text = fields_[*header_.party];
    std::uint16_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || size < 1 || size > kMaxPartySize) {
      return Mistake(*header_.party,
                     "is no number of players from 1 to " + std::to_string(kMaxPartySize));
    }
    arrivals_.party_size.push_back(size);
    return OkStatus();
  }

  Status ReadSkill() {
    if (!header_.skill) return OkStatus();
    const std::optional<double> skill = Number(fields_[*header_.skill]);
    if (!skill || !(std::abs(*skill) <= 1e9)) {
      return Mistake(*header_.skill, "is no number from -1e9 to 1e9");
    }
    arrivals_.skill.push_back(static_cast<float>(*skill));
    return OkStatus();
  }

  Status ReadLatencies() {
    for (const std::size_t column : header_.latencies) {
      const std::string& text = fields_[column];
      if (text.empty() || IsNan(text)) {
        arrivals_.latency_ms.push_back(std::numeric_limits<float>::quiet_NaN());
        continue;
      }
      const std::optional<double> ms = Number(text);
      if (!ms || !(*ms >= 0 && *ms <= 1e6)) {
        return Mistake(column,
                       "is no latency from 0 to 1e6 ms (nothing where a region is out of reach)");
      }
      arrivals_.latency_ms.push_back(static_cast<float>(*ms));
    }
    return OkStatus();
  }

  void ReadAttributes() {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      Attribute& attribute = arrivals_.attributes[i];
      const std::string& value = fields_[header_.attributes[i]];
      const auto next = static_cast<std::uint32_t>(attribute.values.size());
      const auto [known, is_new] = values_[i].try_emplace(value, next);
      if (is_new) attribute.values.push_back(value);
      attribute.index.push_back(known->second);
    }
  }

  Header header_;
  Arrivals& arrivals_;
  std::vector<std::string> fields_;
  std::size_t line_ = 0;
  std::unordered_map<std::string, std::size_t> ids_;  // to their lines
  // Of each attribute, to their places in Attribute::values.
  std::vector<std::unordered_map<std::string, std::uint32_t>> values_;
};

template <typename T>
void Permute(const std::vector<std::size_t>& order, std::size_t width, std::vector<T>& values) {
  if (values.empty()) return;
  std::vector<T> sorted;
  sorted.reserve(values.size());
  for (const std::size_t row : order) {
    for (std::size_t i = 0; i < width; ++i) sorted.push_back(values[row * width + i]);
  }
  values = std::move(sorted);
}

void SortByTime(Arrivals& arrivals) {
  if (std::ranges::is_sorted(arrivals.time_s)) return;
  std::vector<std::size_t> order(arrivals.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t row) { return arrivals.time_s[row]; });
  Permute(order, 1, arrivals.time_s);
  Permute(order, arrivals.regions.size(), arrivals.latency_ms);
  Permute(order, 1, arrivals.party_size);
  Permute(order, 1, arrivals.skill);
  Permute(order, 1, arrivals.key);
  for (Attribute& attribute : arrivals.attributes) Permute(order, 1, attribute.index);
}

// The shortest text that reads back as the same number.
template <typename T>
void Append(T value, std::string& text) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  text.append(buffer.data(), result.ptr);
}

std::string QuotedIfNeeded(const std::string& field) {
  if (field.find_first_of(",\"\r") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

StatusOr<Arrivals> ParseTicketCsv(std::string_view text) {
  Arrivals arrivals;
  CsvLines lines(text);
  std::string_view line;
  if (!lines.Next(line)) return CsvMistake(1, 1, "no header: the file is empty");
  StatusOr<Header> header = ReadHeader(line, lines.number(), arrivals);
  if (!header.ok()) return header.status();
  RowReader reader(*std::move(header), arrivals);
  while (lines.Next(line)) {
    if (const Status status = reader.Read(line, lines.number()); !status.ok()) return status;
  }
  SortByTime(arrivals);
  return arrivals;
}

std::string WriteTicketCsv(const Arrivals& arrivals) {
  std::string text = "time";
  if (!arrivals.party_size.empty()) text += ",party";
  if (!arrivals.skill.empty()) text += ",skill";
  for (const Attribute& attribute : arrivals.attributes) {
    text += "," + QuotedIfNeeded(std::string(kAttributePrefix) + attribute.name);
  }
  for (const std::string& region : arrivals.regions) {
    text += "," + QuotedIfNeeded(std::string(kLatencyPrefix) + region);
  }
  text += '\n';
  const std::size_t regions = arrivals.regions.size();
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    Append(arrivals.time_s[i], text);
    if (!arrivals.party_size.empty()) Append(arrivals.party_size[i], text += ',');
    if (!arrivals.skill.empty()) Append(arrivals.skill[i], text += ',');
    for (const Attribute& attribute : arrivals.attributes) {
      text += "," + QuotedIfNeeded(attribute.values[attribute.index[i]]);
    }
    for (std::size_t r = 0; r < regions; ++r) {
      text += ',';
      const float ms = arrivals.latency_ms[i * regions + r];
      if (!std::isnan(ms)) Append(ms, text);
    }
    text += '\n';
  }
  return text;
}

}  // namespace gsh::matchsim
