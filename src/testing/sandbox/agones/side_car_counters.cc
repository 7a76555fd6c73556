// The beta and alpha parts of the side-car: counters, lists, players.
#include <algorithm>
#include <utility>

#include "src/testing/sandbox/agones/side_car.h"

namespace gsh::sandbox {
namespace {

bool Contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

Status CounterNotFound(const std::string& name) {
  return UnknownError("counter not found: " + name);
}
Status ListNotFound(const std::string& name) { return UnknownError("list not found: " + name); }

Status CountOutOfRange(std::int64_t count, std::int64_t capacity) {
  return UnknownError("out of range. Count must be within range [0,Capacity]. Found Count: " +
                      std::to_string(count) + ", Capacity: " + std::to_string(capacity));
}

Status Apply(const agones::CounterUpdate& update, agones::CounterStatus& counter) {
  if (update.capacity) {
    if (*update.capacity < 0) {
      return UnknownError(
          "out of range. Capacity must be greater than or equal to 0. Found Capacity: " +
          std::to_string(*update.capacity));
    }
    counter.capacity = *update.capacity;
  }
  if (update.count) {
    if (*update.count < 0 || *update.count > counter.capacity) {
      return CountOutOfRange(*update.count, counter.capacity);
    }
    counter.count = *update.count;
  }
  if (update.diff != 0) {
    std::int64_t count = 0;
    if (__builtin_add_overflow(counter.count, update.diff, &count) || count < 0 ||
        count > counter.capacity) {
      return CountOutOfRange(count, counter.capacity);
    }
    counter.count = count;
  }
  counter.count = std::min(counter.count, counter.capacity);
  return OkStatus();
}

}  // namespace

StatusOr<agones::CounterStatus> SideCar::GetCounter(const std::string& counter) const {
  const auto server = Get();
  if (!server.ok()) return server.status();
  const auto it = (*server)->counters.find(counter);
  if (it == (*server)->counters.end()) return CounterNotFound(counter);
  return it->second;
}

StatusOr<agones::CounterStatus> SideCar::UpdateCounter(const std::string& counter,
                                                       const agones::CounterUpdate& update) {
  if (!update.capacity && !update.count && update.diff == 0) {
    return UnknownError("invalid argument. Malformed CounterUpdateRequest: name:\"" + counter +
                        "\"");
  }
  agones::CounterStatus result;
  const Status status = Change([&](GameServer& server) {
    const auto it = server.counters.find(counter);
    if (it == server.counters.end()) return CounterNotFound(counter);
    const Status applied = Apply(update, it->second);
    result = it->second;
    return applied;
  });
  if (!status.ok()) return status;
  return result;
}

StatusOr<agones::ListStatus> SideCar::GetList(const std::string& list) const {
  const auto server = Get();
  if (!server.ok()) return server.status();
  const auto it = (*server)->lists.find(list);
  if (it == (*server)->lists.end()) return ListNotFound(list);
  return it->second;
}

Status SideCar::CheckListCapacity(std::int64_t capacity) {
  if (capacity >= 0 && capacity <= kMaxListCapacity) return OkStatus();
  return UnknownError("out of range. Capacity must be within range [0,1000]. Found Capacity: " +
                      std::to_string(capacity));
}

Status SideCar::UpdateList(const std::string& list, std::optional<std::int64_t> capacity,
                           std::optional<std::vector<std::string>> values) {
  if (capacity) {
    if (const Status valid = CheckListCapacity(*capacity); !valid.ok()) return valid;
  }
  return Change([&](GameServer& server) {
    const auto it = server.lists.find(list);
    if (it == server.lists.end()) return UnknownError("not found. " + list + " List not found");
    if (capacity) it->second.capacity = *capacity;
    if (values) {
      std::erase_if(it->second.values,
                    [&](const std::string& value) { return !Contains(*values, value); });
      AppendUnique(it->second, *values);
    }
    Truncate(it->second);
    return OkStatus();
  });
}

StatusOr<agones::ListStatus> SideCar::AddListValue(const std::string& list,
                                                   const std::string& value) {
  agones::ListStatus result;
  const Status status = Change([&](GameServer& server) {
    const auto it = server.lists.find(list);
    if (it == server.lists.end()) return ListNotFound(list);
    agones::ListStatus& found = it->second;
    const auto size = static_cast<std::int64_t>(found.values.size());
    if (found.capacity <= size) {
      return UnknownError("out of range. No available capacity. Current Capacity: " +
                          std::to_string(found.capacity) + ", List Size: " + std::to_string(size));
    }
    if (Contains(found.values, value)) {
      return UnknownError("already exists. Value: " + value + " already in List: " + list);
    }
    found.values.push_back(value);
    result = found;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return result;
}

StatusOr<agones::ListStatus> SideCar::RemoveListValue(const std::string& list,
                                                      const std::string& value) {
  agones::ListStatus result;
  const Status status = Change([&](GameServer& server) {
    const auto it = server.lists.find(list);
    if (it == server.lists.end()) return ListNotFound(list);
    if (std::erase(it->second.values, value) == 0) {
      return UnknownError("not found: value " + value + " not in list " + list);
    }
    result = it->second;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return result;
}

StatusOr<agones::PlayerStatus> SideCar::Players() const {
  const auto server = Get();
  if (!server.ok()) return server.status();
  return (*server)->players;
}

Status SideCar::SetPlayerCapacity(std::int64_t capacity) {
  return Change([&](GameServer& server) {
    server.players.capacity = capacity;
    return OkStatus();
  });
}

StatusOr<bool> SideCar::PlayerConnect(const std::string& player) {
  bool connected = false;
  const Status status = Change([&](GameServer& server) {
    agones::PlayerStatus& players = server.players;
    if (Contains(players.ids, player)) return OkStatus();
    if (players.count >= players.capacity) return UnknownError("players are already at capacity");
    players.ids.push_back(player);
    ++players.count;
    connected = true;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return connected;
}

StatusOr<bool> SideCar::PlayerDisconnect(const std::string& player) {
  bool disconnected = false;
  const Status status = Change([&](GameServer& server) {
    if (std::erase(server.players.ids, player) == 0) return OkStatus();
    --server.players.count;
    disconnected = true;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return disconnected;
}

}  // namespace gsh::sandbox
