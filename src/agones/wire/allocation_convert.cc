#include "src/agones/wire/allocation_convert.h"

namespace gsh::agones {
namespace {

namespace wire = ::gsh::wire_allocation;

template <typename WireMap>
void PutLabels(const Labels& labels, WireMap* map) {
  for (const auto& [key, value] : labels) (*map)[key] = value;
}

template <typename WireMap>
Labels GetLabels(const WireMap& map) {
  return Labels(map.begin(), map.end());
}

void PutSelector(const GameServerSelector& selector, wire::GameServerSelector& out) {
  PutLabels(selector.match_labels, out.mutable_matchlabels());
  out.set_gameserverstate(selector.state == GameServerSelector::State::kAllocated
                              ? wire::GameServerSelector::ALLOCATED
                              : wire::GameServerSelector::READY);
  if (selector.players) {
    out.mutable_players()->set_minavailable(selector.players->min_available);
    out.mutable_players()->set_maxavailable(selector.players->max_available);
  }
  for (const auto& [name, counter] : selector.counters) {
    wire::CounterSelector& bounds = (*out.mutable_counters())[name];
    bounds.set_mincount(counter.min_count);
    bounds.set_maxcount(counter.max_count);
    bounds.set_minavailable(counter.min_available);
    bounds.set_maxavailable(counter.max_available);
  }
  for (const auto& [name, list] : selector.lists) {
    wire::ListSelector& bounds = (*out.mutable_lists())[name];
    bounds.set_containsvalue(list.contains_value);
    bounds.set_minavailable(list.min_available);
    bounds.set_maxavailable(list.max_available);
  }
}

void PutActions(const AllocationRequest& request, wire::AllocationRequest& out) {
  for (const auto& [name, counter] : request.counters) {
    wire::CounterAction& action = (*out.mutable_counters())[name];
    if (counter.action) action.mutable_action()->set_value(*counter.action);
    if (counter.amount) action.mutable_amount()->set_value(*counter.amount);
    if (counter.capacity) action.mutable_capacity()->set_value(*counter.capacity);
  }
  for (const auto& [name, list] : request.lists) {
    wire::ListAction& action = (*out.mutable_lists())[name];
    for (const std::string& value : list.add_values) action.add_addvalues(value);
    for (const std::string& value : list.delete_values) action.add_deletevalues(value);
    if (list.capacity) action.mutable_capacity()->set_value(*list.capacity);
  }
}

}  // namespace

wire::AllocationRequest ToWire(const AllocationRequest& request) {
  wire::AllocationRequest out;
  out.set_namespace_(request.ns);
  if (request.multicluster) {
    out.mutable_multiclustersetting()->set_enabled(true);
    if (!request.multicluster_policy_labels.empty()) {
      PutLabels(request.multicluster_policy_labels,
                out.mutable_multiclustersetting()->mutable_policyselector()->mutable_matchlabels());
    }
  }
  for (const GameServerSelector& selector : request.selectors) {
    PutSelector(selector, *out.add_gameserverselectors());
  }
  out.set_scheduling(request.scheduling == AllocationRequest::Scheduling::kDistributed
                         ? wire::AllocationRequest::Distributed
                         : wire::AllocationRequest::Packed);
  for (const Priority& priority : request.priorities) {
    wire::Priority* added = out.add_priorities();
    added->set_type(priority.type == Priority::Type::kList ? wire::Priority::List
                                                           : wire::Priority::Counter);
    added->set_key(priority.key);
    added->set_order(priority.order == Priority::Order::kDescending ? wire::Priority::Descending
                                                                    : wire::Priority::Ascending);
  }
  if (!request.labels.empty() || !request.annotations.empty()) {
    PutLabels(request.labels, out.mutable_metadata()->mutable_labels());
    PutLabels(request.annotations, out.mutable_metadata()->mutable_annotations());
  }
  PutActions(request, out);
  return out;
}

Allocation FromWire(const wire::AllocationResponse& response) {
  Allocation out;
  out.game_server = response.gameservername();
  for (const auto& port : response.ports()) {
    out.ports.push_back({.name = port.name(), .port = port.port()});
  }
  out.address = response.address();
  for (const auto& address : response.addresses()) {
    out.addresses.push_back({.type = address.type(), .address = address.address()});
  }
  out.node = response.nodename();
  out.source = response.source();
  out.labels = GetLabels(response.metadata().labels());
  out.annotations = GetLabels(response.metadata().annotations());
  for (const auto& [name, counter] : response.counters()) {
    out.counters[name] = {.count = counter.count().value(), .capacity = counter.capacity().value()};
  }
  for (const auto& [name, list] : response.lists()) {
    out.lists[name] = {.values = {list.values().begin(), list.values().end()},
                       .capacity = list.capacity().value()};
  }
  return out;
}

}  // namespace gsh::agones
