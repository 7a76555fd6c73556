#include "src/testing/sandbox/agones/game_server.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace gsh::sandbox {
namespace {

constexpr std::array<std::string_view, 10> kStateNames = {
    "PortAllocation", "Creating", "Starting",  "Scheduled", "RequestReady",
    "Ready",          "Reserved", "Allocated", "Shutdown",  "Unhealthy"};

// RFC 3339 with nanoseconds, as Go writes a time.
std::string Rfc3339(WallTime time) {
  const auto since =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = since / 1'000'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%09dZ",
                static_cast<int>(since % 1'000'000'000));
  return std::string(date.data()) + fraction.data();
}

}  // namespace

std::string_view StateName(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::string GameServer::Fleet() const {
  const auto it = labels.find(kFleetLabel);
  return it == labels.end() ? std::string() : it->second;
}

void Truncate(agones::ListStatus& list) {
  const auto capacity = static_cast<std::size_t>(std::max<std::int64_t>(list.capacity, 0));
  if (list.values.size() > capacity) list.values.resize(capacity);
}

void AppendUnique(agones::ListStatus& list, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (std::find(list.values.begin(), list.values.end(), value) == list.values.end()) {
      list.values.push_back(value);
    }
  }
  Truncate(list);
}

void MarkAllocated(GameServer& server, WallTime now) {
  server.annotations[kLastAllocatedAnnotation] = Rfc3339(now);
  server.state = State::kAllocated;
}

}  // namespace gsh::sandbox
