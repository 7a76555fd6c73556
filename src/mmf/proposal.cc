#include "src/mmf/proposal.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <ctime>

#include "src/core/json_text.h"

namespace gsh::mmf {
namespace {

constexpr double kLeastMeanMs = 0.001;

// And a comma.
void AppendJsonText(std::string_view text, std::string& json) {
  if (internal::IsPlainJsonText(text)) {
    json.append("\"").append(text).append("\",");
  } else {
    json.append(internal::JsonText(std::string(text))).append(",");
  }
}

}  // namespace

Any EvaluationInput(double score) {
  Any any{.type_url = "type.googleapis.com/openmatch.DefaultEvaluationCriteria", .value = {}};
  const auto bits = std::bit_cast<std::uint64_t>(score);
  if (bits == 0) return any;  // proto3 leaves zero out
  any.value.push_back(0x09);  // field 1, 64 bits, little-endian
  for (int shift = 0; shift < 64; shift += 8) {
    any.value.push_back(static_cast<char>(bits >> shift & 0xff));
  }
  return any;
}

double SampleScore(double mean_latency_ms) {
  return 1000 / std::max(mean_latency_ms, kLeastMeanMs);
}

std::string MatchTime(WallTime when) {
  const auto hundredths =
      std::chrono::floor<std::chrono::duration<std::int64_t, std::centi>>(when.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(hundredths);
  const std::time_t time = seconds.count();
  std::tm utc{};
  gmtime_r(&time, &utc);
  char date[64];
  const std::size_t length = std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
  char fraction[8];
  std::snprintf(fraction, sizeof(fraction), ".%02d",
                static_cast<int>((hundredths - seconds).count()));
  return std::string(date, length) + fraction;
}

std::string MatchId(std::string_view profile, std::string_view time, std::size_t index,
                    std::uint64_t chance) {
  char hex[17];
  std::snprintf(hex, sizeof(hex), "%016" PRIx64, chance);
  std::string id = "profile-";
  id.append(profile).append("-time-").append(time).append("-");
  return id.append(std::to_string(index)).append("-").append(hex);
}

// Put together by hand: a run makes many.
std::string JsonOfTeams(const std::vector<std::vector<std::string_view>>& teams) {
  std::string json = "{";
  for (std::size_t team = 0; team < teams.size(); ++team) {
    if (teams[team].empty()) continue;
    if (json.size() > 1) json += ',';
    json.append("\"").append(std::to_string(team)).append("\":[");
    for (const std::string_view id : teams[team]) AppendJsonText(id, json);
    json.back() = ']';  // the last one's comma
  }
  return json + "}";
}

}  // namespace gsh::mmf
