#include "src/aws/gamelift/json.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "src/core/bounded_json.h"

namespace gsh::aws::gamelift {
namespace {

using nlohmann::json;
using FloatSeconds = std::chrono::duration<double>;

constexpr std::size_t kMaxAnswer = 64u << 20;  // the transport has the tighter bound
constexpr int kMaxDepth = 16;
// From 1970 to 2200: WallTime counts nanoseconds.
constexpr double kLatest = 7'258'118'400;

}  // namespace

void JsonWriter::Time(const char* name, const std::optional<WallTime>& time) {
  if (!time) return;
  using std::chrono::milliseconds;
  const auto since = std::chrono::floor<milliseconds>(time->time_since_epoch());
  json_[name] = static_cast<double>(since.count()) / 1000;
}

const json* JsonReader::Find(const char* name) const {
  const auto found = json_->find(name);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

void JsonReader::Mistake(const char* name, const char* what) {
  if (mistake_.empty()) mistake_ = std::string(name) + " " + what;
}

Status JsonReader::status() const {
  return mistake_.empty() ? OkStatus() : InternalError("the service's answer: " + mistake_);
}

void JsonReader::Text(const char* name, std::string& text, const TextShape&, bool) {
  const json* const member = Find(name);
  if (member == nullptr) return;
  if (!member->is_string()) return Mistake(name, "is no text");
  text = member->get_ref<const std::string&>();
}

void JsonReader::Texts(const char* name, std::vector<std::string>& texts, const ListShape&,
                       const TextShape&, bool) {
  const json* const list = Find(name);
  if (list == nullptr) return;
  if (!list->is_array()) return Mistake(name, "is no list");
  texts.clear();
  for (const json& element : *list) {
    if (!element.is_string()) return Mistake(name, "is no list of texts");
    texts.push_back(element.get_ref<const std::string&>());
  }
}

void JsonReader::Integer(const char* name, std::int32_t& number, const IntegerShape&) {
  const json* const member = Find(name);
  if (member == nullptr) return;
  using Limits = std::numeric_limits<std::int32_t>;
  const double value = member->is_number_integer() ? member->get<double>() : std::nan("");
  if (!(value >= Limits::min() && value <= Limits::max())) return Mistake(name, "is no integer");
  number = static_cast<std::int32_t>(value);
}

void JsonReader::Integer(const char* name, std::optional<std::int32_t>& number,
                         const IntegerShape& shape) {
  if (Find(name) != nullptr) Integer(name, number.emplace(), shape);
}

void JsonReader::Number(const char* name, double& number, double) {
  const json* const member = Find(name);
  if (member == nullptr) return;
  if (!member->is_number()) return Mistake(name, "is no number");
  number = member->get<double>();
}

void JsonReader::Time(const char* name, std::optional<WallTime>& time) {
  const json* const member = Find(name);
  if (member == nullptr) return;
  const double seconds = member->is_number() ? member->get<double>() : std::nan("");
  if (!(seconds >= 0 && seconds <= kLatest)) return Mistake(name, "is no time");
  // Services give milliseconds at most; what else a double has is not true.
  using std::chrono::milliseconds;
  time = WallTime(std::chrono::round<milliseconds>(FloatSeconds(seconds)));
}

StatusOr<json> ParseAnswer(std::string_view body) {
  auto parsed = internal::ParseBoundedJson(body, kMaxAnswer, kMaxDepth);
  if (!parsed.ok()) return InternalError("the service's answer: " + parsed.status().message());
  if (!parsed->is_object()) return InternalError("the service's answer is no JSON object");
  return parsed;
}

}  // namespace gsh::aws::gamelift
