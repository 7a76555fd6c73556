#include "src/service/flags.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "src/service/spellings.h"

namespace gsh::service {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// The region that "latencyUsEast1" or "latency-us-east-1" names; empty for anything else.
std::string RegionOfFlag(std::string_view name) {
  constexpr std::string_view kPrefix = "latency";
  if (!name.starts_with(kPrefix)) return {};
  name.remove_prefix(kPrefix.size());
  if (name.size() > 1 && name.front() == '-') return std::string(name.substr(1));
  if (name.empty() || !IsUpper(name.front())) return {};
  return RegionFromCamel(name);
}

}  // namespace

Status CheckPort(std::string_view flag, int port) {
  if (port >= 1 && port <= 65535) return OkStatus();
  return InvalidArgumentError("--" + std::string(flag) + ": " + std::to_string(port) +
                              " is not a port (1 to 65535)");
}

StatusOr<HostPort> ParseHostPort(std::string_view flag, std::string_view text) {
  StatusOr<HostPort> parsed = http::ParseHostPort(text);
  if (!parsed.ok()) return parsed.status().WithContext("--" + std::string(flag));
  return parsed;
}

std::string WithDefaultPort(std::string_view address, int port) {
  const std::size_t bracket = address.rfind(']');
  const bool bare_ipv6 = bracket == address.npos && std::ranges::count(address, ':') > 1;
  const std::size_t colon = address.find(':', bracket == address.npos ? 0 : bracket);
  if (colon != address.npos && !bare_ipv6) return std::string(address);
  return JoinHostPort(address, port);
}

StatusOr<LatencyFlag> LatencyFlag::Parse(std::string_view text) {
  LatencyFlag flag;
  const std::size_t equals = text.rfind('=');
  if (equals != std::string_view::npos) {
    flag.region = text.substr(0, equals);
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + equals + 1, end, flag.milliseconds);
    if (!flag.region.empty() && parsed.ec == std::errc() && parsed.ptr == end &&
        std::isfinite(flag.milliseconds) && flag.milliseconds >= 0) {
      return flag;
    }
  }
  return InvalidArgumentError("--latency: '" + std::string(text) +
                              "' is not region=milliseconds (a number from 0)");
}

StatusOr<std::map<std::string, double>> ParseLatencies(const std::vector<std::string>& flags) {
  std::map<std::string, double> latencies;
  for (const std::string& text : flags) {
    StatusOr<LatencyFlag> flag = LatencyFlag::Parse(text);
    if (!flag.ok()) return flag.status();
    latencies[flag->region] = flag->milliseconds;
  }
  return latencies;
}

std::string RegionFromCamel(std::string_view camel) {
  std::string region;
  for (std::size_t i = 0; i < camel.size(); ++i) {
    const char c = camel[i];
    const bool number_starts = IsDigit(c) && i > 0 && !IsDigit(camel[i - 1]);
    if (i > 0 && (IsUpper(c) || number_starts)) region += '-';
    region += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return region;
}

std::vector<std::string> RewriteLatencyFlags(const std::vector<std::string>& args,
                                             const std::vector<std::string>& keep) {
  FlagNames kept;
  for (const std::string& name : keep) kept.Add(name);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    const std::size_t dashes = std::min(arg.find_first_not_of('-'), arg.size());
    const std::size_t equals = std::min(arg.find('='), arg.size());
    const std::string name =
        dashes <= 2 ? arg.substr(dashes, equals - std::min(dashes, equals)) : "";
    const std::string region = dashes == 0 || kept.Find(name) ? "" : RegionOfFlag(name);
    if (region.empty()) {
      result.push_back(arg);
      continue;
    }
    result.push_back("--latency");
    const bool has_value = equals < arg.size() || i + 1 < args.size();
    if (!has_value) break;  // the parser says that --latency wants one
    result.push_back(region + "=" + (equals < arg.size() ? arg.substr(equals + 1) : args[++i]));
  }
  return result;
}

}  // namespace gsh::service
