#include "src/probe/answer_json.h"

#include <nlohmann/json.hpp>

namespace gsh::probe {
namespace {

using Json = nlohmann::ordered_json;

// Texts of servers may be no UTF-8.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void AddDetails(const agones::Allocation& allocation, Json& json) {
  Json addresses = Json::array();
  for (const auto& address : allocation.addresses) {
    addresses.push_back({{"type", address.type}, {"address", address.address}});
  }
  Json counters = Json::object();
  for (const auto& [name, counter] : allocation.counters) {
    counters[name] = {{"count", counter.count}, {"capacity", counter.capacity}};
  }
  Json lists = Json::object();
  for (const auto& [name, list] : allocation.lists) {
    lists[name] = {{"values", list.values}, {"capacity", list.capacity}};
  }
  json["addresses"] = std::move(addresses);
  json["source"] = allocation.source;
  json["metadata"] = {{"labels", allocation.labels}, {"annotations", allocation.annotations}};
  json["counters"] = std::move(counters);
  json["lists"] = std::move(lists);
}

int CodeOf(const Status& failure) {
  const ErrorInfo* info = failure.info();
  if (info != nullptr && !info->name.empty() &&
      info->name.find_first_not_of("0123456789") == std::string::npos && info->name.size() < 6) {
    return std::stoi(info->name);
  }
  return static_cast<int>(failure.code());
}

}  // namespace

std::string ToJson(const agones::Allocation& allocation, Detail detail) {
  Json ports = Json::array();
  for (const auto& port : allocation.ports) {
    ports.push_back({{"name", port.name}, {"port", port.port}});
  }
  Json json = {{"gameServerName", allocation.game_server},
               {"ports", std::move(ports)},
               {"address", allocation.address},
               {"nodeName", allocation.node}};
  if (detail == Detail::kAll) AddDetails(allocation, json);
  return Dump(json);
}

std::string ToJson(const Status& failure) {
  return Dump(
      {{"code", CodeOf(failure)}, {"message", failure.message()}, {"details", Json::array()}});
}

}  // namespace gsh::probe
