#include "src/testing/sandbox/agones/multicluster/policy.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kApiVersion[] = "multicluster.agones.dev/v1";
constexpr char kKind[] = "GameServerAllocationPolicy";

// Reads fields and remembers the first mistake.
class Reader {
 public:
  std::string Text(const Json& object, const char* key, bool required = false) {
    const auto found = object.find(key);
    if (found == object.end()) {
      if (required) Fail(std::string(key) + ": Required value");
      return {};
    }
    if (found->is_string()) return found->get<std::string>();
    Fail(std::string(key) + ": must be a string");
    return {};
  }
  int Number(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return Fail(std::string(key) + ": Required value"), 0;
    if (!found->is_number_integer()) return Fail(std::string(key) + ": must be an integer"), 0;
    const auto value = found->get<std::int64_t>();
    if (value < 0 || value > std::numeric_limits<int>::max()) {
      Fail(std::string(key) + ": should be greater than or equal to 0");
      return 0;
    }
    return static_cast<int>(value);
  }
  const Json& Object(const Json& object, const char* key) {
    static const Json kEmpty = Json::object();
    const auto found = object.find(key);
    if (found == object.end()) return kEmpty;
    if (found->is_object()) return *found;
    Fail(std::string(key) + ": must be an object");
    return kEmpty;
  }
  std::vector<std::string> Texts(const Json& object, const char* key) {
    std::vector<std::string> texts;
    const auto found = object.find(key);
    if (found == object.end()) return texts;
    if (!found->is_array() || found->empty()) {
      Fail(std::string(key) + ": must be a list of at least 1 item");
      return texts;
    }
    for (const Json& text : *found) {
      if (!text.is_string()) return Fail(std::string(key) + ": must hold strings"), texts;
      texts.push_back(text.get<std::string>());
    }
    return texts;
  }
  void Expect(const Json& object, const char* key, const char* value) {
    if (Text(object, key) != value) Fail(std::string(key) + ": must be " + value);
  }
  void Fail(std::string what) {
    if (status_.ok()) status_ = InvalidArgumentError(std::move(what));
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

AllocationPolicy Read(const Json& manifest, Reader& reader) {
  AllocationPolicy policy;
  reader.Expect(manifest, "apiVersion", kApiVersion);
  reader.Expect(manifest, "kind", kKind);
  const Json& metadata = reader.Object(manifest, "metadata");
  policy.name = reader.Text(metadata, "name", /*required=*/true);
  policy.ns = reader.Text(metadata, "namespace");
  if (policy.ns.empty()) policy.ns = "default";
  for (const auto& [key, value] : reader.Object(metadata, "labels").items()) {
    if (value.is_string()) policy.labels[key] = value.get<std::string>();
  }
  const Json& spec = reader.Object(manifest, "spec");
  policy.priority = reader.Number(spec, "priority");
  policy.weight = reader.Number(spec, "weight");
  const Json& connection = reader.Object(spec, "connectionInfo");
  policy.connection = {.cluster_name = reader.Text(connection, "clusterName"),
                       .endpoints = reader.Texts(connection, "allocationEndpoints"),
                       .secret = reader.Text(connection, "secretName"),
                       .ns = reader.Text(connection, "namespace", /*required=*/true)};
  return policy;
}

}  // namespace

StatusOr<AllocationPolicy> ParsePolicy(const std::string& json) {
  const Json manifest = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return InvalidArgumentError("no JSON object");
  Reader reader;
  AllocationPolicy policy = Read(manifest, reader);
  if (!reader.status().ok()) return reader.status();
  return policy;
}

PolicyOrder::PolicyOrder(const std::vector<AllocationPolicy>& policies, Rng& rng) : rng_(rng) {
  for (const AllocationPolicy& policy : policies) {
    by_priority_[policy.priority][policy.connection.cluster_name].push_back(&policy);
  }
}

const ConnectionInfo* PolicyOrder::Next() {
  while (!by_priority_.empty()) {
    if (const ConnectionInfo* drawn = Draw(by_priority_.begin()->second)) {
      visited_.insert(drawn->cluster_name);
      return drawn;
    }
    by_priority_.erase(by_priority_.begin());
  }
  return nullptr;
}

const ConnectionInfo* PolicyOrder::Draw(const Clusters& clusters) {
  std::vector<std::pair<std::uint64_t, const ConnectionInfo*>> choices;
  std::uint64_t sum = 0;
  for (const auto& [name, policies] : clusters) {
    if (visited_.contains(name)) continue;
    std::uint64_t weights = 0;
    for (const AllocationPolicy* policy : policies) {
      weights += static_cast<std::uint64_t>(policy->weight);
    }
    sum += weights / policies.size();  // the mean of several policies to one cluster
    choices.emplace_back(sum, &policies.front()->connection);
  }
  if (sum == 0) return nullptr;
  const std::uint64_t drawn = rng_.Next() % sum;
  for (const auto& [end, connection] : choices) {
    if (drawn < end) return connection;
  }
  return nullptr;
}

}  // namespace gsh::sandbox
