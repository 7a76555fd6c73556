#include "gsh/kubernetes/nodes.h"

#include <algorithm>
#include <utility>

#include "src/core/await.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/modify.h"

namespace gsh::kubernetes {
namespace {

std::vector<Taint> TaintsOf(const Json& node) {
  std::vector<Taint> taints;
  const Json* list = Find(node, {"spec", "taints"});
  if (list == nullptr || !list->is_array()) return taints;
  for (const Json& taint : *list) {
    taints.push_back({.key = TextAt(taint, {"key"}),
                      .value = TextAt(taint, {"value"}),
                      .effect = TextAt(taint, {"effect"})});
  }
  return taints;
}

Node ToNode(const Json& json) {
  Node node{.name = TextAt(json, {"metadata", "name"}),
            .unschedulable = BoolAt(json, {"spec", "unschedulable"}),
            .taints = TaintsOf(json),
            .provider_id = TextAt(json, {"spec", "providerID"})};
  if (const Json* labels = Find(json, {"metadata", "labels"}); labels != nullptr) {
    node.labels = TextMap(*labels);
  }
  return node;
}

// The taints as the API has them, with what this library does not know (timeAdded).
Json RawTaints(const Json& node) {
  const Json* list = Find(node, {"spec", "taints"});
  return list != nullptr && list->is_array() ? *list : Json::array();
}

Json ToJson(const Taint& taint) {
  Json json = {{"key", taint.key}, {"effect", taint.effect}};
  if (!taint.value.empty()) json["value"] = taint.value;
  return json;
}

Json Spec(const char* key, Json value) { return {{"spec", {{key, std::move(value)}}}}; }

class NodesImpl final : public Nodes {
 public:
  explicit NodesImpl(Client& client) : client_(client) {}

  void GetAsync(std::string name, CallOptions options, Callback done) override {
    Modify(
        std::move(name), [](const Json&) { return std::nullopt; }, std::move(options),
        std::move(done));
  }

  void CordonAsync(std::string name, CallOptions options, Callback done) override {
    Modify(
        std::move(name),
        [](const Json& node) -> std::optional<Json> {
          if (BoolAt(node, {"spec", "unschedulable"})) return std::nullopt;
          return Spec("unschedulable", true);
        },
        std::move(options), std::move(done));
  }

  void UncordonAsync(std::string name, CallOptions options, Callback done) override {
    Modify(
        std::move(name),
        [](const Json& node) -> std::optional<Json> {
          if (!BoolAt(node, {"spec", "unschedulable"})) return std::nullopt;
          return Spec("unschedulable", nullptr);
        },
        std::move(options), std::move(done));
  }

  void AddTaintAsync(std::string name, Taint taint, CallOptions options, Callback done) override {
    Modify(
        std::move(name),
        [taint = std::move(taint)](const Json& node) -> std::optional<Json> {
          if (std::ranges::count(TaintsOf(node), taint) > 0) return std::nullopt;
          Json taints = RawTaints(node);
          const auto same = std::ranges::find_if(taints, [&](const Json& known) {
            return TextAt(known, {"key"}) == taint.key && TextAt(known, {"effect"}) == taint.effect;
          });
          if (same == taints.end()) {
            taints.push_back(ToJson(taint));
          } else {
            *same = ToJson(taint);
          }
          return Spec("taints", std::move(taints));
        },
        std::move(options), std::move(done));
  }

  void RemoveTaintAsync(std::string name, std::string key, std::string effect, CallOptions options,
                        Callback done) override {
    Modify(
        std::move(name),
        [key = std::move(key),
         effect = std::move(effect)](const Json& node) -> std::optional<Json> {
          const Json before = RawTaints(node);
          Json taints = Json::array();
          for (const Json& taint : before) {
            const bool meant = TextAt(taint, {"key"}) == key &&
                               (effect.empty() || TextAt(taint, {"effect"}) == effect);
            if (!meant) taints.push_back(taint);
          }
          if (taints.size() == before.size()) return std::nullopt;
          return Spec("taints", taints.empty() ? Json() : std::move(taints));
        },
        std::move(options), std::move(done));
  }

  void LabelAsync(std::string name, LabelChanges changes, CallOptions options,
                  Callback done) override {
    Modify(
        std::move(name),
        [changes = std::move(changes)](const Json& node) -> std::optional<Json> {
          Json labels = Json::object();
          const auto known = ToNode(node).labels;
          for (const auto& [key, value] : changes) {
            const auto found = known.find(key);
            const bool same =
                value ? found != known.end() && found->second == *value : found == known.end();
            if (!same) labels[key] = value ? Json(*value) : Json();
          }
          if (labels.empty()) return std::nullopt;
          return Json{{"metadata", {{"labels", std::move(labels)}}}};
        },
        std::move(options), std::move(done));
  }

 private:
  void Modify(std::string name, std::function<std::optional<Json>(const Json&)> change,
              CallOptions options, Callback done) {
    ModifyAsync(client_, {.resource = kNodes, .name = std::move(name)}, std::move(change),
                std::move(options), [done = std::move(done)](const StatusOr<Json>& node) {
                  if (!node.ok()) return done(node.status());
                  done(ToNode(*node));
                });
  }

  Client& client_;
};

template <typename Start>
StatusOr<Node> Wait(CallOptions options, Start start) {
  return internal::Await<StatusOr<Node>>(std::move(options), std::move(start));
}

}  // namespace

StatusOr<Node> Nodes::Get(std::string name, CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    GetAsync(std::move(name), std::move(inner), std::move(done));
  });
}

StatusOr<Node> Nodes::Cordon(std::string name, CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    CordonAsync(std::move(name), std::move(inner), std::move(done));
  });
}

StatusOr<Node> Nodes::Uncordon(std::string name, CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    UncordonAsync(std::move(name), std::move(inner), std::move(done));
  });
}

StatusOr<Node> Nodes::AddTaint(std::string name, Taint taint, CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    AddTaintAsync(std::move(name), std::move(taint), std::move(inner), std::move(done));
  });
}

StatusOr<Node> Nodes::RemoveTaint(std::string name, std::string key, std::string effect,
                                  CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    RemoveTaintAsync(std::move(name), std::move(key), std::move(effect), std::move(inner),
                     std::move(done));
  });
}

StatusOr<Node> Nodes::Label(std::string name, LabelChanges changes, CallOptions options) {
  return Wait(std::move(options), [&](CallOptions inner, Callback done) {
    LabelAsync(std::move(name), std::move(changes), std::move(inner), std::move(done));
  });
}

std::unique_ptr<Nodes> MakeNodes(Client& client) { return std::make_unique<NodesImpl>(client); }

}  // namespace gsh::kubernetes
