#include "src/agones/grpc/game_server_convert.h"

namespace gsh::agones {
namespace {

void ReadMeta(const wire_sdk::GameServer::ObjectMeta& meta, GameServer& out) {
  out.name = meta.name();
  out.ns = meta.namespace_();
  out.uid = meta.uid();
  out.resource_version = meta.resource_version();
  out.generation = meta.generation();
  out.creation_timestamp = meta.creation_timestamp();
  out.deletion_timestamp = meta.deletion_timestamp();
  out.annotations = Labels(meta.annotations().begin(), meta.annotations().end());
  out.labels = Labels(meta.labels().begin(), meta.labels().end());
}

void ReadStatus(const wire_sdk::GameServer::Status& status, GameServer& out) {
  out.state = status.state();
  out.address = status.address();
  for (const auto& address : status.addresses()) {
    out.addresses.push_back({.type = address.type(), .address = address.address()});
  }
  for (const auto& port : status.ports()) {
    out.ports.push_back({.name = port.name(), .port = port.port()});
  }
  if (status.has_players()) {
    out.players = PlayerStatus{
        .count = status.players().count(),
        .capacity = status.players().capacity(),
        .ids = {status.players().ids().begin(), status.players().ids().end()},
    };
  }
  for (const auto& [name, counter] : status.counters()) {
    out.counters[name] = {.count = counter.count(), .capacity = counter.capacity()};
  }
  for (const auto& [name, list] : status.lists()) {
    out.lists[name] = {.values = {list.values().begin(), list.values().end()},
                       .capacity = list.capacity()};
  }
}

}  // namespace

GameServer FromWire(const wire_sdk::GameServer& message) {
  GameServer out;
  ReadMeta(message.object_meta(), out);
  const auto& health = message.spec().health();
  out.health = {.disabled = health.disabled(),
                .period_seconds = health.period_seconds(),
                .failure_threshold = health.failure_threshold(),
                .initial_delay_seconds = health.initial_delay_seconds()};
  ReadStatus(message.status(), out);
  return out;
}

}  // namespace gsh::agones
