#include "src/agones_rest/sdk_json.h"

#include <utility>

#include "src/agones/answer_status.h"
#include "src/agones/json/json_fields.h"
#include "src/agones_rest/answer.h"

namespace gsh::agones_rest {
namespace {

using agones::JsonFields;

void ReadMeta(const JsonFields& meta, agones::GameServer& out) {
  meta.Read("name", out.name);
  meta.Read("namespace", out.ns);
  meta.Read("uid", out.uid);
  meta.Read("resource_version", out.resource_version);
  meta.Read("generation", out.generation);
  meta.Read("creation_timestamp", out.creation_timestamp);
  meta.Read("deletion_timestamp", out.deletion_timestamp);
  meta.Read("annotations", out.annotations);
  meta.Read("labels", out.labels);
}

void ReadHealth(const JsonFields& health, agones::HealthSpec& out) {
  health.Read("disabled", out.disabled);
  health.Read("period_seconds", out.period_seconds);
  health.Read("failure_threshold", out.failure_threshold);
  health.Read("initial_delay_seconds", out.initial_delay_seconds);
}

void ReadCounterFields(const JsonFields& counter, agones::CounterStatus& out) {
  counter.Read("count", out.count);
  counter.Read("capacity", out.capacity);
}

void ReadListFields(const JsonFields& list, agones::ListStatus& out) {
  list.Read("values", out.values);
  list.Read("capacity", out.capacity);
}

void ReadState(const JsonFields& status, agones::GameServer& out) {
  status.Read("state", out.state);
  status.Read("address", out.address);
  status.ReadList("addresses", out.addresses,
                  [](const JsonFields& address, agones::GameServerAddress& to) {
                    address.Read("type", to.type);
                    address.Read("address", to.address);
                  });
  status.ReadList("ports", out.ports, [](const JsonFields& port, agones::GameServerPort& to) {
    port.Read("name", to.name);
    port.Read("port", to.port);
  });
  if (const auto players = status.Object("players")) {
    agones::PlayerStatus& to = out.players.emplace();
    players->Read("count", to.count);
    players->Read("capacity", to.capacity);
    players->Read("ids", to.ids);
  }
  status.ReadMap("counters", out.counters, ReadCounterFields);
  status.ReadMap("lists", out.lists, ReadListFields);
}

void ReadServerFields(const JsonFields& server, agones::GameServer& out) {
  if (const auto meta = server.Object("object_meta")) ReadMeta(*meta, out);
  if (const auto spec = server.Object("spec")) {
    if (const auto health = spec->Object("health")) ReadHealth(*health, out.health);
  }
  if (const auto status = server.Object("status")) ReadState(*status, out);
}

template <typename Message, typename ReadFields>
StatusOr<Message> Read(std::string_view json, ReadFields read_fields) {
  Message out = {};
  const Status status = agones::ReadJson(
      json, "the side-car's answer", [&](const JsonFields& fields) { read_fields(fields, out); });
  if (!status.ok()) return status;
  return out;
}

}  // namespace

StatusOr<agones::GameServer> ReadGameServer(std::string_view json) {
  return Read<agones::GameServer>(json, ReadServerFields);
}

StatusOr<agones::GameServer> ReadWatchLine(std::string_view line) {
  bool has_result = false;
  auto server = Read<agones::GameServer>(line, [&](const JsonFields& fields, auto& out) {
    const auto result = fields.Object("result");
    has_result = result.has_value();
    if (result) ReadServerFields(*result, out);
  });
  if (!server.ok() || has_result) return server;
  const Status error = StatusOfStreamError(line, agones::SdkAnswer);
  return error.ok() ? InternalError("the side-car's watch sent neither result nor error") : error;
}

StatusOr<agones::CounterStatus> ReadCounter(std::string_view json) {
  return Read<agones::CounterStatus>(json, ReadCounterFields);
}

StatusOr<agones::ListStatus> ReadList(std::string_view json) {
  return Read<agones::ListStatus>(json, ReadListFields);
}

StatusOr<bool> ReadBool(std::string_view json) {
  return Read<bool>(json, [](const JsonFields& fields, bool& out) { fields.Read("bool", out); });
}

StatusOr<std::int64_t> ReadCount(std::string_view json) {
  return Read<std::int64_t>(
      json, [](const JsonFields& fields, std::int64_t& out) { fields.Read("count", out); });
}

StatusOr<std::vector<std::string>> ReadPlayers(std::string_view json) {
  return Read<std::vector<std::string>>(
      json, [](const JsonFields& fields, auto& out) { fields.Read("list", out); });
}

}  // namespace gsh::agones_rest
