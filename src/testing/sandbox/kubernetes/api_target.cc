#include "src/testing/sandbox/kubernetes/api_target.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace gsh::testing::kubernetes {
namespace {

struct Known {
  std::string_view group;
  std::string_view version;
  std::string_view plural;
  std::string_view type;
  bool namespaced = true;
};

constexpr std::array<Known, 13> kKnown{{
    {"", "v1", "nodes", "Node", false},
    {"", "v1", "namespaces", "Namespace", false},
    {"", "v1", "pods", "Pod"},
    {"", "v1", "events", "Event"},
    {"", "v1", "secrets", "Secret"},
    {"", "v1", "services", "Service"},
    {"", "v1", "serviceaccounts", "ServiceAccount"},
    {"apps", "v1", "deployments", "Deployment"},
    {"policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"},
    {"coordination.k8s.io", "v1", "leases", "Lease"},
    {"agones.dev", "v1", "gameservers", "GameServer"},
    {"agones.dev", "v1", "fleets", "Fleet"},
    {"multicluster.agones.dev", "v1", "gameserverallocationpolicies", "GameServerAllocationPolicy"},
}};

std::vector<std::string> Segments(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

}  // namespace

std::optional<ApiTarget> ParseApiTarget(const std::string& path) {
  std::vector<std::string> rest = Segments(path);
  const auto take = [&] {
    if (rest.empty()) return std::string();
    std::string first = rest.front();
    rest.erase(rest.begin());
    return first;
  };
  const std::string root = take();
  if (root != "api" && root != "apis") return std::nullopt;
  const std::string group = root == "apis" ? take() : "";
  const std::string version = take();
  ApiTarget target;
  if (rest.size() >= 3 && rest.front() == "namespaces") {
    take();
    target.ns = take();
  }
  const std::string plural = take();
  target.name = take();
  target.subresource = take();
  const auto known = std::ranges::find_if(kKnown, [&](const Known& k) {
    return k.group == group && k.version == version && k.plural == plural;
  });
  if (known == kKnown.end() || !rest.empty()) return std::nullopt;
  if (!known->namespaced && !target.ns.empty()) return std::nullopt;
  target.kind = group + "/" + plural;
  target.type = known->type;
  target.version = group.empty() ? version : group + "/" + version;
  target.namespaced = known->namespaced;
  return target;
}

}  // namespace gsh::testing::kubernetes
