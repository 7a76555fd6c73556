#include "src/testing/sandbox/kubernetes/evictions.h"

#include <vector>

namespace gsh::testing::kubernetes {
namespace {

const Kind kPods = "/pods";
const Kind kBudgets = "policy/poddisruptionbudgets";

bool Selects(const Json& budget, const Json& pod) {
  const Json labels = pod["metadata"].value("labels", Json::object());
  const Json wanted =
      budget.value(Json::json_pointer("/spec/selector/matchLabels"), Json::object());
  for (const auto& [key, value] : wanted.items()) {
    if (labels.value(key, Json()) != value) return false;
  }
  return true;
}

int Allowed(const Json& budget) {
  return budget.value(Json::json_pointer("/status/disruptionsAllowed"), 0);
}

}  // namespace

StatusOr<Json> Evict(ObjectStore& store, const std::string& ns, const std::string& pod,
                     const Json& eviction) {
  const auto found = store.Get(kPods, ns, pod);
  if (!found.ok()) return found.status();
  const auto budgets =
      store.List(kBudgets, ns, "", 0, [&](const Json& budget) { return Selects(budget, *found); });
  for (const Json& budget : budgets.items) {
    if (Allowed(budget) > 0) continue;
    return ApiError(StatusCode::kResourceExhausted, "DisruptionBudget",
                    "Cannot evict pod as it would violate the pod's disruption budget.");
  }
  const std::string uid =
      eviction.value(Json::json_pointer("/deleteOptions/preconditions/uid"), "");
  auto deleted = store.Delete(kPods, ns, pod, uid);
  if (!deleted.ok()) return deleted.status();
  for (const Json& budget : budgets.items) {
    const auto updated = store.Update(kBudgets, ns, budget["metadata"]["name"], [](Json& object) {
      object["status"]["disruptionsAllowed"] = Allowed(object) - 1;
      return OkStatus();
    });
    if (!updated.ok()) return updated.status();
  }
  return Json{{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Success"}};
}

}  // namespace gsh::testing::kubernetes
