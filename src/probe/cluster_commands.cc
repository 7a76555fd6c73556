#include "src/probe/cluster_commands.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <iomanip>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

#include "gsh/kubernetes/objects.h"
#include "gsh/kubernetes/watch.h"
#include "src/core/host_port.h"
#include "src/probe/table.h"

namespace gsh::probe {
namespace {

using Json = nlohmann::json;
using kubernetes::AllocationPolicy;
using kubernetes::Client;
using kubernetes::Verb;

// What the API server sends is JSON, but perhaps not the JSON that we expect.
Json Parse(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

// A text at a path such as "/status/state"; empty if there is none.
std::string Text(const Json& object, const char* path) {
  const Json::json_pointer pointer(path);
  if (!object.contains(pointer)) return {};
  const Json& value = object[pointer];
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : std::string();
}

Json At(const Json& object, const char* path) {
  const Json::json_pointer pointer(path);
  return object.contains(pointer) ? object[pointer] : Json();
}

// "key=value,key=value"
std::string Join(const Json& labels) {
  std::string joined;
  for (const auto& [key, value] : labels.items()) {
    if (!value.is_string()) continue;
    joined += (joined.empty() ? "" : ",") + key + "=" + value.get<std::string>();
  }
  return joined;
}

// "2026-11-22T00:10:00Z"
long long AgeOf(const Json& object, WallTime now) {
  std::tm utc{};
  std::istringstream in(Text(object, "/metadata/creationTimestamp"));
  in >> std::get_time(&utc, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail()) return 0;
  const WallTime created = std::chrono::system_clock::from_time_t(timegm(&utc));
  return std::chrono::duration_cast<std::chrono::seconds>(now - created).count();
}

constexpr int kDefaultPort = 443;  // of allocator endpoints

const Row kGameServerHeader = {"NAME", "STATE", "ADDRESS", "PORT", "NODE", "AGE", "LABELS"};

Row RowOf(const Json& server, WallTime now) {
  return {Text(server, "/metadata/name"),      Text(server, "/status/state"),
          Text(server, "/status/address"),     Text(server, "/status/ports/0/port"),
          Text(server, "/status/nodeName"),    FormatAge(AgeOf(server, now)),
          Join(At(server, "/metadata/labels"))};
}

Row RowOf(const AllocationPolicy& policy) {
  std::string endpoints;
  for (const std::string& endpoint : policy.allocation_endpoints) {
    endpoints += (endpoints.empty() ? "" : ",") + endpoint;
  }
  return {policy.name,
          std::to_string(policy.priority),
          std::to_string(policy.weight),
          policy.cluster_name,
          policy.server_ns,
          endpoints.empty() ? "local" : endpoints,
          policy.secret_name};
}

bool Fits(const Json& server, const GameServersOptions& options) {
  return options.state.empty() || Text(server, "/status/state") == options.state;
}

void PrintJson(Json server, const GameServersOptions& options, const Print& print) {
  if (!options.context.empty()) server["context"] = options.context;
  print(server.dump());
}

void PrintTable(const std::vector<Row>& rows, const Print& print) {
  for (const std::string& line : FormatTable(rows)) print(line);
}

StatusOr<std::vector<Json>> FittingServers(Client& client, const GameServersOptions& options) {
  const auto texts =
      kubernetes::ListAll(client, {.resource = kubernetes::kGameServers, .ns = options.ns});
  if (!texts.ok()) return texts.status();
  std::vector<Json> servers;
  for (const std::string& text : *texts) {
    Json server = Parse(text);
    if (Fits(server, options)) servers.push_back(std::move(server));
  }
  return servers;
}

}  // namespace

Status ListPolicies(Client& client, const std::string& ns, Output output, const Print& print) {
  const auto texts = kubernetes::ListAll(
      client, {.resource = kubernetes::kGameServerAllocationPolicies, .ns = ns});
  if (!texts.ok()) return texts.status();
  // With the object's text, by priority, then by name.
  std::map<std::tuple<int, std::string>, std::pair<AllocationPolicy, const std::string*>> policies;
  for (const std::string& text : *texts) {
    auto policy = kubernetes::ParseAllocationPolicy(text);
    if (!policy.ok()) return policy.status();
    auto rank = std::make_tuple(policy->priority, policy->name);
    policies.try_emplace(std::move(rank), *std::move(policy), &text);
  }
  std::vector<Row> rows = {
      {"NAME", "PRIORITY", "WEIGHT", "CLUSTER", "NAMESPACE", "ENDPOINTS", "SECRET"}};
  for (const auto& [rank, entry] : policies) {
    if (output == Output::kJson) print(*entry.second);
    rows.push_back(RowOf(entry.first));
  }
  if (output == Output::kText) PrintTable(rows, print);
  return OkStatus();
}

namespace {

// How endpoints are written: without the port that all of them have by default.
std::string EndpointOf(const std::string& host, const Json& service) {
  Json port;
  for (const Json& entry : At(service, "/spec/ports")) {
    const bool is_grpc = Text(entry, "/name") == "grpc";
    if (port.is_null() || is_grpc) port = At(entry, "/port");
    if (is_grpc) break;
  }
  if (!port.is_number_integer() || port == kDefaultPort) return host;
  return internal::JoinHostPort(host, port.get<int>());
}

}  // namespace

StatusOr<std::string> AddressOf(Client& client, const std::string& ns, const std::string& service) {
  const auto answer =
      client.Call({.verb = Verb::kGet, .resource = kServices, .ns = ns, .name = service});
  if (!answer.ok()) return answer.status();
  const Json object = Parse(*answer);
  for (const char* path :
       {"/status/loadBalancer/ingress/0/hostname", "/status/loadBalancer/ingress/0/ip"}) {
    const std::string host = Text(object, path);
    if (!host.empty()) return EndpointOf(host, object);
  }
  return NotFoundError("service " + ns + "/" + service + " has no load balancer's address (type " +
                       Text(object, "/spec/type") + ")");
}

Status ListGameServers(Client& client, const GameServersOptions& options, const Print& print) {
  const auto servers = FittingServers(client, options);
  if (!servers.ok()) return servers.status();
  std::vector<Row> rows = {kGameServerHeader};
  for (const Json& server : *servers) {
    if (options.output == Output::kJson) PrintJson(server, options, print);
    rows.push_back(RowOf(server, options.now));
  }
  if (options.output == Output::kText) PrintTable(rows, print);
  return OkStatus();
}

Status WatchGameServers(Client& client, const GameServersOptions& options, std::stop_token stop,
                        const Print& print) {
  using Kind = kubernetes::Change::Kind;
  const auto watch =
      kubernetes::Watch::Start(client, {.resource = kubernetes::kGameServers, .ns = options.ns},
                               [&](const kubernetes::Change& change) {
                                 if (change.kind == Kind::kSynced) return;
                                 const Json server = Parse(change.object);
                                 if (!Fits(server, options)) return;
                                 if (options.output == Output::kJson)
                                   return PrintJson(server, options, print);
                                 Row row = RowOf(server, client.clock().Now());
                                 row[0] = change.name;
                                 if (change.kind == Kind::kDeleted) row[1] = "Deleted";
                                 print(FormatTable({row}).front());
                               });
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
  return OkStatus();
}

Status DeleteGameServers(Client& client, const GameServersOptions& options, const Print& print) {
  const auto servers = FittingServers(client, options);
  if (!servers.ok()) return servers.status();
  for (const Json& server : *servers) {
    const std::string name = Text(server, "/metadata/name");
    const auto deleted = client.Call({.verb = Verb::kDelete,
                                      .resource = kubernetes::kGameServers,
                                      .ns = options.ns,
                                      .name = name});
    // Its game may have ended meanwhile.
    if (!deleted.ok() && deleted.status().code() != StatusCode::kNotFound) return deleted.status();
    print("gameserver.agones.dev \"" + name + "\" deleted");
  }
  return OkStatus();
}

}  // namespace gsh::probe
