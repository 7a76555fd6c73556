#include "src/testing/sandbox/agones/sdk_messages.h"

#include <chrono>

#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/unary_call.h"

namespace gsh::sandbox {
namespace {

std::int64_t UnixSeconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

void FillMeta(const GameServer& server, wire_sdk::GameServer::ObjectMeta& meta) {
  meta.set_name(server.name);
  meta.set_namespace_(server.ns);
  meta.set_uid(server.uid);
  meta.set_resource_version(std::to_string(server.resource_version));
  meta.set_generation(server.generation);
  meta.set_creation_timestamp(UnixSeconds(server.created));
  if (server.deleted) meta.set_deletion_timestamp(UnixSeconds(*server.deleted));
  meta.mutable_labels()->insert(server.labels.begin(), server.labels.end());
  meta.mutable_annotations()->insert(server.annotations.begin(), server.annotations.end());
}

void FillHealth(const agones::HealthSpec& health, wire_sdk::GameServer::Spec::Health& message) {
  message.set_disabled(health.disabled);
  message.set_period_seconds(health.period_seconds);
  message.set_failure_threshold(health.failure_threshold);
  message.set_initial_delay_seconds(health.initial_delay_seconds);
}

void FillStatus(const GameServer& server, wire_sdk::GameServer::Status& status) {
  status.set_state(std::string(StateName(server.state)));
  status.set_address(server.address);
  for (const agones::GameServerAddress& address : server.addresses) {
    auto* added = status.add_addresses();
    added->set_type(address.type);
    added->set_address(address.address);
  }
  for (const agones::GameServerPort& port : server.ports) {
    auto* added = status.add_ports();
    added->set_name(port.name);
    added->set_port(port.port);
  }
  status.mutable_players()->set_count(server.players.count);
  status.mutable_players()->set_capacity(server.players.capacity);
  for (const std::string& id : server.players.ids) status.mutable_players()->add_ids(id);
  for (const auto& [name, counter] : server.counters) {
    auto& added = (*status.mutable_counters())[name];
    added.set_count(counter.count);
    added.set_capacity(counter.capacity);
  }
  for (const auto& [name, list] : server.lists) {
    auto& added = (*status.mutable_lists())[name];
    added.set_capacity(list.capacity);
    for (const std::string& value : list.values) added.add_values(value);
  }
}

}  // namespace

grpc::ServerUnaryReactor* FinishCall(grpc::CallbackServerContext* context, const Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(rpc::ToGrpc(status));
  return reactor;
}

void Fill(const GameServer& server, wire_sdk::GameServer& message) {
  FillMeta(server, *message.mutable_object_meta());
  FillHealth(server.health, *message.mutable_spec()->mutable_health());
  FillStatus(server, *message.mutable_status());
}

void Fill(const std::string& name, const agones::CounterStatus& counter,
          wire_sdk::beta::Counter& message) {
  message.set_name(name);
  message.set_count(counter.count);
  message.set_capacity(counter.capacity);
}

void Fill(const std::string& name, const agones::ListStatus& list, wire_sdk::beta::List& message) {
  message.set_name(name);
  message.set_capacity(list.capacity);
  for (const std::string& value : list.values) message.add_values(value);
}

}  // namespace gsh::sandbox
