#include "src/agones/json/allocation_json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "src/rpc/common/utf8.h"

namespace gsh::agones {
namespace {

using Json = nlohmann::json;

// An object's fields; defaults are left out.
class Fields {
 public:
  Fields(JsonDialect dialect, bool& utf8) : dialect_(dialect), utf8_(utf8) {}

  bool IsResource() const { return dialect_ == JsonDialect::kResource; }

  void Put(const char* name, const std::string& text) {
    utf8_ = utf8_ && rpc::IsUtf8(text);
    if (!text.empty()) json_[name] = text;
  }
  template <typename Integer, typename = std::enable_if_t<std::is_integral_v<Integer>>>
  void Put(const char* name, Integer number) {
    if (number != 0) PutNumber(name, number);
  }
  // A wrapper: present even if it is 0.
  void Put(const char* name, const std::optional<std::int64_t>& number) {
    if (number) PutNumber(name, *number);
  }
  void Put(const char* name, const std::optional<std::string>& text) {
    if (!text) return;
    utf8_ = utf8_ && rpc::IsUtf8(*text);
    json_[name] = *text;
  }
  void Put(const char* name, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) utf8_ = utf8_ && rpc::IsUtf8(text);
    if (!texts.empty()) json_[name] = texts;
  }
  void Put(const char* name, const Labels& labels) {
    for (const auto& [key, value] : labels) {
      utf8_ = utf8_ && rpc::IsUtf8(key) && rpc::IsUtf8(value);
    }
    if (!labels.empty()) json_[name] = labels;
  }
  // `put(fields, value)` writes each value of the map.
  template <typename T, typename PutValue>
  void Put(const char* name, const std::map<std::string, T>& values, PutValue put) {
    for (const auto& [key, value] : values) {
      utf8_ = utf8_ && rpc::IsUtf8(key);
      Fields fields(dialect_, utf8_);
      put(fields, value);
      json_[name][key] = std::move(fields.json_);
    }
  }
  template <typename T, typename PutValue>
  void Put(const char* name, const std::vector<T>& values, PutValue put) {
    for (const T& value : values) {
      Fields fields(dialect_, utf8_);
      put(fields, value);
      json_[name].push_back(std::move(fields.json_));
    }
  }
  template <typename PutFields>
  void PutObject(const char* name, PutFields put) {
    Fields fields(dialect_, utf8_);
    put(fields);
    json_[name] = std::move(fields.json_);
  }
  void PutEnum(const char* name, const char* value) { json_[name] = value; }
  void PutTrue(const char* name) { json_[name] = true; }

  Json Take() { return std::move(json_); }

 private:
  // Protobuf's JSON has 64-bit numbers as texts.
  template <typename Integer>
  void PutNumber(const char* name, Integer number) {
    if (IsResource()) {
      json_[name] = number;
    } else {
      json_[name] = std::to_string(number);
    }
  }

  const JsonDialect dialect_;
  Json json_ = Json::object();
  bool& utf8_;  // every text is
};

void PutSelector(Fields& out, const GameServerSelector& selector) {
  out.Put("matchLabels", selector.match_labels);
  if (selector.state == GameServerSelector::State::kAllocated) {
    out.PutEnum("gameServerState", out.IsResource() ? "Allocated" : "ALLOCATED");
  }
  if (selector.players) {
    out.PutObject("players", [&](Fields& players) {
      players.Put("minAvailable", selector.players->min_available);
      players.Put("maxAvailable", selector.players->max_available);
    });
  }
  out.Put("counters", selector.counters, [](Fields& to, const CounterSelector& counter) {
    to.Put("minCount", counter.min_count);
    to.Put("maxCount", counter.max_count);
    to.Put("minAvailable", counter.min_available);
    to.Put("maxAvailable", counter.max_available);
  });
  out.Put("lists", selector.lists, [](Fields& to, const ListSelector& list) {
    to.Put("containsValue", list.contains_value);
    to.Put("minAvailable", list.min_available);
    to.Put("maxAvailable", list.max_available);
  });
}

void PutPriority(Fields& out, const Priority& priority) {
  // Resources are to name both.
  const bool list = priority.type == Priority::Type::kList;
  const bool descending = priority.order == Priority::Order::kDescending;
  if (list || out.IsResource()) out.PutEnum("type", list ? "List" : "Counter");
  out.Put("key", priority.key);
  if (descending || out.IsResource()) {
    out.PutEnum("order", descending ? "Descending" : "Ascending");
  }
}

void PutActions(Fields& out, const AllocationRequest& request) {
  out.Put("counters", request.counters, [](Fields& to, const CounterAction& counter) {
    to.Put("action", counter.action);
    to.Put("amount", counter.amount);
    to.Put("capacity", counter.capacity);
  });
  out.Put("lists", request.lists, [](Fields& to, const ListAction& list) {
    to.Put("addValues", list.add_values);
    to.Put("deleteValues", list.delete_values);
    to.Put("capacity", list.capacity);
  });
}

void PutRequest(Fields& out, const AllocationRequest& request) {
  if (!out.IsResource()) out.Put("namespace", request.ns);
  if (request.multicluster) {
    out.PutObject("multiClusterSetting", [&](Fields& setting) {
      setting.PutTrue("enabled");
      if (request.multicluster_policy_labels.empty()) return;
      setting.PutObject("policySelector", [&](Fields& selector) {
        selector.Put("matchLabels", request.multicluster_policy_labels);
      });
    });
  }
  out.Put(out.IsResource() ? "selectors" : "gameServerSelectors", request.selectors, PutSelector);
  if (request.scheduling == AllocationRequest::Scheduling::kDistributed) {
    out.PutEnum("scheduling", "Distributed");
  }
  out.Put("priorities", request.priorities, PutPriority);
  if (!request.labels.empty() || !request.annotations.empty()) {
    out.PutObject("metadata", [&](Fields& metadata) {
      metadata.Put("labels", request.labels);
      metadata.Put("annotations", request.annotations);
    });
  }
  PutActions(out, request);
}

}  // namespace

StatusOr<Json> WriteAllocationRequest(const AllocationRequest& request, JsonDialect dialect) {
  bool utf8 = true;
  Fields fields(dialect, utf8);
  PutRequest(fields, request);
  if (!utf8) return InvalidArgumentError("the allocation request has a text that is not UTF-8");
  return fields.Take();
}

void ReadAllocation(const JsonFields& answer, Allocation& out) {
  answer.Read("gameServerName", out.game_server);
  answer.ReadList("ports", out.ports, [](const JsonFields& port, GameServerPort& to) {
    port.Read("name", to.name);
    port.Read("port", to.port);
  });
  answer.Read("address", out.address);
  answer.ReadList("addresses", out.addresses, [](const JsonFields& address, GameServerAddress& to) {
    address.Read("type", to.type);
    address.Read("address", to.address);
  });
  answer.Read("nodeName", out.node);
  answer.Read("source", out.source);
  if (const auto metadata = answer.Object("metadata")) {
    metadata->Read("labels", out.labels);
    metadata->Read("annotations", out.annotations);
  }
  answer.ReadMap("counters", out.counters, [](const JsonFields& counter, CounterStatus& to) {
    counter.Read("count", to.count);
    counter.Read("capacity", to.capacity);
  });
  answer.ReadMap("lists", out.lists, [](const JsonFields& list, ListStatus& to) {
    list.Read("values", to.values);
    list.Read("capacity", to.capacity);
  });
}

}  // namespace gsh::agones
