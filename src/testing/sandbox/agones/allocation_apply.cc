#include "src/testing/sandbox/agones/allocation_apply.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "src/testing/sandbox/agones/allocation_validation.h"

namespace gsh::sandbox {
namespace {

void Apply(const wire_allocation::CounterAction& action, agones::CounterStatus& counter) {
  if (action.has_capacity()) {
    counter.capacity = action.capacity().value();
    counter.count = std::min(counter.count, counter.capacity);
  }
  if (!action.has_action() || !action.has_amount()) return;
  std::int64_t count = counter.count;
  if (action.action().value() == "Increment") {
    if (__builtin_add_overflow(count, action.amount().value(), &count)) {
      count = std::numeric_limits<std::int64_t>::max();
    }
  } else if (action.action().value() == "Decrement") {
    count -= action.amount().value();
  }
  counter.count = std::clamp<std::int64_t>(count, 0, counter.capacity);
}

void Apply(const wire_allocation::ListAction& action, agones::ListStatus& list) {
  if (action.has_capacity() && action.capacity().value() <= kMaxListCapacity) {
    list.capacity = action.capacity().value();
    Truncate(list);
  }
  AppendUnique(list, {action.addvalues().begin(), action.addvalues().end()});
  const auto& gone = action.deletevalues();
  std::erase_if(list.values, [&](const std::string& value) {
    return std::find(gone.begin(), gone.end(), value) != gone.end();
  });
}

}  // namespace

void ApplyAllocation(const wire_allocation::AllocationRequest& request, WallTime now,
                     GameServer& server) {
  const wire_allocation::MetaPatch& metadata = MetadataOf(request);
  for (const auto& [key, value] : metadata.labels()) server.labels[key] = value;
  for (const auto& [key, value] : metadata.annotations()) server.annotations[key] = value;
  MarkAllocated(server, now);
  for (const auto& [name, action] : request.counters()) {
    if (const auto it = server.counters.find(name); it != server.counters.end())
      Apply(action, it->second);
  }
  for (const auto& [name, action] : request.lists()) {
    if (const auto it = server.lists.find(name); it != server.lists.end())
      Apply(action, it->second);
  }
}

wire_allocation::AllocationResponse AnswerFor(const GameServer& server) {
  wire_allocation::AllocationResponse answer;
  answer.set_gameservername(server.name);
  answer.set_address(server.address);
  answer.set_nodename(server.node);
  answer.set_source("local");
  for (const agones::GameServerPort& port : server.ports) {
    auto* added = answer.add_ports();
    added->set_name(port.name);
    added->set_port(port.port);
  }
  for (const agones::GameServerAddress& address : server.addresses) {
    auto* added = answer.add_addresses();
    added->set_type(address.type);
    added->set_address(address.address);
  }
  auto* metadata = answer.mutable_metadata();
  metadata->mutable_labels()->insert(server.labels.begin(), server.labels.end());
  metadata->mutable_annotations()->insert(server.annotations.begin(), server.annotations.end());
  for (const auto& [name, counter] : server.counters) {
    auto& added = (*answer.mutable_counters())[name];
    added.mutable_count()->set_value(counter.count);
    added.mutable_capacity()->set_value(counter.capacity);
  }
  for (const auto& [name, list] : server.lists) {
    auto& added = (*answer.mutable_lists())[name];
    added.mutable_capacity()->set_value(list.capacity);
    for (const std::string& value : list.values) added.add_values(value);
  }
  return answer;
}

}  // namespace gsh::sandbox
